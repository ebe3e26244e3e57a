#!/bin/sh
# Trains the networks of experiments/ with three seeds each into the store named
# (default: runs-leaderboard), where that is not done yet, and puts their
# leaderboard into README.md, between its marks. Needs CIFAR-10, and half an hour
# on two cores.
set -eu
cd "$(dirname "$0")/.."
store=${1:-runs-leaderboard}

bin/runner sweep experiments/*.yaml --set sweep.seeds=3 --store "$store" >/dev/null

# value KEY is what the record of a run says of it.
value() { bin/runner show seed-cnn --store "$store" --format json | sed -n "s/^  \"$1\": \"\(.*\)\",*/\1/p"; }
{
  echo "\`make leaderboard\` trains these networks on a single batch file of CIFAR-10, three seeds each, and writes"
  echo "this table (commit $(value commit | cut -c1-7); $(value processor), $(value features | cut -d: -f1)):"
  echo
  bin/runner leaderboard --store "$store" --format markdown \
    --columns parameters,multiply_adds,seeds,val_accuracy,more_seeds,pareto,curve,best_epoch
} >README.leaderboard
sed -i -e '/^<!-- leaderboard -->$/,/^<!-- \/leaderboard -->$/{//!d}' -e '/^<!-- leaderboard -->$/r README.leaderboard' README.md
rm README.leaderboard
