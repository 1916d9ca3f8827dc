#include "serialization/in_flight_file.hpp"

#include "serialization/capnp/in_flight.capnp.h"
#include "serialization/capnp/message.hpp"
#include "serialization/check.hpp"

namespace weir {

namespace {

constexpr envelope_format in_flight_envelope{
    {'W', 'E', 'I', 'R', 'F', 'L', 'O', 'W'}, 1, "data in flight"};

void write(schema::Section::Builder out, const in_flight_section& section) {
  out.setChain(text_of(section.chain));
  out.setInput(section.input);
  out.setSubtask(section.subtask);
  auto batches = out.initBatches(static_cast<unsigned>(section.batches.size()));
  for (unsigned i = 0; i < batches.size(); ++i) {
    batches[i].setRecords(data_of(section.batches[i].records));
    if (!section.batches[i].times.empty())
      batches[i].setTimes(data_of(section.batches[i].times));
  }
}

in_flight_section read(schema::Section::Reader in) {
  in_flight_section section{string_of(in.getChain()), in.getInput(), in.getSubtask(), {}};
  for (auto batch : in.getBatches())
    section.batches.push_back({bytes_of(batch.getRecords()), bytes_of(batch.getTimes())});
  return section;
}

} // namespace

std::vector<std::byte> encode_in_flight(const in_flight_file& file) {
  return encode_message(in_flight_envelope, [&](capnp::MessageBuilder& builder) {
    auto sections = builder.initRoot<schema::InFlightFile>().initSections(
        static_cast<unsigned>(file.size()));
    for (unsigned i = 0; i < sections.size(); ++i)
      write(sections[i], file[i]);
  });
}

in_flight_file decode_in_flight(std::span<const std::byte> bytes,
                                const std::string& origin) {
  in_flight_file file;
  std::string refusal;
  const bool sound = decode_message(
      in_flight_envelope, bytes, refusal, [&](capnp::MessageReader& reader) {
        for (auto section : reader.getRoot<schema::InFlightFile>().getSections())
          file.push_back(read(section));
      });
  if (!sound)
    refuse_restore(origin, refusal);
  return file;
}

} // namespace weir
