#!/usr/bin/env bash
# Times 1,000 REML fits of 20 studies here and in R's metafor, on the same studies and in one run, and checks that both give
# the same estimates. Needs R with metafor: on Debian `apt-get install r-cran-metafor`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! Rscript -e 'library(metafor)' >/dev/null 2>&1; then
    printf 'metafor.sh: R with metafor is missing: on Debian "apt-get install r-cran-metafor"\n' >&2
    exit 1
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

run() { cargo run --quiet --release -p ldn-stats --example meta_bench_data -- "$1"; }
for what in studies fits exact-fits; do
    run "$what" >"$work/$what.csv"
done
Rscript bench/peers/metafor_reml.R "$work/studies.csv" "$work/fits.csv" "$work/exact-fits.csv"
