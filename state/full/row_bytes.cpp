#include "state/full/row_bytes.hpp"

#include "serialization/envelope.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

[[noreturn]] void refuse_rows(failure kind, const std::string& name,
                              const std::string& reason) {
  if (kind == failure::restore_refused)
    refuse_restore(name, reason);
  throw error(kind, fmt::format("cannot read the rows of a subtask: '{}' {}; check the "
                                "disk, then resume from the last checkpoint",
                                name, reason));
}

} // namespace

std::span<const std::byte> file_row_input::read(std::uint64_t offset, std::size_t bytes,
                                                std::vector<std::byte>& room) const {
  if (room.size() < bytes)
    room.resize(bytes);
  const auto out = std::span(room).first(bytes);
  file_.read_at(offset, out);
  return out;
}

void file_row_input::refuse(const std::string& reason) const {
  refuse_rows(kind_, name_, reason);
}

std::span<const std::byte> memory_row_input::read(std::uint64_t offset, std::size_t bytes,
                                                  std::vector<std::byte>&) const {
  return std::span(*bytes_).subspan(offset, bytes);
}

void memory_row_input::refuse(const std::string& reason) const {
  refuse_rows(kind_, name_, reason);
}

std::shared_ptr<const row_input>
open_row_input(const std::filesystem::path& checkpoint_dir, const file_handle& file) {
  const std::filesystem::path path = checkpoint_dir / file.name;
  std::shared_ptr<const row_input> input;
  if (file.content)
    input = std::make_shared<memory_row_input>(
        std::make_shared<const std::vector<std::byte>>(*file.content), path.string(),
        failure::restore_refused);
  else
    input =
        std::make_shared<file_row_input>(path, path.string(), failure::restore_refused);
  if (input->size() != file.size)
    input->refuse(
        fmt::format("is not the file that its checkpoint was taken with: it has {} "
                    "bytes of {}",
                    input->size(), file.size));
  return input;
}

} // namespace weir
