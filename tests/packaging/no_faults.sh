#!/usr/bin/env bash
# A product has no crash points and no deliberate faults:  no_faults.sh LIBRARY TABLE...
# Every name in the tables, headers of serialization/, is looked for in the library.
set -euo pipefail

library=$1
names=$(sed -nE 's/^    "([a-z.-]+)",$/\1/p' "${@:2}")
[[ $(wc -l <<<"$names") -ge 40 ]] || {
  echo "the tables in ${*:2} have fewer names than there are: ${names//$'\n'/ }"
  exit 1
}
if found=$(strings -n 8 "$library" | grep -xF -e WEIR_CRASH_AT -e WEIR_FAULT -e "$names"); then
  echo "$library has names of faults: ${found//$'\n'/ }"
  exit 1
fi
