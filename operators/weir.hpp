// Everything a job needs. A job is one function:
//
//   void weir_job(weir::job& job) {
//     job.source("numbers", weir::generate(1000, make_number))
//         .key_by(&number::value)
//         .count("counts")
//         .sink("out", weir::print());
//   }
#pragma once

#include "operators/abi_stamp.hpp"
#include "operators/io/collect.hpp"
#include "operators/io/collection.hpp"
#include "operators/io/discard.hpp"
#include "operators/io/generate.hpp"
#include "operators/io/print.hpp"
#include "operators/io/read_csv.hpp"
#include "operators/io/read_json.hpp"
#include "operators/io/read_lines.hpp"
#include "operators/io/write_csv.hpp"
#include "operators/io/write_json.hpp"
#include "operators/io/write_lines.hpp"
#include "operators/job.hpp"
#include "operators/split.hpp"

/// The job: defined once in every job library.
[[gnu::visibility("default")]] void weir_job(weir::job& job);
