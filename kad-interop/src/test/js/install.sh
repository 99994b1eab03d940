#!/bin/sh
# Installs the packages of the js peers in the versions of package-lock.json; quick if they are there already.
set -eu
cd "$(dirname "$0")"

installed=node_modules/.installed-lock.json

fail() {
    echo "cannot install the js peers: $*" >&2
    exit 1
}

needed=$(sed -n 's/.*"node": *">=\([0-9.]*\)".*/\1/p' package.json)
command -v node >/dev/null || fail "missing Node; install Node $needed or newer"
command -v npm >/dev/null || fail "missing npm; install the npm of Node $needed or newer"
node -e '
    const [found, needed] = process.argv.slice(1).map(version => version.split(".").map(Number))
    const differing = needed.findIndex((number, i) => number !== found[i])
    process.exit(differing >= 0 && found[differing] < needed[differing] ? 1 : 0)
' "$(node -p process.versions.node)" "$needed" ||
    fail "Node must be $needed or newer, got $(node -p process.versions.node)"

if cmp -s package-lock.json "$installed"; then exit 0; fi
echo "installing the js peers"
npm ci --no-audit --no-fund
cp package-lock.json "$installed"
