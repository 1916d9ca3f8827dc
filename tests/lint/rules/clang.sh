# A second compiler accepts the product. It parses the system headers of all files once, and
# the sources of a layer some at a time, as the build does: that a file includes what it needs
# is shown by the build and by headers_alone.
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

# Reads file names; prints those of programs as they are, and for the sources of a layer the
# names of files that include some of them. A file that stays the same is not written again.
batches() {
  local place=build/lint/clang-batches content batch seen=
  mkdir -p "$place"
  awk -v place="$place" -v together=8 '
    /main\.cpp$/ || !/^(serialization|state|operators|runtime|apps\/weir)\// { print; next }
    { layer = $0; sub(/\/.*/, "", layer)
      batch = int(count[layer] / together); count[layer] += 1
      printf "%s/%s-%d.cpp #include \"%s\"\n", place, layer, batch, $0 }' |
    while read -r batch content; do
      if [[ -n $content ]]; then
        printf '%s\n' "$content" >>"$batch.new"
        [[ $seen == "$batch" ]] || printf '%s\n' "$batch"
        seen=$batch
      else
        printf '%s\n' "$batch"
      fi
    done
  for batch in "$place"/*.new; do
    [[ -e $batch ]] || continue
    if cmp -s "$batch" "${batch%.new}"; then rm "$batch"; else mv "$batch" "${batch%.new}"; fi
  done
}

if precompile 2>/dev/null; then
  clang+=(-include-pch "$system.pch")
fi
mapfile -t sources < <(product_sources | { grep '\.cpp$' || true; } | batches)
[[ ${#sources[@]} -eq 0 ]] || printf '%s\n' "${sources[@]}" |
  compile_each "${clang[@]}" -fsyntax-only
