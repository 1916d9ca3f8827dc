#!/usr/bin/env bash
# Proves of every rule that it can fail: plants a violation in an empty tree and wants it
# named; plants its lawful neighbour and wants silence.
set -euo pipefail

lint=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cd "$tree"

failures=0
fail() {
  printf 'selftest: %s\n' "$*"
  failures=$((failures + 1))
}

plant() { # FILE CONTENT
  find "$tree" -mindepth 1 -delete
  mkdir -p "$(dirname "$1")"
  printf '%b' "$2" >"$1"
}

tested=' '

violates() { # RULE FILE LINE CONTENT
  plant "$2" "$4"
  tested+="$1 "
  local found
  found=$(bash "$lint/rules/$1.sh" 2>&1 || true)
  [[ $found == "$2:$3: $1: "* ]] || fail "$1 misses: $2: $4${found:+; it says: $found}"
}

obeys() { # RULE FILE CONTENT
  plant "$2" "$3"
  local found
  found=$(bash "$lint/rules/$1.sh" 2>&1) || fail "$1 breaks on: $2: $3"
  [[ -z $found ]] || fail "$1 should accept: $2: $3; it says: $found"
}

violates layers state/a.hpp 2 '\n#include "runtime/b.hpp"\n'
violates layers operators/io/a.cpp 1 '#include <runtime/b.hpp>\n'
violates layers runtime/a.cpp 1 '#include "tests/support/b.hpp"\n'
violates layers state/a.cpp 1 '#include "a.hpp"\n'
obeys layers runtime/a.hpp '#include "state/b.hpp"\n#include "runtime/caf/c.hpp"\n'
obeys layers tests/state/a.cpp '#include "apps/b.hpp"\n'

violates rooms runtime/a.cpp 1 '#include <caf/all.hpp>\n'
violates rooms state/a.hpp 1 '#include <rocksdb/db.h>\n'
violates rooms serialization/a.cpp 1 '#include <kj/common.h>\n'
violates rooms state/a.cpp 1 '#include "serialization/capnp/metadata.capnp.h"\n'
violates rooms apps/word_count/a.cpp 1 '#include <CLI/CLI.hpp>\n'
violates rooms runtime/a.cpp 1 '#include <yaml-cpp/yaml.h>\n'
violates rooms state/a.cpp 1 '#  include <xxhash.h>\n'
violates rooms state/full/a.cpp 1 '#include <zstd.h>\n'
violates rooms state/a.hpp 1 '#include <fmt/format.h>\n'
obeys rooms runtime/caf/a.hpp '#include <caf/all.hpp>\n'
obeys rooms state/a.cpp '#include <fmt/format.h>\n'
obeys rooms tests/runtime/a.cpp '#include <caf/all.hpp>\n'

many_lines=$(printf 'int x%d;\\n' $(seq 120001))
violates header_budget operators/weir.hpp 1 "$many_lines"
violates header_budget operators/weir.hpp 1 '#include <fmt/core.h>\n'
violates header_budget operators/weir.hpp 1 '#include <absent>\n'
violates header_budget runtime/embed.hpp 1 '#include <fmt/core.h>\n'
obeys header_budget operators/weir.hpp '#include <vector>\n'

long_file=$(printf '\\n%.0s' $(seq 401))
violates file_length state/a.cpp 401 "$long_file"
violates file_length dev 401 "$long_file"
obeys file_length state/a.cpp "${long_file%??}"

violates sleep tests/state/a.cpp 1 'std::this_thread::sleep_for(x);\n'
violates sleep tests/state/a.cpp 1 'usleep(5);\n'
violates sleep tests/end_to_end/a.sh 2 'true\nsleep 1\n'
obeys sleep tests/state/a.cpp 'x(); // no usleep(5) here\n'
obeys sleep runtime/a.cpp 'std::this_thread::sleep_for(x);\n'

violates exits runtime/a.cpp 1 'void f() { std::exit(1); }\n'
violates exits state/a.cpp 2 'void f() {\n  abort();\n}\n'
violates exits state/a.cpp 1 'if (x) quick_exit(1);\n'
obeys exits state/a.cpp 'void ledger::abort(id i) { other_.abort(i); p->exit(i); }\n'
obeys exits apps/weir/main.cpp 'int main() { std::exit(1); }\n'

violates headers_alone state/a.hpp 1 'inline std::string f();\n'
obeys headers_alone state/a.hpp '#include <string>\ninline std::string f();\n'

violates clang state/a.cpp 1 'int f() { return g(); }\n'
obeys clang state/a.cpp 'int f() { return 1; }\n'

violates format state/a.cpp 1 'int  f ( );\n'
obeys format state/a.cpp 'int f();\n'

violates catch_sites state/a.cpp 2 'try {\n} catch (...) {\n}\n'
obeys catch_sites state/a.cpp 'f("catch (me)"); // catch (this)\n'
violates catch_sites apps/click_count/a.cpp 2 'try {\n} catch (...) {\n}\n'
obeys catch_sites state/rocksdb/a.cpp 'try {\n} catch (...) {\n}\n'

violates machine_paths docs/a.md 1 'see /home/me/notes\n'
violates machine_paths .ci/run 2 '\ncurl http://deb.debian.org/debian\n'
obeys machine_paths docs/a.md 'https://example.org/work/x and <job directory>/work/...\n'

violates links docs/a.md 3 'text\n\n[b](b.md#part)\n'
obeys links docs/a.md '[a](a.md#part) `[b](b.md)` [c](https://example.org)\n```\n[](int x)\n```\n'

for path in "$lint"/rules/*.sh; do
  rule=$(basename "$path" .sh)
  [[ $tested == *" $rule "* ]] || fail "no violation is planted for $rule"
done

# What compiled is judged again when a header it includes changes.
plant state/a.cpp '#include "state/b.hpp"\n'
printf 'int b;\n' >state/b.hpp
[[ -z $(bash "$lint/rules/clang.sh" 2>&1) ]] || fail 'clang should accept state/b.hpp'
printf 'int b = absent;\n' >state/b.hpp
[[ -n $(bash "$lint/rules/clang.sh" 2>&1) ]] || fail 'clang misses a changed header'

[[ $failures -eq 0 ]]
