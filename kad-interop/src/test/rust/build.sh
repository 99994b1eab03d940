#!/bin/sh
# Builds the rust peer into kad-interop/target/rust; quick if nothing has changed. Without Rust it says what is left out.
# With the argument release it builds peer-release instead, optimized, to measure it: this takes minutes.
set -eu
cd "$(dirname "$0")"

needed=$(sed -n 's/^rust-version = "\([0-9.]*\)"/\1/p' Cargo.toml)
out=../../../target/rust
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

found=$(cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9.]*\).*/\1/p')
if [ -z "$found" ] || ! printf '%s\n' "$needed" "$found" | sort -C -V; then
    rm -f "$out/peer"
    echo "== SKIPPED: all tests with rust-libp2p peers, as they need Rust $needed or newer and cargo is ${found:-missing}"
    exit 0
fi

# Built from a copy, so that the lock file of cargo comes to lie in target, too.
mkdir -p "$out/program"
rm -rf "$out/program/src"
cp -Rp Cargo.toml src "$out/program"
echo "building the rust peer"
if [ "${1:-}" = release ]; then
    cargo build --quiet --release --manifest-path "$out/program/Cargo.toml" --target-dir "$out/build"
    cp -p "$out/build/release/peer" "$out/peer-release"
else
    cargo build --quiet --manifest-path "$out/program/Cargo.toml" --target-dir "$out/build"
    cp -p "$out/build/debug/peer" "$out/peer"
fi
