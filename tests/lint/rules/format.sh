# The tree is as clang-format 14 leaves it; `./dev format` does it.
source "$(dirname "$0")/../common.sh"

sources | { xargs -r clang-format-14 --dry-run -Werror 2>&1 || true; } |
  awk -F: -v rule="$rule" '/error:/ && !seen[$1]++ {
    printf "%s:%d: %s: run ./dev format\n", $1, $2, rule
  }'
