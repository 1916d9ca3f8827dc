#!/usr/bin/env bash
# libweir.so exports namespace weir and nothing else:  exported_symbols.sh LIBRARY
set -euo pipefail

# Name and type of a version, as the linker may define it: `weir_0.1`.
ours='^(weir_[0-9.]+$|((vtable|VTT|typeinfo|typeinfo name|guard variable) for )?weir::)'
exported=$(nm -DC --defined-only "$1" | cut -c20- | sed 's/@@.*//')
grep -q '^weir::run(' <<<"$exported" || {
  echo "$1 does not export weir::run"
  exit 1
}
if grep -vE "$ours" <<<"$exported"; then
  echo "$1 exports what is not weir's; apps/packaging/weir.symbols.in says what it should"
  exit 1
fi
