// From the trigger of a checkpoint to durable rows: seal, encode, ingest, snapshot.
#pragma once

#include "bench/kernels/durable_rows.hpp"

namespace weir::bench {

/// The table is made once and all of its rows are written again for each run. Rows are of
/// 16, 100 or 1,000 bytes.
durable_run durable_by_engine(const durable_params& params);

} // namespace weir::bench
