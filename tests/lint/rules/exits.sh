# A library never ends the process. A member called exit or abort is another matter, so only
# qualified names and calls that begin a statement or an operand count.
source "$(dirname "$0")/../common.sh"

names='(exit|quick_exit|abort)[ ]*\('
product_sources | { grep -v '^apps/' || true; } |
  forbid_code "(^|[^A-Za-z0-9_>])(std)?::$names|(^|[;{}()?!,]|[^:]:|return|else)[ ]*$names" \
    'only programs in apps/ end the process; throw weir::error'
