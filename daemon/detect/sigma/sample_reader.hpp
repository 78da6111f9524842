#pragma once
// Reads a sample file into events.
#include <filesystem>
#include <vector>

#include "daemon/detect/sigma/samples.hpp"

namespace kentongan::sigma {

struct SampleEvent {
    Event event;
    std::size_t line = 0;  ///< where in the file it begins, from 1
};

/// As samples.hpp says of endings. An error names the line; an empty sample is one.
[[nodiscard]] Result<std::vector<SampleEvent>> read_sample(const std::filesystem::path& sample,
                                                           const RecordReader& reader);

}  // namespace kentongan::sigma
