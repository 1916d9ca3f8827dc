# Sourced by every rule. A rule runs in the root of the tree it judges and prints one line
# `file:line: rule: message` per violation; printing nothing is passing.
set -euo pipefail

rule=$(basename "$0" .sh)

# Prints the files with one of the names "$@" (patterns), without this folder, whose planted
# violations and patterns would judge themselves.
files() {
  local names=() name
  for name in "$@"; do names+=(-o -name "$name"); done
  find . \( -path ./build -o -name .git -o -path ./tests/lint \) -prune -o \
    -type f \( "${names[@]:1}" \) -printf '%P\n' | LC_ALL=C sort
}

sources() { files '*.hpp' '*.cpp'; }

product_sources() { sources | { grep -vE '^(tests|bench)/' || true; }; }

violation() { # FILE LINE MESSAGE
  printf '%s:%s: %s: %s\n' "$1" "$2" "$rule" "$3"
}

# Reads file names; prints `file line "header` or `file line <header` for every #include.
includes() {
  xargs -r awk 'match($0, /^ *# *include *[<"][^>"]+/) {
    header = substr($0, RSTART, RLENGTH)
    sub(/^ *# *include */, "", header)
    print FILENAME, FNR, header
  }'
}

# Reads file names; prints a violation where a line matches the expression $1 outside of
# strings and line comments.
forbid_code() { # EXPRESSION MESSAGE
  xargs -r awk -v expression="$1" -v tail="$rule: $2" '{
    gsub(/"([^"\\]|\\.)*"/, "\"\""); sub(/\/\/.*/, "")
    if ($0 ~ expression) printf "%s:%d: %s\n", FILENAME, FNR, tail
  }'
}

# Compiler flags that do not need a configured build directory.
compile_flags=(-std=c++20 -w -I. -Ibuild/lint/generated
  -isystem build/boost-1.81/usr/include)

generate_schemas() {
  local schemas stamp=build/lint/generated/stamp
  mapfile -t schemas < <(files '*.capnp')
  [[ ${#schemas[@]} -gt 0 ]] || return 0
  [[ ! -e $stamp || -n $(find "${schemas[@]}" -newer "$stamp") ]] || return 0
  mkdir -p build/lint/generated
  capnp compile -oc++:build/lint/generated --src-prefix=. "${schemas[@]}"
  touch "$stamp"
}

# Reads file names and compiles each with the command "$@"; what compiled is not compiled
# again until the file or a header of the project that it includes changes.
compile_each() {
  export rule
  export -f compile_one violation
  generate_schemas
  mkdir -p "build/lint/$rule"
  xargs -r -P "$(nproc)" -I{} bash -c 'compile_one "$@"' _ {} "$@"
}

compile_one() { # FILE COMMAND...
  local file=$1 stamp=build/lint/$rule/${1//\//+} output inputs
  shift
  if [[ -e $stamp ]]; then
    inputs=$(sed 's/^[^:]*://; s/\\$//' "$stamp.d")
    # shellcheck disable=SC2086 # one word per file
    [[ -n $(find $inputs -newer "$stamp" 2>&1) ]] || return 0
  fi
  touch "$stamp.began"
  if output=$("$@" -MMD -MF "$stamp.d" "$file" 2>&1); then
    mv "$stamp.began" "$stamp"
  else
    rm -f "$stamp"
    output=$(grep -m1 -E 'error:' <<<"$output" || head -1 <<<"$output")
    if [[ $output =~ ^\.?/?([^:]+):([0-9]+): ]]; then # which the file may include
      violation "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "$output"
    else
      violation "$file" 1 "$output"
    fi
  fi
}
