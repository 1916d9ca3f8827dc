# A second compiler accepts the product. It parses the system headers of all files once: that
# a file includes what it needs is shown by the build and by headers_alone.
source "$(dirname "$0")/../common.sh"

system=build/lint/system.hpp
clang=(clang++-14 "${compile_flags[@]}")

precompile() {
  local wanted
  wanted=$(product_sources | includes |
    awk '$3 ~ /^</ { print "#include " $3 ">" }' | LC_ALL=C sort -u)
  mkdir -p build/lint
  if [[ ! -e $system.pch || $wanted != "$(<"$system")" ]] ||
    ! "${clang[@]}" -include-pch "$system.pch" -fsyntax-only -x c++ /dev/null; then
    printf '%s\n' "$wanted" >"$system"
    "${clang[@]}" -Xclang -fpch-instantiate-templates -x c++-header -o "$system.pch" "$system"
  fi
}

if precompile 2>/dev/null; then
  clang+=(-include-pch "$system.pch")
fi
product_sources | { grep '\.cpp$' || true; } | compile_each "${clang[@]}" -fsyntax-only
