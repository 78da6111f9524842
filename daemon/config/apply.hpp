#pragma once
// Writes a layer's values over the settings, and checks the settings once all layers are applied.
// Inner header of this room.
#include <map>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/config/layer.hpp"
#include "daemon/config/problems.hpp"

namespace kentongan::config {

using Origins = std::map<std::string, std::string>;

/// Unknown keys, unknown tables and values of a wrong type become problems.
void apply(const Layer& layer, Config& config, Origins& origins, Problems& problems);

/// The phase's thresholds over the settings. Keys that no phase may switch become problems, too.
void apply_thresholds(const PhaseSettings& phase, Config& config, Problems& problems);

/// Ranges, words, forms and what settings demand of each other.
void check(const Config& config, const Origins& origins, bool open_files, Problems& problems);

}  // namespace kentongan::config
