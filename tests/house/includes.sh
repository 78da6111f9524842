#!/usr/bin/env bash
# Checks who includes whom: each room may include itself and the rooms named here, nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

declare -A may=(
    [base]=""
    [event]="base"
    [alert]="event base"
    [async]="base"
    [config]="base"
    [metrics]="base"
    [collectors]="event async base metrics"
    [detect]="event alert base"
    [store]="alert base"
    [ledger]="alert base"
    [deliver]="alert async base metrics"
    [drill]="deliver alert async event base"
    [pipeline]="collectors detect alert store ledger deliver async metrics config event base"
    [api]="store ledger alert metrics async config base console"
    [cli]="drill pipeline collectors detect alert store ledger deliver api async config metrics event base"
    [app]="pipeline collectors detect alert store ledger deliver api async config metrics event base"
)
# A room's border that others may include although its insides are closed to them.
may_file() { [ "$1" = deliver ] && [ "$2" = daemon/store/alert_store.hpp ]; }

room_of() { # path -> room
    case $1 in
        collectors/*) echo collectors ;;
        daemon/*) local rest=${1#daemon/}; echo "${rest%%/*}" ;;
    esac
}

bad=0
while IFS=: read -r file line; do
    header=${line#*\"}; header=${header%%\"*}
    [[ $header == */* ]] || continue # made by the build, beside its room
    room=$(room_of "$file"); other=$(room_of "$header")
    [ -n "$other" ] || { echo "$file: \"$header\" is not in a room"; bad=1; continue; }
    [ "$room" = "$other" ] && continue
    [[ " ${may[$room]-} " == *" $other "* ]] && continue
    may_file "$room" "$header" && continue
    echo "$file includes $header: $room must not include $other"
    bad=1
done < <(grep -rEo --include='*.hpp' --include='*.cpp' '^#include "[^"]+"' daemon collectors)
[ "$bad" = 0 ] && echo "every include goes with the flow"
exit "$bad"
