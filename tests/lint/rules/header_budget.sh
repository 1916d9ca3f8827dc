# What every user of weir parses stays small and free of third-party libraries.
source "$(dirname "$0")/../common.sh"

umbrella=operators/weir.hpp
lines_max=120000
if [[ ! -e $umbrella ]]; then
  echo "header_budget: skipped, there is no $umbrella" >&2
  exit 0
fi
flags=(-std=c++20 -I. -isystem build/boost-1.81/usr/include -x c++)
if ! text=$(g++ "${flags[@]}" -E -P "$umbrella" 2>&1); then
  violation "$umbrella" 1 "$(grep -m1 'error:' <<<"$text")"
  exit 0
fi
lines=$(wc -l <<<"$text")
[[ $lines -le $lines_max ]] ||
  violation "$umbrella" 1 "preprocesses to $lines lines, more than $lines_max"
foreign=$(g++ "${flags[@]}" -M "$umbrella" | tr ' ' '\n' |
  grep -m1 -E '(^|/)(caf|rocksdb|capnp|kj|fmt|CLI)/[^/]+' || true)
[[ -z $foreign ]] || violation "$umbrella" 1 "pulls in $foreign"
