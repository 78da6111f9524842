#pragma once
// What a case becomes on paper: the report of Peraturan BSSN 1/2024 art. 15 in Indonesian, and a
// draft of a statement to the public. Pure: facts in, text out. Nothing is ever sent by itself.
#include <string>
#include <vector>

#include "daemon/store/triage.hpp"

namespace kentongan::api {

/// Who reports, from the settings (art. 15: the reporter's contact).
struct Reporter {
    std::string organisation{};
    std::string name{};
    std::string position{};
    std::string email{};
    std::string phone{};
};

struct TimelineItem {
    Timestamp at{};
    std::string kind;  ///< alert, act, case, notification
    std::string who{};
    std::string text;
    std::string alert{};
};

struct ReportFacts {
    CaseRecord record;
    Reporter reporter;
    std::vector<TimelineItem> timeline;
    std::size_t alerts = 0;
    std::vector<std::string> rules{};  ///< names of the rules behind the alerts, each once
    Timestamp now{};
};

/// A clock that the law sets running.
struct LegalClock {
    std::string_view name;  ///< bssn (1x24 hours), pdp (3x24 hours)
    Timestamp due{};
    std::optional<Timestamp> met{};
};
/// Of every case the first; of a breach of personal data the second too.
[[nodiscard]] std::vector<LegalClock> clocks_of(const CaseRecord& record);

/// Self-contained, for print on A4.
[[nodiscard]] std::string report_html(const ReportFacts& facts);
[[nodiscard]] std::string report_text(const ReportFacts& facts);
/// TLP:CLEAR, Indonesian and English, marked DRAFT; names nobody and says nothing of causes.
[[nodiscard]] std::string public_statement(const ReportFacts& facts);

}  // namespace kentongan::api
