#!/usr/bin/env bash
# A job is killed in mid-run, resumed from its newest checkpoint, and its counts are compared
# with those of a run that nobody disturbed:  demo.sh BUILD_DIR
set -euo pipefail

if [[ $# -ne 1 || ! -x ${1:-}/bin/weir ]]; then
  echo "usage: $0 BUILD_DIR (a directory in which weir is built, for example build/release)" >&2
  exit 2
fi
build=$(cd "$1" && pwd)
weir=$build/bin/weir
job=$build/jobs/libclick_count.so
place=$(mktemp -d)
cd "$place" # so that every path below is short
mkfifo log
pid=

clean_up() {
  [[ -z $pid ]] || kill -9 "$pid" 2>/dev/null || true
  rm -rf "$place"
}
trap clean_up EXIT

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'FAIL: %s\n' "$*"
  exit 1
}

# Prints a command as one would type it in the build directory.
show() { # ARGUMENT...
  local text="bin/weir run $*"
  printf '   $ %s\n' "${text//$build\//}"
}

indent() { sed "s|$place/||; s|^|   |"; }

run() { # ARGUMENT...
  show "$@"
  "$weir" run "$@" 2>&1 | indent
}

# The last count of every user, and an error unless each user's counts are 1, 2, 3, ...
final_counts() { # OUTPUT_DIR
  cat "$1"/part-* | awk -F, '
    NF != 2 { print "broken line " $0 > "/dev/stderr"; bad = 1; exit 1 }
    $2 != ++count[$1] {
      printf "user %s: %d follows %d\n", $1, $2, count[$1] - 1 > "/dev/stderr"
      bad = 1
      exit 1
    }
    END { if (bad) exit 1; for (user in count) print user "," count[user] }' | sort
}

say "The job writes a line for every click: the user, and how many clicks that user has made." \
  "4 million clicks, two subtasks. First without any disturbance:"
common=(-p 2 "$job" -- --clicks 4000000)
run "${common[@]}" --output undisturbed

say "Now with a checkpoint every second, at 500,000 clicks per second, until it is killed:"
checkpoints=(-D execution.checkpointing.interval=1s -D execution.checkpointing.dir=checkpoints)
started=("${checkpoints[@]}" "${common[@]}" --per-second 500000 --output output)
show "${started[@]}"
"$weir" run "${started[@]}" 2>log &
pid=$!
status=0
while IFS= read -r line; do
  indent <<<"$line"
  if [[ -n $pid && $line == "checkpoint 3 completed"* ]]; then
    IFS= read -r -t 0.4 line || true # into the work behind the checkpoint
    echo "   \$ kill -9 $pid"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || status=$?
    pid=
  fi
done <log
[[ -z $pid ]] || fail "the job took no third checkpoint"
[[ $status -eq 137 ]] || fail "the job ended before it was killed"
written=$(cat output/part-* | wc -l)
echo "   It is gone. It wrote $written lines, many of them after its newest checkpoint."

say "What it left on disk:"
directory=$(echo checkpoints/*)
echo "   $directory/"
find "$directory" -path "$directory/work" -prune -o -type f -printf '   %8s bytes  %P\n' |
  sort -k3
newest=
for metadata in "$directory"/chk-*/_metadata; do
  candidate=$(dirname "$metadata")
  [[ -n $newest && ${candidate##*-} -lt ${newest##*-} ]] || newest=$candidate
done
echo "   A directory with a _metadata is a complete checkpoint; the newest is ${newest##*/}. Its" \
  "large files are in shared/, and later checkpoints refer to those they have in common."

say "Resumed from it, at full speed for the rest:"
run -s "$newest" "${checkpoints[@]}" "${common[@]}" --output output

say "Every user's counts have to be 1, 2, 3, ... without a gap or a repetition, and to end where" \
  "those of the undisturbed run end:"
final_counts undisturbed >expected || fail "the undisturbed run is wrong"
final_counts output >actual || fail "the resumed run lost or repeated a line"
diff expected actual >/dev/null || fail "the resumed run has other counts"
users=$(wc -l <actual)
lines=$(cat output/part-* | wc -l)
printf 'PASS: %d users, %d lines, killed once: every count as if nothing had happened\n' \
  "$users" "$lines"
