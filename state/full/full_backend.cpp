#include "state/full/full_backend.hpp"

#include "serialization/crash_point.hpp"
#include "state/full/merge_rows.hpp"
#include "state/full/row_base.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {

namespace fs = std::filesystem;

namespace {

class full_cursor final : public row_cursor {
public:
  explicit full_cursor(std::shared_ptr<const row_input> rows)
      : input_(rows), rows_(std::move(rows)) {}

  bool read(encoded_rows& out, std::size_t rows_max) override {
    for (std::size_t i = 0; i < rows_max && rows_.valid(); ++i, rows_.next()) {
      const row_sizes sizes{rows_.key().size(), rows_.value().size()};
      if (out.shape() && sizes != *out.shape())
        input_->refuse(fmt::format("has rows of {} + {} bytes (key + value) and the job "
                                   "declares {} + {}: use the job that wrote it",
                                   sizes.key, sizes.value, out.shape()->key,
                                   out.shape()->value));
      std::byte* const row = out.append(sizes);
      std::ranges::copy(rows_.key(), row);
      std::ranges::copy(rows_.value(), row + sizes.key);
    }
    return rows_.valid();
  }

private:
  std::shared_ptr<const row_input> input_;
  row_file_reader rows_;
};

class full_backend final : public backend {
public:
  full_backend(std::unique_ptr<row_base> base, bool compress)
      : base_(std::move(base)), compress_(compress) {}

  void ingest(const encoded_run& run) override;
  keyed_handle snapshot(const fs::path& checkpoint_dir, const fs::path&,
                        const std::string& file_name) override {
    return {.file = base_->keep(checkpoint_dir, file_name), .shared = {}};
  }
  std::unique_ptr<row_cursor> scan() override {
    return std::make_unique<full_cursor>(base_->open(failure::restore_refused));
  }

  void begin_empty() {
    replace([](row_file_writer&) {});
  }
  void begin_with(const keyed_origin& origin);

private:
  // The rows that `fill` writes are the rows from now on.
  template <std::invocable<row_file_writer&> Fill>
  void replace(Fill fill) {
    base_->replace([&](row_output& out) {
      row_file_writer writer(out, compress_);
      fill(writer);
      return writer.finish();
    });
  }

  std::unique_ptr<row_base> base_;
  bool compress_;
};

void full_backend::ingest(const encoded_run& run) {
  if (run.empty())
    return;
  replace([&](row_file_writer& to) {
    if (run.whole()) {
      write_run(run, to);
    } else {
      row_file_reader before(base_->open(failure::job_failed));
      merge_rows(before, run, to);
    }
  });
  crash_point("ingest.merged");
}

bool lies_within(const row_file_reader& rows, const key_group_range& wanted) {
  const auto groups = rows.groups();
  return !groups || (groups->first >= wanted.first && groups->last <= wanted.last);
}

void full_backend::begin_with(const keyed_origin& origin) {
  std::vector<const keyed_source*> sources;
  for (const keyed_source& source : origin.sources)
    sources.push_back(&source);
  std::ranges::sort(sources, {}, [](const auto* source) { return source->groups.first; });
  const auto reader_of = [&](const keyed_source& source) {
    return row_file_reader(open_row_input(origin.checkpoint_dir, source.handle.file),
                           source.groups);
  };
  if (sources.size() == 1 &&
      lies_within(reader_of(*sources.front()), sources.front()->groups)) {
    base_->take_over(origin.checkpoint_dir, sources.front()->handle.file);
    return;
  }
  // Their groups do not overlap, so one behind the other they are sorted.
  replace([&](row_file_writer& to) {
    for (const keyed_source* source : sources) {
      row_file_reader rows = reader_of(*source);
      copy_rows(rows, to);
    }
  });
  crash_point("rescale.cut");
}

std::unique_ptr<backend> open_empty(std::unique_ptr<row_base> base,
                                    const full_settings& settings) {
  auto opened = std::make_unique<full_backend>(std::move(base), settings.compress);
  opened->begin_empty();
  return opened;
}

std::unique_ptr<backend> open_restored(std::unique_ptr<row_base> base,
                                       const full_settings& settings,
                                       const keyed_origin& origin) {
  auto opened = std::make_unique<full_backend>(std::move(base), settings.compress);
  opened->begin_with(origin);
  return opened;
}

} // namespace

std::unique_ptr<backend> open_filesystem_backend(const full_settings& settings,
                                                 const fs::path& directory) {
  return open_empty(make_file_base(directory), settings);
}

std::unique_ptr<backend> open_filesystem_backend(const full_settings& settings,
                                                 const fs::path& directory,
                                                 const keyed_origin& origin) {
  return open_restored(make_file_base(directory), settings, origin);
}

std::unique_ptr<backend> open_memory_backend(const full_settings& settings) {
  return open_empty(make_memory_base(settings.memory_size_max), settings);
}

std::unique_ptr<backend> open_memory_backend(const full_settings& settings,
                                             const keyed_origin& origin) {
  return open_restored(make_memory_base(settings.memory_size_max), settings, origin);
}

} // namespace weir
