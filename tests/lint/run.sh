#!/usr/bin/env bash
# Runs every rule, or those named, over the tree; prints `file:line: rule: message`.
set -euo pipefail

lint=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$lint/../.."

names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
  mapfile -t names < <(basename -s .sh "$lint"/rules/*.sh)
fi

failures=0
for name in "${names[@]}"; do
  began=$SECONDS
  verdict=ok
  if ! violations=$(bash "$lint/rules/$name.sh"); then
    violations+="${violations:+$'\n'}tests/lint/rules/$name.sh:1: $name: the rule itself failed"
  fi
  if [[ -n $violations ]]; then
    printf '%s\n' "$violations"
    verdict=FAILED
    failures=$((failures + 1))
  fi
  printf 'lint: %-14s %s, %d s\n' "$name" "$verdict" $((SECONDS - began))
done
[[ $failures -eq 0 ]]
