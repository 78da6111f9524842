#pragma once
// Judges every new version of what Sirekap publishes: sums (R12), what is taken back (R15), changes
// without a new time, the format, and a withdrawal of the whole tabulation.
#include <array>
#include <map>
#include <memory>
#include <string>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/published/aggregate_check.hpp"
#include "daemon/detect/sirekap/published/changes.hpp"
#include "daemon/detect/sirekap/published/schema_watch.hpp"
#include "daemon/detect/sirekap/published/withdrawal.hpp"
#include "daemon/detect/sirekap/register.hpp"

namespace kentongan::sirekap::published {

/// Wants events of kind `published`: sirekap.race and sirekap.node name the file, raw() is it.
/// event.action is "published" (or absent), "confirmed" (seen again, unchanged; no raw),
/// "removed" (the server has it no more) or "failed" (could not be fetched).
///
/// The entity of a finding is race and code. Past kToldOneByOne of one rule within kToldWindow one
/// further finding speaks for all: whoever rewrites everything makes a few alerts, not thousands.
class PublishedDetector final : public Detector {
  public:
    static constexpr std::size_t kToldOneByOne = 20;
    static constexpr Duration kToldWindow = std::chrono::minutes{10};
    static constexpr std::size_t kRaces = 64;

    /// `list` may be null: then codes and numbers of TPS are not checked against a register.
    explicit PublishedDetector(std::shared_ptr<const Register> list = nullptr,
                               NodeTable::Limits limits = {});
    ~PublishedDetector() override;

    [[nodiscard]] std::string_view name() const override { return "sirekap.published"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::published; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return nodes_.size(); }
    [[nodiscard]] std::span<const Count> counts() const override { return counts_; }

  private:
    struct Race {
        WithdrawalWatch withdrawal;
        SchemaWatch schema;
    };
    using Told = std::map<std::string, Timestamp>;

    void take_document(const Event& event, const std::string& race, const std::string& code);
    void take_version(const Event& event, Race& of, Node node, const Document& document);
    void compare(const Event& event, Race& of, const Node& before, const Node& now,
                 const Document& document);
    void removed(const Event& event, const std::string& race, const std::string& code);
    [[nodiscard]] bool is_out_of_place(const Event& event, const std::string& race,
                                       const std::string& code, const Document& document);
    void check_register(const Event& event, const Node& node);
    void check_schema(const Event& event, Race& of, const Node& node, const Document& document);
    void tell(const AggregateCheck::Mismatch& mismatch);
    void decide(bool at_once);
    [[nodiscard]] Race* race(const std::string& name);
    [[nodiscard]] std::string place(std::string_view race, std::string_view code) const;
    [[nodiscard]] Finding finding(const RulePointer& rule, const Event& event,
                                  std::string_view race, std::string_view code,
                                  const std::string& what) const;
    void report(Finding finding);

    std::shared_ptr<const Register> list_;
    NodeTable nodes_;
    AggregateCheck sums_;
    std::map<std::string, Race> races_;
    std::map<std::string, Told> told_;  // by rule
    FindingSink* out_ = nullptr;        // during a call
    Timestamp now_{};
    std::array<Count, 5> counts_{
        {{"versions", 0}, {"confirmed", 0}, {"unreadable", 0}, {"older", 0}, {"left_out", 0}}};
};

}  // namespace kentongan::sirekap::published
