# A file includes its own layer and those to the left:
# serialization <- state <- operators <- runtime <- apps; tests and bench include them all.
source "$(dirname "$0")/../common.sh"

sources | includes | awk -v rule="$rule" '
  BEGIN {
    count = split("serialization state operators runtime apps bench tests", layers, " ")
    for (i = 1; i <= count; i++) rank[layers[i]] = i
  }
  {
    split($1, from, "/"); quoted = substr($3, 1, 1) == "\""
    header = substr($3, 2); split(header, to, "/")
    if (quoted && !(to[1] in rank))
      printf "%s:%d: %s: \"%s\" is not a path from the root\n", $1, $2, rule, header
    else if ((from[1] in rank) && (to[1] in rank) && rank[to[1]] > rank[from[1]])
      printf "%s:%d: %s: %s/ does not know %s/\n", $1, $2, rule, from[1], to[1]
  }'
