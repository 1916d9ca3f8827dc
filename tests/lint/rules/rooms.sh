# Each third-party library has one room; no other file includes it. Tests and benchmarks may.
source "$(dirname "$0")/../common.sh"

product_sources | includes | while read -r file line header; do
  header=${header:1}
  case $header in
    caf/*) room='runtime/caf/*' ;;
    rocksdb/*) room='state/rocksdb/*' ;;
    capnp/* | kj/* | *.capnp.h) room='serialization/capnp/*' ;;
    CLI/*) room='apps/weir/*' ;;
    yaml-cpp/*) room='runtime/yaml/*' ;;
    xxhash.h | xxh_x86dispatch.h) room='serialization/checksum.cpp' ;;
    zstd.h | zstd_errors.h) room='serialization/zstd/*' ;;
    fmt/*) room='*.cpp' ;;
    *) continue ;;
  esac
  # shellcheck disable=SC2053 # a pattern
  [[ $file == $room ]] || violation "$file" "$line" "$header belongs in $room only"
done
