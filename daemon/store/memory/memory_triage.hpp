#pragma once
// MemoryTriage: the same answers as SqliteTriage, forgotten at the end of the process.
#include <map>

#include "daemon/store/memory/memory_alert_store.hpp"
#include "daemon/store/triage.hpp"

namespace kentongan {

class MemoryTriage final : public TriageStore {
  public:
    /// `alerts` outlives it.
    explicit MemoryTriage(MemoryAlertStore& alerts) : alerts_(alerts) {}

    Result<> change(const TriageChange& change) override;
    Result<std::optional<Place>> place(const std::string& alert) override;
    Result<std::vector<Place>> places_of_case(const std::string& id, std::size_t limit) override;
    Result<std::vector<ActionRow>> actions(const std::string& object, std::size_t limit) override;
    Result<std::vector<CaseRecord>> cases(bool open_only, std::size_t limit) override;
    Result<std::optional<CaseRecord>> find_case(const std::string& id) override;
    Result<std::vector<Suppression>> suppressions(Timestamp now, std::size_t limit) override;
    Result<std::optional<Suppression>> find_suppression(const std::string& id) override;
    Result<std::vector<Approval>> pending_approvals(std::size_t limit) override;
    Result<std::optional<Approval>> find_approval(const std::string& id) override;
    Result<std::vector<Approval>> approvals_about(const std::string& object) override;
    Result<std::optional<KeptAnswer>> kept_answer(const std::string& key, Timestamp now) override;
    Result<std::vector<Notification>> notifications(const std::string& alert,
                                                    std::size_t limit) override;

  private:
    Result<> check(const TriageChange& change);
    void keep(const KeptAnswer& answer);
    void erase(const Erasure& erasure);

    MemoryAlertStore& alerts_;
    std::map<std::string, Place> places_;  // those that an act has changed
    std::vector<ActionRow> actions_;
    std::vector<CaseRecord> cases_;
    std::vector<Suppression> suppressions_;
    std::vector<Approval> approvals_;
    std::vector<KeptAnswer> answers_;
};

}  // namespace kentongan
