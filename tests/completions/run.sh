#!/usr/bin/env bash
# Pages of the manual and completions, as their readers take them:  run.sh WEIR
# Shells and tools that are not installed are left out, and named.
set -euo pipefail

weir=$(readlink -f "$1")
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
failures=0

fail() {
  printf 'FAIL: %s\n' "$*"
  failures=$((failures + 1))
}

has() { # PROGRAM
  command -v "$1" >/dev/null || {
    printf '%s is not installed: not tried\n' "$1"
    return 1
  }
}

export SOURCE_DATE_EPOCH=0 WEIR_RUN_DIR=$place/run PATH=$(dirname "$weir"):$PATH
install -d -m 700 "$WEIR_RUN_DIR"
"$weir" help-files "$place/share"
share=$place/share

# --- Pages ---------------------------------------------------------------------------------

pages=("$share"/man/man1/*.1)
[[ ${#pages[@]} -gt 10 ]] || fail "there are only ${#pages[@]} pages"
for page in "${pages[@]}"; do
  name=$(basename "$page" .1)
  cmp -s "$page" <("$weir" man ${name/#weir-/} 2>/dev/null || "$weir" man) ||
    fail "weir man does not print $name"
  grep -q ' 1970-01-01 ' "$page" || fail "$name does not have the date that was asked for"
  if command -v mandoc >/dev/null; then
    said=$(mandoc -T lint -W warning "$page" 2>&1) || fail "mandoc says of $name: $said"
  fi
  if command -v groff >/dev/null; then
    said=$(groff -man -Tascii -ww -z "$page" 2>&1)
    [[ -z $said ]] || fail "groff says of $name: $said"
  fi
done
has mandoc || true
has groff || true

# --- Completions ---------------------------------------------------------------------------

# What is there to complete files and running jobs with.
mkdir "$place/files" "$place/files/chk-7"
touch "$place/files/job one.so" "$place/files/notes.txt"
cd "$place/files"

bash "$here/complete.bash" "$share/bash-completion/completions/weir" || fail "bash"
if has zsh; then
  zsh -n "$share/zsh/site-functions/_weir" || fail "zsh cannot read it"
  timeout 60 zsh -f "$here/complete.zsh" "$share/zsh/site-functions" || fail "zsh"
fi
if has fish; then
  fish -n "$share/fish/vendor_completions.d/weir.fish" || fail "fish cannot read it"
  HOME=$place timeout 60 fish --no-config "$here/complete.fish" \
    "$share/fish/vendor_completions.d/weir.fish" || fail "fish"
fi
exit $((failures > 0))
