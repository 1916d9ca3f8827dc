#include "operators/io/collect.hpp"

#include "serialization/codec.hpp"
#include "serialization/error.hpp"

namespace weir::detail {

operator_snapshot save_length(std::size_t records) {
  operator_snapshot saved;
  saved.bytes.resize(codec<std::uint64_t>::size);
  codec<std::uint64_t>::encode(records, saved.bytes.data());
  return saved;
}

std::size_t saved_length(const operator_start& from, std::size_t records) {
  if (from.saved == nullptr)
    return 0;
  if (from.saved->size() != codec<std::uint64_t>::size)
    throw error(failure::restore_refused,
                "the checkpoint was taken by another kind of sink than collect");
  const std::uint64_t length = codec<std::uint64_t>::decode(from.saved->data());
  if (length > records)
    throw error(failure::restore_refused,
                "the sink collects in memory, and of the " + std::to_string(length) +
                    " records that the checkpoint covers this program has " +
                    std::to_string(records) +
                    "; only a restart in the same program can "
                    "restore it");
  return length;
}

} // namespace weir::detail
