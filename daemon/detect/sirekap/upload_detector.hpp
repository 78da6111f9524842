#pragma once
// Everything that follows from uploads: each is read and looked up once, and handed to those who
// judge it.
#include <memory>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/address_check.hpp"
#include "daemon/detect/sirekap/coverage_journal.hpp"
#include "daemon/detect/sirekap/coverage_steps.hpp"
#include "daemon/detect/sirekap/risk_watch.hpp"
#include "daemon/detect/sirekap/shift_watch.hpp"
#include "daemon/detect/sirekap/stall_cause.hpp"
#include "daemon/detect/sirekap/stall_watch.hpp"
#include "daemon/detect/sirekap/tps_check.hpp"

namespace kentongan::sirekap {

struct UploadOptions {
    Election election = Election::named("pilkada2024").value();
    std::int64_t step_percent = 25;
    std::shared_ptr<const SigningKey> key{};  ///< signs what is said of stops
    std::string observer{};
};

/// An upload the server refused does not count as coverage, nor does one of another race than the
/// first of the election; all that were accepted make the rate.
class UploadDetector final : public Detector {
  public:
    /// `coverage` is shared with its readers.
    UploadDetector(std::shared_ptr<Coverage> coverage, UploadOptions options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.upload"; }
    [[nodiscard]] bool wants(EventKind kind) const override;
    [[nodiscard]] bool picks(const Event& event) const override { return tells_of_upload(event); }
    void inspect(const Event& event, FindingSink& out) override;
    void inspect(const TrafficSecond& second, FindingSink&) override { signs_.take(second); }
    void inspect(const LogSecond& second, FindingSink&) override { signs_.take(second); }
    void advance(Timestamp now, FindingSink& out) override;
    void save_under(const std::string& key, std::map<std::string, std::string>& bookmarks) override;
    [[nodiscard]] Result<> restore_from(
        const std::string& key, const std::map<std::string, std::string>& bookmarks) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return stalls_.open(); }

  private:
    void take(const Upload& upload, const Event& event, FindingSink& out);
    void receive(std::uint32_t tps, const Upload& upload, const Event& event, FindingSink& out);

    std::shared_ptr<Coverage> coverage_;
    const std::string race_;
    TpsCheck tps_check_;
    AddressCheck address_check_;
    CoverageSteps steps_;
    RiskWatch risks_;
    UploadFlows flows_;
    StallSigns signs_;
    StallWatch stalls_;
    ShiftWatch shifts_;
    CoverageJournal journal_;
};

}  // namespace kentongan::sirekap
