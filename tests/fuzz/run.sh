#!/usr/bin/env bash
# Runs fuzz targets:  run.sh BUILD [TARGET...] [--seconds N] [--seed N]
# What leads somewhere new stays in BUILD/corpus/<target>, from where the next run goes on; what
# ends a target is kept in BUILD/crashes/<target>, made as small as it gets.
#   run.sh BUILD --counted  is the run of CI: as many inputs as counted.txt says, from one seed,
# from the files of the tree alone and with every address where it was the last time. The same
# tree sees the same inputs, so CI fails for what a change has done and never by luck.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1
shift

mapfile -t known < <(basename -a "$here"/seeds/*/)
targets=()
seconds=60
seed=0 # drawn
counted=
while [[ $# -gt 0 ]]; do
  case $1 in
    --seconds)
      seconds=${2:-}
      shift
      ;;
    --seed)
      seed=${2:-}
      shift
      ;;
    --counted) counted=yes ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[[ $seconds =~ ^[1-9][0-9]*$ && $seed =~ ^[0-9]+$ ]] || {
  echo "run.sh: --seconds and --seed take a whole number" >&2
  exit 2
}
[[ ${#targets[@]} -gt 0 ]] || targets=("${known[@]}")
for target in "${targets[@]}"; do
  [[ " ${known[*]} " == *" $target "* ]] || {
    echo "run.sh: there is no target '$target'; there are ${known[*]}" >&2
    exit 2
  }
done

# The last figure of that name that libFuzzer has said.
figure() { # NAME LOG
  sed -nE "s/.*$1:? +([0-9]+).*/\\1/p" "$2" | tail -n 1
}

# As small as a minute makes it; prints the name of what is left.
minimised() { # PROGRAM CRASH
  local small=$2.small
  "$1" -minimize_crash=1 -max_total_time=60 "${limits[@]}" -exact_artifact_path="$small" \
    "$2" >/dev/null 2>&1 || true
  if [[ -s $small ]]; then printf '%s\n' "$small"; else printf '%s\n' "$2"; fi
}

# An input of 5 seconds or of a block of 256 MB is a mistake of the decoder's, too.
limits=(-timeout=5 -rss_limit_mb=1024 -malloc_limit_mb=256)

# The inputs of the tree, in an order that no file system decides.
inputs_of_tree() { # TARGET
  local target=$1 places=("$here/seeds/$1")
  [[ ! -d $here/regressions/$target ]] || places+=("$here/regressions/$target")
  find -L "${places[@]}" -type f | LC_ALL=C sort | paste -sd ,
}

fuzz() { # TARGET
  local target=$1 crashed=0 crash options=()
  local program=$build/tests/fuzz/fuzz_$target log=$build/$target.log
  local corpus=$build/corpus/$target crashes=$build/crashes/$target
  if [[ -n $counted ]]; then
    corpus=$(mktemp -d)
    options=(-seed=1 -reload=0 "-runs=$(sed -nE "s/^$target +//p" "$here/counted.txt")")
  else # what has ended it once is tried first, until it is mended
    options=("-seed=$seed" "-max_total_time=$seconds" "$crashes")
  fi
  mkdir -p "$corpus" "$crashes"
  [[ ! -e $here/seeds/$target.dict ]] || options+=(-dict="$here/seeds/$target.dict")
  $fixed_addresses "$program" "$corpus" "${limits[@]}" "${options[@]}" -max_len=4096 \
    -print_final_stats=1 \
    -seed_inputs="$(inputs_of_tree "$target")" -artifact_prefix="$crashes/" \
    >"$log" 2>&1 || crashed=1
  [[ -z $counted ]] || rm -rf "$corpus"
  printf '%-14s %8s runs in %s s, coverage %s, %s new inputs, crashes: %s\n' "$target" \
    "$(figure stat::number_of_executed_units "$log")" \
    "$(sed -nE 's/^Done [0-9]+ runs in ([0-9]+) second.*/\1/p' "$log")" \
    "$(figure cov "$log")" "$(figure stat::new_units_added "$log")" "$crashed"
  [[ $crashed -ne 0 ]] || return 0
  tail -n 40 "$log"
  crash=$(sed -nE 's/.*Test unit written to //p' "$log" | tail -n 1)
  [[ $crash != */crash-* ]] || crash=$(minimised "$program" "$crash")
  [[ -z $crash ]] || printf 'again: %s %s\n' "$program" "$crash"
  return 1
}

# What is compared with memcmp is remembered by where it lies. Not every container permits this.
fixed_addresses=
[[ -z $counted ]] || ! setarch -R true 2>/dev/null || fixed_addresses='setarch -R'

# bash exports no arrays.
limits_text=${limits[*]}
export here build seconds seed counted fixed_addresses limits_text
export -f fuzz figure minimised inputs_of_tree
printf '%s\n' "${targets[@]}" |
  xargs -P "$(nproc)" -I{} bash -c 'read -ra limits <<<"$limits_text"; fuzz "$@"' _ {} || exit 1
