// The journal of citizens' reports, as the intake writes it (collectors/report/journal.hpp).
#include "collectors/log/formats/all.hpp"
#include "collectors/report/journal.hpp"
#include "collectors/report/report.hpp"

namespace kentongan::log {

namespace {

/// A report's event is the one the intake emitted, but for its origin. The lines that say which
/// photographs were set aside are passed over.
class ReportsFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext&, Event& out) override {
        const auto entry = report::read_entry(line);
        if (!entry) return ParseResult::unparsed;
        if (entry->sequence == 0) return ParseResult::blank;
        const auto report = report::report_from_json(entry->report);
        if (!report) return ParseResult::unparsed;
        report::describe(*report, out);
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {{}, "report", {}}; }
    std::string_view name() const override { return "reports"; }
};

}  // namespace

std::unique_ptr<Format> make_reports(const FormatOptions&) {
    return std::make_unique<ReportsFormat>();
}

}  // namespace kentongan::log
