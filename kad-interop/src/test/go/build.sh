#!/bin/sh
# Builds the go peer into kad-interop/target/go; quick if nothing has changed. Without Go it says what is left out.
set -eu
cd "$(dirname "$0")"

out=../../../target/go
PATH=$PATH:/usr/local/go/bin

# From here on go fetches the version that go.mod names.
oldest=1.21
found=$(GOTOOLCHAIN=local go version 2>/dev/null | sed -n 's/^go version go\([0-9.]*\).*/\1/p')
if [ -z "$found" ] || ! printf '%s\n' "$oldest" "$found" | sort -C -V; then
    rm -f "$out/peer"
    echo "== SKIPPED: all tests with go-libp2p peers, as they need Go $oldest or newer and go is ${found:-missing}"
    exit 0
fi

mkdir -p "$out"
echo "building the go peer"
go build -buildvcs=false -o "$out/peer" .
