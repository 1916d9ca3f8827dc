# What every user of weir parses stays small and free of third-party libraries.
source "$(dirname "$0")/../common.sh"

lines_max=120000
flags=(-std=c++20 -I. -isystem build/boost-1.81/usr/include -x c++)

judge() { # HEADER
  local text lines foreign
  if ! text=$(g++ "${flags[@]}" -E -P "$1" 2>&1); then
    violation "$1" 1 "$(grep -m1 'error:' <<<"$text")"
    return
  fi
  lines=$(wc -l <<<"$text")
  [[ $lines -le $lines_max ]] ||
    violation "$1" 1 "preprocesses to $lines lines, more than $lines_max"
  foreign=$(g++ "${flags[@]}" -M "$1" | tr ' ' '\n' |
    grep -m1 -E '(^|/)(caf|rocksdb|capnp|kj|fmt|CLI)/[^/]+' || true)
  [[ -z $foreign ]] || violation "$1" 1 "pulls in $foreign"
}

for header in operators/weir.hpp runtime/embed.hpp runtime/testing.hpp; do
  [[ ! -e $header ]] || judge "$header"
done
