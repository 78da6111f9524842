#pragma once
// Events of the Sirekap application log for the tests of the workflow's detectors.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::sirekap {

inline const Timestamp kNight = *parse_rfc3339("2024-11-27T12:00:00Z");  // 19:00 WIB
inline constexpr std::string_view kTps = "3171011001001";

/// Done by the PPK of kecamatan 317101, unless the test says otherwise.
class Doing : public EventBuilder {
  public:
    Doing(std::string_view action, double at_seconds, std::string_view tps = kTps) {
        const bool upload = action == "formc-image.upload";
        of(upload ? EventKind::upload : EventKind::web)
            .at(kNight + Duration{static_cast<std::int64_t>(at_seconds * 1e9)})
            .in("/var/log/sirekap.json", static_cast<std::uint64_t>(at_seconds * 1000))
            .from({"webserver", "sirekap", upload ? "upload" : "recap"})
            .with(Field::event_action, action)
            .with(Field::event_outcome, "success");
        if (!tps.empty()) with(Field::sirekap_tps, tps);
    }
    Doing& by(std::string_view account, std::string_view role = {}) {
        with(Field::sirekap_account, account).with(Field::user_name, account);
        if (!role.empty()) with("user.roles", role);
        return *this;
    }
    Doing& stage(std::string_view from, std::string_view to = {}) {
        if (!from.empty()) with("sirekap.status_from", from);
        if (!to.empty()) with("sirekap.status_to", to);
        return *this;
    }
    Doing& because(std::string_view reason, std::string_view second) {
        with(Field::event_reason, reason).with("sirekap.approver", second);
        return *this;
    }
};

/// Runs a detector and remembers what it finds.
template <class D>
struct Watched {
    void take(const EventBuilder& event) {
        const Event built = event.build();
        detector.advance(built.time, findings);
        detector.inspect(built, findings);
    }
    [[nodiscard]] std::size_t count(std::string_view rule) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            findings.all, [&](const Finding& finding) { return finding.rule->id == rule; }));
    }
    [[nodiscard]] const Finding& last() const { return findings.all.at(findings.all.size() - 1); }

    D detector;
    RecordingFindings findings;
};

}  // namespace kentongan::sirekap
