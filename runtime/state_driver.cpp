#include "runtime/state_driver.hpp"

#include "serialization/check.hpp"
#include "serialization/crash_point.hpp"
#include "serialization/deliberate_fault.hpp"

namespace weir {

namespace {

/// Steps of the encoder per slice, at most; each encodes up to a segment's worth of rows.
constexpr int encode_steps = 12;
/// Pieces of keyed state moved or let go per slice, at most: some ten microseconds each.
constexpr int tidy_steps = 4;
/// Rows loaded per slice: before any record is processed, and between two slices of them.
constexpr std::size_t rows_first = 4096;
constexpr std::size_t rows_between = 512;
/// Runs that make room, on their way at a time: one is encoded, the other ingested.
constexpr std::size_t seals_max = 2;

} // namespace

void state_driver::start(keyed_state* state, const rows_start& from) {
  state_ = state;
  if (state_ == nullptr)
    return;
  if (from.readable)
    state_->residence().keep_within(from.room);
  if (!from.restored)
    return;
  loading_ = true;
  loads_first_ = !from.readable || state_->needs_all_rows();
  state_->residence().begin_loading();
  port_.request_rows(state_->empty_rows());
}

void state_driver::restored_rows(encoded_rows rows) {
  if (!loading_)
    return; // they have been declined
  WEIR_CHECK(!rows_);
  if (rows.empty()) {
    loading_ = false;
    state_->residence().end_loading(/*all=*/true);
    return;
  }
  rows_ = std::move(rows);
  rows_at_ = 0;
}

bool state_driver::load_some() {
  if (!rows_)
    return false;
  if (!loads_first_ && state_->is_full()) {
    loading_ = false;
    rows_.reset();
    state_->residence().end_loading(/*all=*/false);
    port_.decline_rows();
    return false;
  }
  rows_at_ = state_->restore(*rows_, rows_at_, loads_first_ ? rows_first : rows_between);
  crash_point("restore.rows-loaded");
  if (rows_at_ < rows_->rows())
    return true;
  rows_.reset();
  port_.request_rows(state_->empty_rows());
  return false;
}

void state_driver::look_up(encoded_rows missing) {
  if (missing.empty())
    return;
  waits_ = true;
  state_->residence().set_asked(true);
  port_.look_up(std::move(missing), state_->empty_rows());
}

void state_driver::looked_up(const encoded_rows& found) {
  WEIR_CHECK(waits_);
  state_->arrived(found);
  state_->residence().set_asked(false);
  waits_ = false;
}

void state_driver::ingested(epoch sealed) {
  WEIR_CHECK(seals_under_way_ > 0);
  --seals_under_way_;
  state_->residence().ingested(sealed);
}

void state_driver::abandon(checkpoint_id id) {
  for (auto& request : unencoded_)
    if (request.checkpoint == id) {
      request.checkpoint.reset();
      request.operators.clear();
    }
}

void state_driver::seal(upload_request request) {
  request.sealed = state_->seal();
  crash_point("seal.done");
  if (fault("row.evicted-early"))
    state_->residence().ingested(request.sealed);
  encoding_ = true;
  ++seals_under_way_;
  unencoded_.push_back(std::move(request));
}

void state_driver::encode_some(slice_budget& budget) {
  if (!encoding_)
    return;
  for (int step = 0; step < encode_steps && encoding_; ++step) {
    encoding_ = state_->encode_some();
    crash_point("encode.step");
    if (budget.spent())
      break; // what is left of the slice is one block of records
  }
  while (auto run = state_->take_run()) {
    upload_request request = std::move(unencoded_.front());
    unencoded_.pop_front();
    request.run = std::move(run->rows);
    crash_point("encode.run");
    port_.upload(std::move(request));
  }
}

void state_driver::tidy() {
  if (state_ == nullptr)
    return;
  for (int step = 0; step < tidy_steps; ++step)
    if (!state_->settle_some())
      break;
  for (int step = 0; step < tidy_steps; ++step)
    if (!state_->let_go_some())
      break;
}

bool state_driver::has_room(processing_time now) {
  if (state_ == nullptr || !state_->wants_seal())
    return true;
  if (seals_under_way_ >= seals_max)
    return false;
  seal({.task = id_, .checkpoint = {}, .run = {}, .operators = {}, .now = now});
  return true;
}

} // namespace weir
