// A row file: refused in a sentence, or rows in order, which are the same when they are
// written again, compressed or not, and of which a range of key groups has its part. The
// values are rows of states by name, or they are refused.
#include "serialization/schema_text.hpp"
#include "state/full/row_file_reader.hpp"
#include "state/full/row_file_writer.hpp"
#include "state/inspect/state_type.hpp"
#include "state/row_migration.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <algorithm>
#include <utility>

namespace weir::fuzz {

namespace {

using bytes = std::vector<std::byte>;
using rows = std::vector<std::pair<bytes, bytes>>;
using block_codec = codec<row_block>;

std::shared_ptr<const row_input> input_of(bytes file) {
  return std::make_shared<memory_row_input>(
      std::make_shared<const bytes>(std::move(file)), "rows", failure::restore_refused);
}

void put_sum(bytes& file, std::size_t from, std::size_t size) {
  const checksum sum = checksum_of(byte_span(file).subspan(from, size));
  codec<checksum>::encode(sum, file.data() + from + size);
}

/// With the checksums that its bytes have, and the place of its index.
bytes with_sums(byte_span given) {
  bytes file(given.begin(), given.end());
  constexpr std::size_t fixed = row_file_header::size + row_file_footer::size;
  if (file.size() < fixed)
    return file;
  put_sum(file, 0, codec<row_file_header::preamble>::size);
  std::byte* const footer = file.data() + file.size() - row_file_footer::size;
  auto totals = codec<row_file_footer::totals>::decode(footer);
  totals.blocks = std::min(totals.blocks, (file.size() - fixed) / block_codec::size);
  const std::size_t index_size = totals.blocks * block_codec::size;
  totals.index_offset = file.size() - row_file_footer::size - index_size;
  codec<row_file_footer::totals>::encode(totals, footer);
  for (std::size_t i = 0; i < totals.blocks; ++i) {
    std::byte* const at = file.data() + totals.index_offset + i * block_codec::size;
    row_block block = block_codec::decode(at);
    if (block.offset <= file.size() && block.stored <= file.size() - block.offset)
      block.sum = checksum_of(byte_span(file).subspan(block.offset, block.stored));
    block_codec::encode(block, at);
  }
  put_sum(file, totals.index_offset, index_size + codec<row_file_footer::totals>::size);
  return file;
}

rows rows_in(const bytes& file, key_group_range groups = every_key_group) {
  rows found;
  for (row_file_reader reader(input_of(file), groups); reader.valid(); reader.next()) {
    const auto key = reader.key();
    const auto value = reader.value();
    found.emplace_back(bytes(key.begin(), key.end()), bytes(value.begin(), value.end()));
  }
  return found;
}

bytes file_of(const rows& of, bool compress) {
  memory_row_output out;
  row_file_writer writer(out, compress);
  for (const auto& [key, value] : of)
    writer.add(key, value);
  writer.finish();
  return out.take();
}

void check_range(const bytes& file, const rows& all) {
  const key_group middle = group_of_key(all[all.size() / 2].first);
  rows part;
  std::ranges::copy_if(all, std::back_inserter(part), [&](const auto& row) {
    return group_of_key(row.first) == middle;
  });
  FUZZ_REQUIRE(rows_in(file, {middle, middle}) == part, "another part of the rows");
}

/// An operator whose states are bound by name, as it was and as it is declared now.
operator_metadata written_states() {
  operator_metadata op{"op", 1, 128, {}, {}, true};
  op.states = {{"count", "value", "u64", "u32", "u32"},
               {"pages", "list", "u64", "string", "list<string>"},
               {"last", "expiring value", "u64", "i64", "{time<i64,us>,i64}"}};
  return op;
}

std::vector<declared_state> declared_states() {
  std::vector<declared_state> declared;
  const auto add = [&](const state_description& as, const char* schema) {
    declared.push_back({as, parse_schema(schema)});
  };
  const auto written = written_states().states;
  add(written[2], "{time<i64,us>,i64}");
  add(written[1], "list<string>");
  add(written[0], "u64");
  return declared;
}

bool is_inside(byte_span part, byte_span whole) {
  return part.data() >= whole.data() &&
         part.data() + part.size() <= whole.data() + whole.size();
}

/// As whoever inspects a row takes it apart, and a restore turns it into another.
void check_states(byte_span value) {
  static const operator_metadata written = written_states();
  static const row_migration migration(written, declared_states(), true);
  FUZZ_REQUIRE(migration.possible(), migration.mismatches().front());
  for (std::size_t i = 0; i < written.states.size(); ++i)
    refusal_of([&] {
      const auto found = state_in_row(written, i).find(value);
      FUZZ_REQUIRE(!found || is_inside(*found, value), written.states[i].name);
    });
  const auto refused = refusal_of([&] { migration.convert(value); });
  FUZZ_REQUIRE(!refused || refused->kind() == failure::restore_refused, refused->what());
}

void check(const bytes& file) {
  rows found;
  if (const auto refused = refusal_of([&] { found = rows_in(file); })) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  for (const auto& [key, value] : found)
    check_states(value);
  for (const bool compress : {false, true}) {
    const bytes written = file_of(found, compress);
    FUZZ_REQUIRE(rows_in(written) == found, "other rows than were written");
    if (!found.empty())
      check_range(written, found);
  }
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  const byte_span given = bytes_of(data, size);
  check({given.begin(), given.end()});
  check(with_sums(given));
  return 0;
}
