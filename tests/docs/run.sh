#!/usr/bin/env bash
# README.md and docs/*.md are true:  run.sh BUILD_DIR
#  1. docs/configuration.md is what the table of options prints;
#  2. a block below `<!-- from: FILE -->` is an excerpt of FILE, and every cpp block has one;
#  3. the sh blocks of a page run in order, in one shell, in a directory where build/release
#     is BUILD_DIR; each ends with status 0, or with N below `<!-- exits: N -->`;
#  4. relative links lead to files (the lint rule).
set -uo pipefail

if [[ $# -ne 1 || ! -x ${1:-}/bin/weir ]]; then
  echo "usage: $0 BUILD_DIR (a directory in which weir is built)" >&2
  exit 2
fi
build=$(cd "$1" && pwd)
cd "$(dirname "$(readlink -f "$0")")/../.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
failures=0

# They build, install or run what other tests run; everything else is executed.
skipped=("./dev demo" "./dev test" "./dev build release")

fail() { # PAGE LINE MESSAGE
  printf '%s:%s: %s\n' "$@"
  failures=$((failures + 1))
}

# Splits a page into files $place/blocks/LINE.LANGUAGE, each with LINE.note beside it if a
# comment stands right above the block.
split_blocks() { # PAGE
  rm -rf "$place/blocks"
  mkdir "$place/blocks"
  awk -v directory="$place/blocks" '
    /^```/ && !fenced {
      fenced = 1; language = substr($0, 4); line = NR
      file = sprintf("%s/%05d.%s", directory, line, language == "" ? "none" : language)
      printf "" > file
      if (note != "") print note > sprintf("%s/%05d.note", directory, line)
      next
    }
    /^```/ { fenced = 0; close(file); note = ""; next }
    fenced { print > file; next }
    { note = /^<!-- .* -->$/ ? substr($0, 6, length($0) - 9) : "" }
    END { if (fenced) printf "" > (directory "/" line ".unclosed") }' "$1"
}

# True if the lines of EXCERPT stand in FILE, one after the other.
is_excerpt() { # EXCERPT FILE
  awk 'NR == FNR { wanted[++count] = $0; next }
       { have[++lines] = $0 }
       END {
         for (i = 0; i + count <= lines; i++) {
           for (j = 1; j <= count && have[i + j] == wanted[j]; j++) {}
           if (j > count) exit 0
         }
         exit 1
       }' "$1" "$2"
}

check_excerpt() { # PAGE LINE BLOCK NOTE
  local source=${4#from: }
  if [[ ! -f $source ]]; then
    fail "$1" "$2" "this block is from '$source', which does not exist"
  elif ! is_excerpt "$3" "$source"; then
    fail "$1" "$2" "this block is not in $source as it stands here"
  fi
}

is_skipped() { # TEXT
  local command
  for command in "${skipped[@]}"; do [[ $1 == "$command" ]] && return; done
  return 1
}

# Adds a block to the script of its page.
add_to_script() { # PAGE LINE BLOCK NOTE
  local wanted=0
  [[ $4 == "exits: "* ]] && wanted=${4#exits: }
  is_skipped "$(cat "$3")" && return
  ran=$((ran + 1))
  {
    printf 'echo "-- %s:%s"\n' "$1" "$2"
    printf 'set -e -o pipefail\n[[ %s == 0 ]] || set +e\n' "$wanted"
    cat "$3"
    printf 'status=$?\nset +e\n'
    printf '[[ $status == %s ]] || { echo "%s:%s: status $status, not %s" >&2; exit 1; }\n' \
      "$wanted" "$1" "$2" "$wanted"
  } >>"$place/script"
}

check_block() { # PAGE BLOCK
  local line=$((10#$(basename "${2%.*}"))) note=
  [[ -f ${2%.*}.note ]] && note=$(<"${2%.*}.note")
  [[ $note == "from: "* ]] && check_excerpt "$1" "$line" "$2" "$note"
  case ${2##*.} in
    sh) add_to_script "$1" "$line" "$2" "$note" ;;
    text) ;;
    cpp | cmake | capnp)
      [[ $note == "from: "* ]] || fail "$1" "$line" "a block of code without 'from: FILE' above"
      ;;
    unclosed) fail "$1" "$line" "this block does not end" ;;
    *) fail "$1" "$line" "a block is sh (it is run), text, or an excerpt: cpp, cmake, capnp" ;;
  esac
}

check_page() { # PAGE
  local block root=$place/root
  ran=0
  split_blocks "$1"
  : >"$place/script"
  for block in "$place"/blocks/*; do
    [[ $block == *.note || ! -e $block ]] || check_block "$1" "$block"
  done
  rm -rf "$root"
  mkdir -p "$root/build" "$place/tmp"
  ln -s "$build" "$root/build/release"
  if ! (cd "$root" && TMPDIR=$place/tmp bash "$place/script") >"$place/log" 2>&1; then
    cat "$place/log"
    fail "$1" 1 "its commands do not run as they stand; their output is above"
  fi
  printf '%s: %s blocks run\n' "$1" "$ran"
}

if ! "$build/tests/docs/print_configuration" | diff docs/configuration.md -; then
  fail docs/configuration.md 1 \
    "differs from the options; build/dev/tests/docs/print_configuration > docs/configuration.md"
fi
for page in README.md docs/*.md; do
  check_page "$page"
done
links=$(bash tests/lint/rules/links.sh)
[[ -z $links ]] || fail README.md 1 "$links"
[[ $failures -eq 0 ]]
