#!/usr/bin/env bash
# Checks that nothing in the tree names a machine's paths or a package registry, and that no word
# that marks unfinished work is left.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bad=0
look() { # what, expression, files...
    local what=$1 expression=$2; shift 2
    if git grep -nIE "$expression" -- "$@" ':!tests/house/words.sh'; then
        echo "^ $what"; bad=1
    fi
}
look "a path of one machine" '/(work|farm)/[a-z]' .
look "a package registry" '//(deb\.debian\.org|registry\.npmjs\.org)' .
look "unfinished work" '\b(TODO|FIXME|XXX|HACK)\b' '*.cpp' '*.hpp' '*.sh' '*.js' dev '*.toml' '*.cmake'
[ "$bad" = 0 ] && echo "nothing found"
exit "$bad"
