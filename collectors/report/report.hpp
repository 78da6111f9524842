#pragma once
// A citizen's report as it is kept: already masked, without anything that names its sender.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collectors/report/category.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::report {

struct StoredPhoto {
    std::string name;  ///< in the folder of photographs
    std::string sha256;
    std::uint64_t bytes = 0;
};

struct Report {
    Timestamp received{};
    std::string ticket;
    std::string category;
    Language language = Language::indonesian;
    std::string sender;  ///< keyed hash of the contact, or of the address
    std::string tps;     ///< 13 characters, or empty
    std::string area;    ///< 2, 4, 6 or 10 digits, or empty
    std::optional<Timestamp> happened{};
    std::string text;
    std::vector<StoredPhoto> photos{};
};

/// One JSON object without line ends: what is written and read again.
[[nodiscard]] std::string to_json(const Report& report);
/// Nothing when the text is not what to_json makes.
[[nodiscard]] std::optional<Report> report_from_json(std::string_view json);

/// Adds to a clear event: kind report, logsource product "report", time and fields.
void describe(const Report& report, Event& out);

}  // namespace kentongan::report
