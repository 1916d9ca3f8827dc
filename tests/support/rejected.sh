#!/usr/bin/env bash
# Every snippet in a directory is refused by the compiler with one error, and what it says
# contains the line `// expect:` of the snippet.
#
#   run.sh SNIPPETS COMPILER INCLUDE_DIRECTORY...
set -euo pipefail

snippets=$1
compile=("$2" -std=c++20 -fsyntax-only)
shift 2
for directory in "$@"; do compile+=(-I "$directory"); done

failures=0
fail() { # SNIPPET MESSAGE OUTPUT
  printf '%s: %s\n%s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

for snippet in "$snippets"/*.cpp; do
  expected=$(sed -n 's|^// expect: ||p' "$snippet")
  if output=$(LC_ALL=C "${compile[@]}" "$snippet" 2>&1); then
    fail "$snippet" 'is accepted' ''
  elif [[ -z $expected || $output != *": $expected"* ]]; then
    fail "$snippet" "does not say: $expected" "$output"
  elif [[ $(grep -c 'error:' <<<"$output") -ne 1 ]]; then
    fail "$snippet" 'is refused with more than one error' "$output"
  fi
done
[[ $failures -eq 0 ]]
