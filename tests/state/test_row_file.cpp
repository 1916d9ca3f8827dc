#include "state/full/row_file.hpp"
#include "tests/state/row_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <functional>

namespace weir::test::test_row_file {

namespace {

constexpr std::size_t index_entry = codec<row_block>::size;
constexpr std::size_t footer_at_end = row_file_footer::size;

// Of several groups, with an empty key, an empty value and a value with zeros.
row_map sample_rows() {
  return {{row_key(0, ""), "nothing"},
          {row_key(0, std::string(2, '\0')), std::string(300, 'a')},
          {row_key(1, "ann"), ""},
          {row_key(1, "bob"), std::string(3, '\0')},
          {row_key(127, "\xff"), std::string(200, 'z')},
          {row_key(300, "zoe"), "last"}};
}

// Counts what is read of it.
class counting_input final : public row_input {
public:
  explicit counting_input(row_file_bytes bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_.size(); }
  std::span<const std::byte> read(std::uint64_t offset, std::size_t bytes,
                                  std::vector<std::byte>&) const override {
    read_ += bytes;
    return std::span(bytes_).subspan(offset, bytes);
  }
  [[noreturn]] void refuse(const std::string& reason) const override {
    throw error(failure::restore_refused, reason);
  }
  std::uint64_t bytes_read() const { return read_; }

private:
  row_file_bytes bytes_;
  mutable std::uint64_t read_ = 0;
};

bool is_refused(const row_file_bytes& bytes) {
  try {
    read_rows(input_of(bytes));
    return false;
  } catch (const error& e) {
    return e.kind() == failure::restore_refused;
  }
}

template <class T>
void overwrite(row_file_bytes& bytes, std::size_t at, const T& value) {
  codec<T>::encode(value, bytes.data() + at);
}

std::vector<row_block> index_of(const row_file_bytes& bytes) {
  const auto totals =
      codec<row_file_footer::totals>::decode(bytes.data() + bytes.size() - footer_at_end);
  std::vector<row_block> index(totals.blocks);
  for (std::size_t i = 0; i < index.size(); ++i)
    codec<row_block>::decode_into(index[i],
                                  bytes.data() + totals.index_offset + i * index_entry);
  return index;
}

// The same blocks behind another index, with checksums that are right: what a writer with
// other ideas can produce.
row_file_bytes with_index(row_file_bytes bytes, const std::vector<row_block>& index,
                          const std::function<void(row_file_footer::totals&)>& change) {
  auto totals =
      codec<row_file_footer::totals>::decode(bytes.data() + bytes.size() - footer_at_end);
  bytes.resize(totals.index_offset);
  row_file_bytes tail(index.size() * index_entry + footer_at_end);
  for (std::size_t i = 0; i < index.size(); ++i)
    overwrite(tail, i * index_entry, index[i]);
  totals.blocks = index.size();
  change(totals);
  overwrite(tail, index.size() * index_entry, totals);
  const std::size_t summed = tail.size() - codec<checksum>::size;
  overwrite(tail, summed, checksum_of(std::span(tail).first(summed)));
  bytes.insert(bytes.end(), tail.begin(), tail.end());
  return bytes;
}

row_file_bytes with_block(const row_file_bytes& bytes, const row_block& block) {
  return with_index(bytes, {block}, [](auto&) {});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(row_file, scratch_directory)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_compressed_or_not) {
  std::mt19937_64 random(1);
  row_map huge = sample_rows();
  huge[row_key(1, "blob")] = random_text(random, std::size_t{1} << 20);
  huge[row_key(1, "paper")] = std::string(std::size_t{1} << 20, ' ');
  huge[row_key(2, std::string(100'000, 'k'))] = "long key";
  row_map many;
  for (int i = 0; i < 50'000; ++i)
    many[row_key(static_cast<key_group>(i % 128), std::to_string(i))] =
        std::to_string(i % 1000);
  for (const row_map& rows : {row_map{}, row_map{{row_key(5, "one"), "row"}},
                              sample_rows(), random_rows(random, 3000, 200), huge, many})
    for (const bool compress : {false, true}) {
      const row_file_bytes bytes = row_file_of(rows, compress);
      BOOST_TEST((read_rows(input_of(bytes)) == rows));
      const row_file_reader reader(input_of(bytes));
      BOOST_TEST(reader.rows() == rows.size());
      BOOST_TEST(reader.groups().has_value() == !rows.empty());
    }
}

BOOST_AUTO_TEST_CASE(its_size_and_checksum_are_known_when_it_is_written) {
  std::mt19937_64 random(2);
  const row_map rows = random_rows(random, 5000, 100);
  for (const bool compress : {false, true}) {
    file_row_output out(path() / "rows");
    const measured_file written = write_rows(rows, out, compress);
    out.make_durable();
    const measured_file measured = measure_file(path() / "rows", failure::job_failed);
    BOOST_TEST(written.size == measured.size);
    BOOST_TEST((written.sum == measured.sum));
    BOOST_TEST(
        (read_file(path() / "rows", failure::job_failed) == row_file_of(rows, compress)));
    BOOST_TEST((read_rows(std::make_shared<file_row_input>(
                    path() / "rows", "rows", failure::job_failed)) == rows));
  }
}

BOOST_AUTO_TEST_CASE(every_range_of_key_groups_gives_its_rows) {
  std::mt19937_64 random(3);
  for (const bool compress : {false, true}) {
    // Groups that share a block, and groups with several blocks.
    row_map rows = random_rows(random, 60, 20, 12);
    for (int i = 0; i < 12; ++i)
      rows[row_key(7, std::to_string(i))] = random_text(random, 30'000);
    rows.erase(rows.lower_bound(row_key(3, "")), rows.lower_bound(row_key(5, "")));
    const row_file_bytes bytes = row_file_of(rows, compress);
    BOOST_TEST(index_of(bytes).size() > 4U);
    for (key_group first = 0; first <= 13; ++first)
      for (key_group last = first; last <= 13; ++last)
        BOOST_REQUIRE(
            (read_rows(input_of(bytes), {first, last}) == within(rows, {first, last})));
  }
}

BOOST_AUTO_TEST_CASE(blocks_of_other_key_groups_are_not_read) {
  row_map rows;
  for (key_group group = 0; group < 128; ++group)
    for (int i = 0; i < 10; ++i)
      rows[row_key(group, std::to_string(i))] = std::string(10'000, 'v');
  const auto input = std::make_shared<const counting_input>(row_file_of(rows));
  BOOST_TEST(read_rows(input, {40, 41}).size() == 20U);
  BOOST_TEST(input->bytes_read() < 400'000U); // of 12.8 MB
}

BOOST_AUTO_TEST_CASE(blocks_are_compressed_where_that_makes_them_smaller) {
  std::mt19937_64 random(4);
  const row_map dull{{row_key(0, "a"), std::string(50'000, 'x')}};
  const row_map noise{{row_key(0, "a"), random_text(random, 50'000)}};
  BOOST_TEST(row_file_of(dull, true).size() < 1'000U);
  BOOST_TEST((row_file_of(noise, true) == row_file_of(noise, false)));
}

BOOST_AUTO_TEST_CASE(rows_out_of_order_are_not_written) {
  memory_row_output out;
  row_file_writer writer(out, false);
  writer.add(bytes_of(row_key(1, "b")), {});
  for (const std::string& key : {row_key(1, "b"), row_key(1, "a"), std::string("x")})
    check_error([&] { writer.add(bytes_of(key), {}); }, failure::job_failed,
                {"internal check failed"});
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_flipped_bit_is_refused) {
  for (const bool compress : {false, true}) {
    const row_file_bytes bytes = row_file_of(sample_rows(), compress);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      BOOST_REQUIRE_MESSAGE(
          is_refused({bytes.begin(), bytes.begin() + static_cast<long>(size)}),
          size << " bytes of " << bytes.size());
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      row_file_bytes damaged = bytes;
      damaged[bit / 8] ^= static_cast<std::byte>(1 << bit % 8);
      BOOST_REQUIRE_MESSAGE(is_refused(damaged), "bit " << bit);
    }
    row_file_bytes longer = bytes;
    longer.push_back(std::byte{0});
    BOOST_TEST(is_refused(longer));
  }
}

BOOST_AUTO_TEST_CASE(damage_in_any_of_many_blocks_is_refused) {
  std::mt19937_64 random(5);
  const row_file_bytes bytes = row_file_of(random_rows(random, 2000, 200));
  BOOST_TEST(index_of(bytes).size() > 2U);
  for (std::size_t at = 0; at < bytes.size(); at += 1999) {
    row_file_bytes damaged = bytes;
    damaged[at] ^= std::byte{0x20};
    BOOST_REQUIRE(is_refused(damaged));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_file_the_reason_and_what_to_do) {
  const row_file_bytes bytes = row_file_of(sample_rows());
  row_file_bytes damaged = bytes;
  damaged[100] ^= std::byte{1};
  check_error([&] { read_rows(input_of(damaged)); }, failure::restore_refused,
              {"cannot restore: 'counts-0.keyed'", "is damaged", "block at byte 28",
               "restore from another checkpoint"});
  check_error([&] { read_rows(input_of(damaged, failure::job_failed)); },
              failure::job_failed, {"'counts-0.keyed'", "is damaged", "check the disk"});
  check_error(
      [&] {
        read_rows(input_of({bytes.begin(), bytes.end() - 1}));
      },
      failure::restore_refused, {"'counts-0.keyed'", "is cut short"});
  check_error([&] { read_rows(input_of(row_file_bytes(500))); }, failure::restore_refused,
              {"'counts-0.keyed'", "is not a row file", "WEIRROWS"});
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_refused_as_such) {
  row_file_bytes newer = row_file_of(sample_rows());
  constexpr std::size_t preamble = codec<row_file_header::preamble>::size;
  overwrite(newer, 8, std::uint32_t{2});
  overwrite(newer, preamble, checksum_of(std::span(newer).first(preamble)));
  check_error([&] { read_rows(input_of(newer)); }, failure::restore_refused,
              {"'counts-0.keyed'", "version 2", "use the weir that wrote it"});
  newer.resize(row_file_header::size); // whatever stands behind the header
  check_error([&] { read_rows(input_of(newer)); }, failure::restore_refused,
              {"use the weir that wrote it"});
}

BOOST_AUTO_TEST_CASE(an_index_that_lies_is_refused) {
  const row_file_bytes bytes = row_file_of(sample_rows());
  const row_block sound = index_of(bytes).at(0);
  BOOST_TEST((read_rows(input_of(with_block(bytes, sound))) == sample_rows()));
  constexpr std::uint64_t beyond = std::uint64_t{1} << 62;
  const std::vector<std::function<void(row_block&)>> lies = {
      [](row_block& b) { b.offset += 1; },
      [](row_block& b) { b.offset = beyond; },
      [](row_block& b) { b.stored += 1; },
      [](row_block& b) { b.stored = b.raw = beyond; },
      [](row_block& b) { b.raw += 1; },
      [](row_block& b) { b.raw = beyond; },
      [](row_block& b) { b.rows = 0; },
      [](row_block& b) { b.rows = beyond; },
      [](row_block& b) { b.first_group = 400; },
      [](row_block& b) { b.encoding = row_block_encoding::zstd; },
      [](row_block& b) { b.encoding = row_block_encoding{7}; },
      [](row_block& b) {
        b.encoding = row_block_encoding::zstd;
        b.raw = beyond;
      },
  };
  for (const auto& lie : lies) {
    row_block block = sound;
    lie(block);
    BOOST_TEST(is_refused(with_block(bytes, block)));
  }
  BOOST_TEST(is_refused(with_index(bytes, {sound, sound}, [](auto&) {})));
  BOOST_TEST(is_refused(with_index(bytes, {}, [](auto&) {})));
  BOOST_TEST(is_refused(with_index(bytes, {sound}, [](auto& t) { ++t.rows; })));
  BOOST_TEST(is_refused(with_index(bytes, {sound}, [](auto& t) { t.blocks = beyond; })));
  BOOST_TEST(is_refused(with_index(bytes, {sound}, [](auto& t) { --t.index_offset; })));
}

BOOST_AUTO_TEST_CASE(blocks_of_any_bytes_are_rows_in_order_or_refused) {
  std::mt19937_64 random(6);
  for (const bool compress : {false, true}) {
    const row_file_bytes bytes = row_file_of(sample_rows(), compress);
    row_block block = index_of(bytes).at(0);
    std::size_t refused = 0;
    for (int i = 0; i < 3000; ++i) {
      row_file_bytes changed = bytes;
      for (auto changes = 1 + random() % 3; changes > 0; --changes)
        changed[block.offset + random() % block.stored] =
            static_cast<std::byte>(random());
      block.sum = checksum_of(std::span(changed).subspan(block.offset, block.stored));
      refused += is_refused(with_block(changed, block)) ? 1U : 0U;
    }
    BOOST_TEST(refused > 0U);
  }
}

// Frozen: version 1 files exist outside; these must decode for ever. What zstd makes of a
// block is up to its version.
BOOST_AUTO_TEST_CASE(the_golden_files_of_version_1_decode) {
  const auto plain = read_file(WEIR_GOLDEN_DIR "/row_file_v1", failure::job_failed);
  BOOST_TEST((read_rows(input_of(plain)) == sample_rows()));
  BOOST_TEST((row_file_of(sample_rows()) == plain));
  const auto packed = read_file(WEIR_GOLDEN_DIR "/row_file_v1_zstd", failure::job_failed);
  BOOST_TEST((read_rows(input_of(packed)) == sample_rows()));
  BOOST_TEST((index_of(packed).at(0).encoding == row_block_encoding::zstd));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_row_file
