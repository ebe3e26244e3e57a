#!/bin/sh
# Trains the networks of experiments/ with three seeds each into the store named
# (default: runs-leaderboard), where that is not done yet, and puts their
# leaderboard into docs/comparing.md, between its marks. Needs CIFAR-10, and half an hour
# on two cores.
set -eu
cd "$(dirname "$0")/.."
store=${1:-runs-leaderboard}

bin/runner sweep experiments/*.yaml --set sweep.seeds=3 --store "$store" >/dev/null

record=$(bin/runner show seed-cnn --store "$store" --format json)
# value KEY is what the record of the run says of it.
value() { printf '%s\n' "$record" | sed -n "s/^  \"$1\": \"*\([^\"]*[^\",]\)\"*,*$/\1/p"; }
commit=$(value commit | cut -c1-7)
processor=$(value processor)
features=$(value features | cut -d: -f1)
: "${commit:?the record names none}" "${processor:?the record names none}" "${features:?the record names none}"
test "$(value dirty)" = false || commit=$commit-dirty

trap 'rm -f docs/leaderboard.new' EXIT
{
  echo "\`make leaderboard\` trains these networks on a single batch file of CIFAR-10, three seeds each, and writes"
  echo "this table (commit $commit; $processor, $features):"
  echo
  bin/runner leaderboard --store "$store" --format markdown \
    --columns parameters,multiply_adds,seeds,val_accuracy,more_seeds,pareto,curve,best_epoch
} >docs/leaderboard.new
sed -i -e '/^<!-- leaderboard -->$/,/^<!-- \/leaderboard -->$/{//!d}' -e '/^<!-- leaderboard -->$/r docs/leaderboard.new' docs/comparing.md
