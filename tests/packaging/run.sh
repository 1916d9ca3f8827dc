#!/usr/bin/env bash
# weir as a package:  run.sh BUILD_DIR BOOST_INCLUDE_DIR [CMAKE_OPTION...]
# Installs BUILD_DIR, moves what it has installed, and then builds and runs the projects beside
# this script in a directory of their own. Their sources are the examples in apps/. The project
# with add_subdirectory builds weir once more: the quick way, for it shows that this can be done.
set -euo pipefail

build=$(cd "$1" && pwd)
boost=$2
options=(-G Ninja -DCMAKE_BUILD_TYPE=Release "${@:3}")
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
tree=$(cd "$here/../.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
prefix=$place/moved

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf 'FAIL: %s\n' "$*"
  exit 1
}

# Copies a project and the examples out of the tree.
take() { # PROJECT
  cp -r "$here/$1" "$tree/apps/embedded/embedded.cpp" "$place"
  mv "$place/embedded.cpp" "$place/$1"
  cp "$tree/apps/click_count/click_count.cpp" "$place/$1"
}

configure_and_build() { # PROJECT OPTION...
  cmake --log-level=WARNING --no-warn-unused-cli -S "$place/$1" -B "$place/$1/build" "${options[@]}" "${@:2}"
  cmake --build "$place/$1/build" -j "$(nproc)"
}

# The lines of an output are the counts of its keys: 1, 2, 3, ... each.
check_counts() { # DIRECTORY
  cat "$1"/part-* | awk -F, '
    $2 != ++count[$1] { bad = 1 }
    END { exit bad || NR < 1000 }' || fail "the counts in $1 are wrong"
}

check_embedded() { # PROGRAM
  local output
  output=$(mktemp -d -p "$place")
  "$1" "$output"
  check_counts "$output/counts"
}

say "cmake --install, and the result moved"
cmake --install "$build" --prefix "$place/installed" >"$place/log"
mv "$place/installed" "$prefix"
library=$(dirname "$(find "$prefix" -name libweir.so)")
if grep -rIlF -e "$place" -e "$build" "$prefix"; then
  fail "these files name a directory of this machine"
fi
for file in man/man1/weir.1 man/man1/weir-run.1 bash-completion/completions/weir \
  zsh/site-functions/_weir fish/vendor_completions.d/weir.fish; do
  [[ -s $prefix/share/$file ]] || fail "there is no share/$file"
done
(
  cd "$prefix/include/weir"
  find . -name '*.hpp' -exec sed -nE 's/^#include "(.*)"/\1/p' {} + | sort -u | xargs ls
) >"$place/log" || fail "a header that is installed includes one that is not"

say "find_package"
take find_package
configure_and_build find_package -DCMAKE_PREFIX_PATH="$prefix"
check_embedded "$place/find_package/build/embedded"
"$place/find_package/build/operator_test" || fail "the test kit does not work from a package"
jobs=$place/find_package/build/jobs
"$prefix/bin/weir" run "$jobs/libclick_count.so" -- --clicks 10000 --output "$place/library"
check_counts "$place/library"
"$jobs/click_count" -- --clicks 10000 --output "$place/program"
check_counts "$place/program"

say "pkg-config"
take pkg_config
export PKG_CONFIG_PATH=$library/pkgconfig
[[ $(pkg-config --modversion weir) == $("$prefix/bin/weir" --version) ]] ||
  fail "CMakeLists.txt and operators/abi_stamp.hpp name different versions"
(cd "$place/pkg_config" && CXXFLAGS=-I$boost ./build.sh)
LD_LIBRARY_PATH=$library check_embedded "$place/pkg_config/embedded"

say "add_subdirectory"
take add_subdirectory
configure_and_build add_subdirectory -Dweir_tree="$tree" -DWEIR_UNITY=ON \
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0
check_embedded "$place/add_subdirectory/build/embedded"
