# Every header compiles alone. A header that another file includes before anything else is
# proved wherever that file compiles, which the build sees to; the others are compiled here.
source "$(dirname "$0")/../common.sh"

proved=$(sources | includes | awk '$1 != file { file = $1; print substr($3, 2) }')

files '*.hpp' | { grep -vE '^(tests|bench)/' || true; } |
  { grep -vxF -f <(printf '%s\n' "$proved") || true; } |
  compile_each g++ "${compile_flags[@]}" -fsyntax-only -x c++
