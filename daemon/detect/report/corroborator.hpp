#pragma once
// Corroborator: what people report and what the systems show, put together (C03).
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/report/sighting.hpp"

namespace kentongan::report {

/// A technical finding is corroborated once independent reports of a kind that fits it, from its
/// place and within two hours of it, weigh 2 together (log-odds): one of the same TPS weighs 2, of
/// the same kecamatan 1, one of Sirekap being down ½ where the finding has no place; half of that
/// when it came after the finding, for news may have told of it. Neither a sender nor a text counts
/// twice. A corroborated finding is one severity higher and says so. Info and advisory rules and
/// those about reports are left alone. Deterministic; event times; not thread-safe.
class Corroborator {
  public:
    static constexpr Duration kWindow = std::chrono::hours{2};
    static constexpr std::size_t kReports = 4096;   ///< remembered; then the oldest goes
    static constexpr std::size_t kFindings = 1024;  ///< the same, by rule and entity
    static constexpr double kEnough = 2;

    /// A finding on its way to the desk; raised here when reports came before it.
    void review(Finding& finding);
    /// A report; `evidence` is its own. Findings that it corroborates are told again, raised.
    void note(const Sighting& report, const Evidence& evidence, FindingSink& out);

    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Note {
        Sighting report;
        Evidence evidence;
    };
    /// A finding that reports could corroborate.
    struct Case {
        std::string key;
        Finding finding;  ///< the newest, as the detector made it
        Timestamp first{};
        double weight = 0;
        std::vector<std::uint64_t> senders{};
        std::vector<std::uint64_t> texts{};
        std::vector<Evidence> evidence{};  ///< of the reports; without their text
        [[nodiscard]] bool corroborated() const { return weight >= kEnough; }
    };

    [[nodiscard]] static double weight_of(const Sighting& report, const Case& which);
    static void add(const Note& note, Case& which);
    static void raise(const Case& which, Finding& finding);
    void forget(Timestamp now);

    std::deque<Note> reports_;
    std::deque<Case> cases_;
    bool telling_ = false;  ///< what passes now is our own
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan::report
