#include "serialization/capnp/keyed_file_format.hpp"

#include "serialization/capnp/keyed_file.capnp.h"
#include "serialization/capnp/message.hpp"
#include "serialization/check.hpp"

namespace weir {

namespace {

constexpr envelope_format keyed_file_envelope{
    {'W', 'E', 'I', 'R', 'K', 'E', 'Y', 'D'}, 1, "keyed state"};

void write(schema::Database::Builder out, const keyed_database& database) {
  WEIR_CHECK(is_file_name(database.manifest_name) &&
             database.first_group <= database.last_group);
  out.setFirstGroup(database.first_group);
  out.setLastGroup(database.last_group);
  out.setManifestName(text_of(database.manifest_name));
  out.setManifest(data_of(database.manifest));
  out.setCurrent(data_of(std::as_bytes(std::span(database.current))));
  auto tables = out.initTables(static_cast<unsigned>(database.tables.size()));
  for (unsigned i = 0; i < tables.size(); ++i) {
    const saved_table& table = database.tables[i];
    WEIR_CHECK(is_file_name(table.local) && is_file_name(table.shared));
    tables[i].setLocal(text_of(table.local));
    tables[i].setShared(text_of(table.shared));
  }
}

/// What a database and a file of all groups have in common.
template <class Reader>
void read_files(Reader in, keyed_database& out, std::string& refusal) {
  out.manifest_name = read_file_name(in.getManifestName(), refusal);
  out.manifest = bytes_of(in.getManifest());
  const auto current = in.getCurrent();
  out.current.assign(current.begin(), current.end());
  for (auto table : in.getTables())
    out.tables.push_back({.local = read_file_name(table.getLocal(), refusal),
                          .shared = read_file_name(table.getShared(), refusal)});
}

keyed_file read(schema::KeyedFile::Reader in, std::string& refusal) {
  keyed_file file;
  if (!in.hasDatabases()) {
    read_files(in, file.databases.emplace_back(), refusal);
    return file;
  }
  for (auto database : in.getDatabases()) {
    const bool follows = file.databases.empty() ||
                         file.databases.back().last_group < database.getFirstGroup();
    if (!follows || database.getFirstGroup() > database.getLastGroup())
      refusal = "is damaged: its databases have the same key groups";
    keyed_database& next = file.databases.emplace_back();
    next.first_group = database.getFirstGroup();
    next.last_group = database.getLastGroup();
    read_files(database, next, refusal);
  }
  return file;
}

} // namespace

std::vector<std::byte> encode_keyed_file(const keyed_file& file) {
  return encode_message(keyed_file_envelope, [&](capnp::MessageBuilder& builder) {
    auto root = builder.initRoot<schema::KeyedFile>();
    auto databases = root.initDatabases(static_cast<unsigned>(file.databases.size()));
    for (unsigned i = 0; i < databases.size(); ++i)
      write(databases[i], file.databases[i]);
  });
}

keyed_file decode_keyed_file(std::span<const std::byte> bytes,
                             const std::string& origin) {
  keyed_file file;
  std::string refusal;
  const bool sound = decode_message(
      keyed_file_envelope, bytes, refusal, [&](capnp::MessageReader& reader) {
        file = read(reader.getRoot<schema::KeyedFile>(), refusal);
      });
  if (!sound)
    refuse_restore(origin, refusal);
  return file;
}

} // namespace weir
