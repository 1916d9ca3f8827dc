#include "state/full/row_base.hpp"

#include "serialization/crash_point.hpp"
#include "state/checkpoint_directory.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace weir {

namespace fs = std::filesystem;

namespace {

class file_base final : public row_base {
public:
  explicit file_base(const fs::path& directory) : directory_(directory) {}

  void replace(const std::function<measured_file(row_output&)>& write) override {
    const fs::path next = free_path();
    file_row_output out(next);
    const measured_file written = write(out);
    out.make_durable();
    become_next(written, next);
  }

  void take_over(const fs::path& checkpoint_dir, const file_handle& file) override {
    const fs::path next = free_path();
    const fs::path origin = checkpoint_dir / file.name;
    if (file.content)
      write_file_durably(next, *file.content);
    else
      link_or_copy(origin, next, failure::restore_refused);
    become_next({.size = file.size, .sum = file.sum}, origin);
  }

  std::shared_ptr<const row_input> open(failure kind) const override {
    return std::make_shared<file_row_input>(path_of(number_), name_, kind);
  }

  file_handle keep(const fs::path& checkpoint_dir,
                   const std::string& file_name) const override {
    const fs::path target = checkpoint_dir / file_name;
    std::error_code problem;
    // Like every other file of a checkpoint, it overwrites what is there.
    fs::remove(target, problem);
    if (problem)
      throw_file_error(failure::job_failed, "replace", target, problem.value());
    link_or_copy(path_of(number_), target, failure::job_failed);
    crash_point("upload.rows-linked");
    return {.name = file_name, .size = measured_.size, .sum = measured_.sum};
  }

private:
  fs::path path_of(std::uint64_t number) const {
    return directory_ / fmt::format("rows-{}", number);
  }

  // Nothing is overwritten: what a failure has left there may be linked to a checkpoint.
  fs::path free_path() const {
    const fs::path next = path_of(number_ + 1);
    std::error_code absent;
    fs::remove(next, absent);
    return next;
  }

  void become_next(const measured_file& measured, const fs::path& name) {
    std::error_code kept; // what stays goes with the directory
    fs::remove(path_of(number_), kept);
    ++number_;
    measured_ = measured;
    name_ = name.string();
  }

  fs::path directory_;
  std::uint64_t number_ = 0;
  measured_file measured_;
  std::string name_; // for messages: of the checkpoint's file, where it is one
};

class memory_base final : public row_base {
public:
  explicit memory_base(std::uint64_t size_max) : size_max_(size_max) {}

  void replace(const std::function<measured_file(row_output&)>& write) override {
    memory_row_output out;
    sum_ = write(out).sum;
    bytes_ = std::make_shared<const std::vector<std::byte>>(out.take());
    name_ = "rows in memory";
  }

  void take_over(const fs::path& checkpoint_dir, const file_handle& file) override {
    bytes_ = std::make_shared<const std::vector<std::byte>>(
        read_checkpoint_file(checkpoint_dir, file));
    sum_ = file.sum;
    name_ = (checkpoint_dir / file.name).string();
  }

  std::shared_ptr<const row_input> open(failure kind) const override {
    return std::make_shared<memory_row_input>(bytes_, name_, kind);
  }

  file_handle keep(const fs::path&, const std::string& file_name) const override {
    if (bytes_->size() > size_max_)
      throw error(failure::job_failed,
                  fmt::format("cannot keep the state of '{}' in the metadata of a "
                              "checkpoint: it has {} bytes, more than "
                              "state.backend.memory.max-size allows ({}); raise it or "
                              "choose state.backend.type: rocksdb",
                              file_name, bytes_->size(), size_max_));
    return {.name = file_name, .size = bytes_->size(), .sum = sum_, .content = *bytes_};
  }

private:
  std::uint64_t size_max_;
  std::shared_ptr<const std::vector<std::byte>> bytes_;
  checksum sum_;
  std::string name_; // for messages
};

} // namespace

std::unique_ptr<row_base> make_file_base(const fs::path& directory) {
  return std::make_unique<file_base>(directory);
}

std::unique_ptr<row_base> make_memory_base(std::uint64_t size_max) {
  return std::make_unique<memory_base>(size_max);
}

} // namespace weir
