#!/usr/bin/env bash
# Compares servers of kad, rust-libp2p, go-libp2p and js-libp2p under the same load: usage: compare.sh [OPTION...], the options are those of
# 'java -jar kad-bench/target/benchmarks.jar compare --help'. It builds the peers, the one of rust optimized, which takes minutes the first time, and
# benchmarks.jar if it is missing. Each measurement adds a line to a file below docs/benchmarks. Needs Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

jar=kad-bench/target/benchmarks.jar
[[ -f $jar ]] || mvn -B -ntp -q -Dfast -Dmaven.test.skip=true -pl kad-bench -am package
sh kad-interop/src/test/rust/build.sh release
sh kad-interop/src/test/go/build.sh
sh kad-interop/src/test/js/install.sh

mkdir -p docs/benchmarks
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar "$jar" compare --interop kad-interop --out "docs/benchmarks/servers-$(date -u +%F).jsonl" "$@"
