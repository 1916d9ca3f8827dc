// What a subtask's database is made of: refused in a sentence, or written as the same
// again, with names that lead nowhere else.
#include "serialization/capnp/keyed_file_format.hpp"
#include "serialization/file_name.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace weir::fuzz {

namespace {

constexpr envelope_format keyed_envelope{
    {'W', 'E', 'I', 'R', 'K', 'E', 'Y', 'D'}, 1, "keyed state"};

void check(byte_span bytes) {
  keyed_file file;
  if (const auto refused = refusal_of([&] { file = decode_keyed_file(bytes, "file"); })) {
    FUZZ_REQUIRE(refused->kind() == failure::restore_refused, refused->what());
    return;
  }
  FUZZ_REQUIRE(decode_keyed_file(encode_keyed_file(file), "again") == file,
               "what was read is written as something else");
  for (const keyed_database& database : file.databases) {
    FUZZ_REQUIRE(is_file_name(database.manifest_name), database.manifest_name);
    for (const saved_table& table : database.tables)
      FUZZ_REQUIRE(is_file_name(table.local) && is_file_name(table.shared), table.local);
  }
}

} // namespace

} // namespace weir::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::fuzz;
  return check_sealed_too(keyed_envelope, data, size, check);
}
