#!/bin/sh
# After one install, the lock file's packages come without a network and build the console: packages.sh CONSOLE.
# Exit status 77 where that one install cannot be had.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$1/package.json" "$1/package-lock.json" "$1/build.mjs" "$1/src" "$work"
cd "$work"
ci() { npm ci --ignore-scripts --no-audit --no-fund "$@" >npm.log 2>&1; }
ci --prefer-offline || { echo "SKIPPED: npm ci failed, and nothing was installed before: $(tail -n 1 npm.log)"; exit 77; }
rm -rf node_modules
ci --offline || { cat npm.log; echo 'FAILED: npm ci --offline after one install'; exit 1; }
node build.mjs built
for file in index.html console.js console.css; do
    [ -s "built/$file" ] || { echo "FAILED: $file was not built"; exit 1; }
done
echo 'built without a network'
