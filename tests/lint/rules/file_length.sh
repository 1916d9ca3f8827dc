# A longer file is a missing name.
source "$(dirname "$0")/../common.sh"

files '*.hpp' '*.cpp' '*.sh' '*.py' '*.cmake' CMakeLists.txt dev run |
  xargs -r awk -v rule="$rule" 'FNR == 401 {
    printf "%s:%d: %s: over 400 lines\n", FILENAME, FNR, rule
  }'
