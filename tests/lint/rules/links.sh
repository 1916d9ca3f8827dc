# Every relative link in Markdown leads to a file.
source "$(dirname "$0")/../common.sh"

files '*.md' | xargs -r awk '
  /^ *```/ { fenced = !fenced }
  FNR == 1 { fenced = /^ *```/ }
  !fenced {
    gsub(/`[^`]*`/, "")
    while (match($0, /\]\([^)]+\)/)) {
      print FILENAME, FNR, substr($0, RSTART + 2, RLENGTH - 3)
      $0 = substr($0, RSTART + RLENGTH)
    }
  }' | while read -r file line target _; do
  path=${target%%#*}
  case $target in *://* | mailto:* | '#'*) continue ;; esac
  [[ -e $(dirname "$file")/$path ]] || violation "$file" "$line" "no such file: $path"
done
