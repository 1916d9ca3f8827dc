#!/usr/bin/env bash
# weir on Debian 13: builds the tree and runs its tests with the compiler and the libraries of
# that release, in a chroot below build/:  run.sh [CTEST_ARGUMENT...]
# Needs root and debootstrap. Packages come from the mirror that apt uses on this machine.
set -euo pipefail

tree=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
chroot=$tree/build/debian13
packages=(g++ cmake ninja-build libcaf-dev librocksdb-dev libcapnp-dev capnproto libfmt-dev
  libxxhash-dev libyaml-cpp-dev libzstd-dev libcli11-dev libboost-dev libboost-test-dev pkgconf
  ccache mold)

say() { printf '== %s\n' "$*" >&2; }

die() { # MESSAGE
  printf 'debian13: %s\n' "$*" >&2
  exit 2
}

# Runs a shell command in the chroot. Its mounts end with it.
inside() { # DIRECTORY COMMAND
  # shellcheck disable=SC2016 # expanded by the shell that unshare starts
  unshare --mount --propagation private sh -ec '
    mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"
    exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp \
      LC_ALL=C.UTF-8 sh -ec "$1"' "$1" "$2" </dev/null
}

make_chroot() {
  [[ ! -e $chroot ]] || return 0
  local mirror part=$chroot.part
  mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  [[ -n $mirror ]] || die "apt has no mirror of Debian; run apt-get update"
  say "installing Debian 13 into build/debian13"
  rm -rf "$part"
  mkdir -p "$part"
  debootstrap --variant=minbase trixie "$part" "$mirror" >&2
  cp /etc/resolv.conf /etc/hosts "$part/etc"
  inside "$part" "apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
      ${packages[*]}" >&2
  mv "$part" "$chroot"
}

# Files keep their times, so that a second run builds only what has changed.
copy_tree() {
  mkdir -p "$chroot/weir"
  find "$chroot/weir" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  tar -C "$tree" --exclude=./build --exclude=./.git -c . | tar -C "$chroot/weir" -x
}

[[ $EUID -eq 0 ]] || die "a chroot needs root; try sudo"
command -v debootstrap >/dev/null || die "debootstrap is missing; install it"
make_chroot
copy_tree
say "building release with the packages of Debian 13"
inside "$chroot" "cd /weir
  cmake --log-level=WARNING --preset release -DWEIR_WERROR=OFF \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache
  cmake --build build/release -j $(nproc) --target all unit_tests"
# The rules of the tree are written for clang 14, which is not there.
inside "$chroot" "cd /weir
  ctest --test-dir build/release --output-on-failure -j $(nproc) --timeout 600 \
    -E '^lint_selftest\$' ${*@Q}"
