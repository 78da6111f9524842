// What is said of a stop: to people, and as a record.
#include <fmt/format.h>

#include "daemon/base/digest.hpp"
#include "daemon/detect/sirekap/area_words.hpp"
#include "daemon/detect/sirekap/rules.hpp"
#include "daemon/detect/sirekap/stall_watch.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::string_view kAvailability = "a matter of availability, not a change of data";

std::string reasons_of(const Judgement& judgement) {
    std::string out;
    for (const std::string& reason : judgement.reasons) out += (out.empty() ? "" : "; ") + reason;
    return out;
}

}  // namespace

Statement StallWatch::statement_of(std::uint32_t area, const Stall& stall, Timestamp now,
                                   std::string_view state) const {
    return {{"area", area_entity(coverage_->list(), area)},
            {"begin", to_rfc3339(stall.begin, 0)},
            {"came", std::int64_t{stall.came}},
            {"cause", std::string(name_of(stall.judgement.cause))},
            {"confidence_percent", std::int64_t{stall.judgement.confidence}},
            {"election", options_.election.name},
            {"expected", static_cast<std::int64_t>(stall.expected)},
            {"kind", std::string("upload-stall")},
            {"nature", std::string("availability, not a change of data")},
            {"observer", options_.observer},
            {"state", std::string(state)},
            {"time", to_rfc3339(now, 0)},
            {"version", std::int64_t{1}}};
}

void StallWatch::tell(std::uint32_t area, const Stall& stall, Timestamp now, std::string_view state,
                      FindingSink& out) const {
    const Register& list = coverage_->list();
    const auto code = code_of(area);
    const bool over = state == "flows again";
    Finding finding;
    finding.rule = upload_stall_rule();
    finding.time = now;
    finding.entity = area_entity(list, area);
    if (area != Coverage::kWhole) finding.subject.area = code;
    if (over) finding.severity = Severity::info;
    const std::string what =
        over ? fmt::format("uploads flow again after {}, since {}",
                           duration_words(now - stall.begin), local_words(stall.begin, code))
             : fmt::format("uploads stopped at {}: {} in {} where about {:.0f} were expected{}",
                           local_words(stall.begin, code), stall.came,
                           duration_words(now - stall.begin), stall.expected,
                           stall.members > 0
                               ? fmt::format(", in {} kabupaten/kota together", stall.members)
                               : "");
    finding.message =
        fmt::format("{}: {}. Probable cause: {} ({} %; {}). This is {}", area_words(list, area),
                    what, name_of(stall.judgement.cause), stall.judgement.confidence,
                    reasons_of(stall.judgement), kAvailability);
    Evidence record;
    record.kind = "statement";
    record.source = "sirekap.upload";
    record.excerpt = signed_record(statement_of(area, stall, now, state), options_.key.get());
    record.sha256 = sha256_hex(record.excerpt);
    finding.evidence.push_back(std::move(record));
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
