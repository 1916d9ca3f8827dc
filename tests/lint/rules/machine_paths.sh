# Nothing in the tree knows the machine it was written on or a package mirror.
source "$(dirname "$0")/../common.sh"

files '*' | xargs -r grep -HnIoE \
  '(^|[^A-Za-z0-9_.-])/(work|home|root)/[A-Za-z0-9_][A-Za-z0-9_.-]*|(deb|snapshot|security)\.debian\.org|archive\.ubuntu\.com' |
  while IFS=: read -r file line text; do
    violation "$file" "$line" "names a machine's path or a mirror: $text"
  done || true
