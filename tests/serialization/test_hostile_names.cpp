// Names in messages that weir would not write: whatever they are, and wherever they
// stand, the message is refused before anybody makes a path of them.
#include "serialization/capnp/checkpoint.capnp.h"
#include "serialization/capnp/keyed_file.capnp.h"
#include "serialization/capnp/keyed_file_format.hpp"
#include "serialization/capnp/message.hpp"
#include "serialization/capnp/metadata_format.hpp"
#include "tests/support/hostile_names.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>

namespace weir::test::test_hostile_names {

namespace {

using metadata_filler =
    std::function<void(schema::CheckpointMetadata::Builder&, const std::string& name)>;

/// Every place in `_metadata` where a name stands that becomes part of a path.
const std::map<std::string, metadata_filler>& places_in_metadata() {
  using builder = schema::CheckpointMetadata::Builder;
  const auto subtask = [](builder& root) {
    auto op = root.initOperators(1)[0];
    op.setName("counts");
    return op.initSubtasks(1)[0];
  };
  static const std::map<std::string, metadata_filler> places{
      {"keyed file",
       [=](builder& root, const std::string& name) {
         subtask(root).initKeyed().initFile().setName(text_of(name));
       }},
      {"keyed file that stands in the metadata",
       [=](builder& root, const std::string& name) {
         auto file = subtask(root).initKeyed().initFile();
         file.setName(text_of(name));
         file.initContent(3);
       }},
      {"shared file",
       [=](builder& root, const std::string& name) {
         auto keyed = subtask(root).initKeyed();
         keyed.initFile().setName("counts-0.keyed");
         keyed.initShared(1)[0].setName(text_of(name));
       }},
      {"operator file",
       [=](builder& root, const std::string& name) {
         subtask(root).initOperatorState().setName(text_of(name));
       }},
      {"records in flight",
       [](builder& root, const std::string& name) {
         root.initInFlight(1)[0].initFile().setName(text_of(name));
       }},
      {"job of a data root",
       [](builder& root, const std::string& name) {
         root.setDataRoot("file:///data");
         root.setJobId(text_of(name));
       }},
  };
  return places;
}

std::vector<std::byte> sealed_metadata(const metadata_filler& fill,
                                       const std::string& name) {
  constexpr envelope_format format{
      {'W', 'E', 'I', 'R', 'M', 'E', 'T', 'A'}, 1, "checkpoint metadata"};
  return encode_message(format, [&](capnp::MessageBuilder& message) {
    auto root = message.initRoot<schema::CheckpointMetadata>();
    fill(root, name);
  });
}

using keyed_filler =
    std::function<void(schema::KeyedFile::Builder&, const std::string& name)>;

const std::map<std::string, keyed_filler>& places_in_keyed_files() {
  using builder = schema::KeyedFile::Builder;
  static const std::map<std::string, keyed_filler> places{
      {"manifest",
       [](builder& root, const std::string& name) {
         root.initDatabases(1)[0].setManifestName(text_of(name));
       }},
      {"table",
       [](builder& root, const std::string& name) {
         auto database = root.initDatabases(1)[0];
         database.setManifestName("MANIFEST-1");
         auto table = database.initTables(1)[0];
         table.setLocal(text_of(name));
         table.setShared("a.sst");
       }},
      {"shared table",
       [](builder& root, const std::string& name) {
         root.setManifestName("MANIFEST-1"); // as the first writers had it
         auto table = root.initTables(1)[0];
         table.setLocal("000001.sst");
         table.setShared(text_of(name));
       }},
  };
  return places;
}

std::vector<std::byte> sealed_keyed_file(const keyed_filler& fill,
                                         const std::string& name) {
  constexpr envelope_format format{
      {'W', 'E', 'I', 'R', 'K', 'E', 'Y', 'D'}, 1, "keyed state"};
  return encode_message(format, [&](capnp::MessageBuilder& message) {
    auto root = message.initRoot<schema::KeyedFile>();
    fill(root, name);
  });
}

void check_one_line(const std::string& refusal) {
  BOOST_TEST(!refusal.empty());
  BOOST_TEST(std::ranges::none_of(refusal, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f;
  }));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_names)

BOOST_AUTO_TEST_CASE(there_are_many_and_none_is_a_file_name) {
  const auto names = testing::hostile_names("/somewhere/canary");
  BOOST_TEST(names.size() >= 200U);
  for (const std::string& name : names)
    BOOST_TEST(!is_file_name(name), name);
}

BOOST_AUTO_TEST_CASE(they_are_refused_wherever_they_stand_in_metadata) {
  for (const auto& [place, fill] : places_in_metadata())
    BOOST_TEST_CONTEXT(place) {
      std::string refusal;
      BOOST_TEST(try_decode_metadata(sealed_metadata(fill, "plain-0.keyed"), refusal)
                         .has_value() ==
                     (place != "keyed file that stands in the metadata"),
                 refusal);
      for (const std::string& name : testing::hostile_names("/somewhere/canary")) {
        refusal.clear();
        BOOST_TEST(!try_decode_metadata(sealed_metadata(fill, name), refusal).has_value(),
                   name);
        check_one_line(refusal);
      }
    }
}

BOOST_AUTO_TEST_CASE(they_are_refused_wherever_they_stand_in_keyed_files) {
  for (const auto& [place, fill] : places_in_keyed_files())
    BOOST_TEST_CONTEXT(place) {
      BOOST_CHECK_NO_THROW(
          decode_keyed_file(sealed_keyed_file(fill, "plain.sst"), "a.keyed"));
      for (const std::string& name : testing::hostile_names("/somewhere/canary"))
        BOOST_CHECK_EXCEPTION(decode_keyed_file(sealed_keyed_file(fill, name), "a.keyed"),
                              error, [](const error& e) {
                                check_one_line(e.what());
                                return e.kind() == failure::restore_refused;
                              });
    }
}

BOOST_AUTO_TEST_CASE(a_data_root_is_an_absolute_path_or_refused) {
  for (const std::string& name : testing::hostile_names("/somewhere/canary")) {
    std::string refusal;
    const auto read = try_decode_metadata(
        sealed_metadata(
            [](schema::CheckpointMetadata::Builder& root, const std::string& root_path) {
              root.setJobId("job");
              root.setDataRoot(text_of(root_path));
            },
            name),
        refusal);
    if (!read) {
      check_one_line(refusal);
      continue;
    }
    BOOST_TEST((read->data_root.empty() || read->data_root.front() == '/'), name);
    BOOST_TEST(read->data_root.find("/../") == std::string::npos);
    BOOST_TEST(!read->data_root.ends_with("/.."));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace weir::test::test_hostile_names
