#pragma once
// What `rules filter preview` shows.
#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "daemon/cli/filter_preview.hpp"
#include "daemon/cli/output.hpp"

namespace kentongan::cli {

/// All that a filter would have changed.
struct Preview {
    std::string file;
    int days = 0;
    std::vector<std::string> titles;
    std::vector<std::string> remarks;  ///< status rows of the filters
    std::vector<PreviewedAlert> alerts;
    std::size_t looked_at = 0;     ///< stored alerts of Sigma rules
    std::size_t correlations = 0;  ///< of them: of correlations, whose counts are not redone
    std::size_t touched = 0;       ///< rules
};

[[nodiscard]] boost::json::object to_json(const Preview& preview);
void print(const Preview& preview, const Output& out);

}  // namespace kentongan::cli
