#!/usr/bin/env bash
# Measures an idle node and a one-shot command: usage: idle-node.sh JAR [JVM OPTION...]
# Prints resident memory and threads of a node in memory that has been idle for a minute, the time from its start to the line 'listening', and
# the time and CPU time of a get through it. Needs Linux. SECONDS_IDLE shortens the minute.
set -euo pipefail

jar=$1
shift
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
node=
trap '[[ -z $node ]] || kill "$node"; rm -rf "$work"' EXIT

millis() { date +%s%3N; }

start=$(millis)
"$java" "$@" -jar "$jar" node --json --listen /ip4/127.0.0.1/tcp/0 </dev/null >"$work/out" 2>/dev/null &
node=$!
until grep -q '"listening"' "$work/out"; do
    kill -0 "$node" || exit 1
    sleep 0.01
done
echo "start to listening: $(($(millis) - start)) ms"
address=$(sed -n 's/.*"addresses":\["\([^"]*\)".*/\1/p' "$work/out")

start=$(millis)
TIMEFORMAT='get, CPU time: %U s user, %S s system'
time "$java" "$@" -jar "$jar" get /app/none --bootstrap "$address" >/dev/null 2>&1 || true
echo "start to first answer of get: $(($(millis) - start)) ms"

sleep "${SECONDS_IDLE:-60}"
echo "resident memory of the idle node: $(($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$node/status") / 1024)) MiB"
echo "threads of the idle node: $(sed -n 's/^Threads:[^0-9]*//p' "/proc/$node/status")"
