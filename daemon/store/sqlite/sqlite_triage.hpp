#pragma once
// SqliteTriage: a TriageStore in the same file and on the same connection as the alerts.
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/triage.hpp"

namespace kentongan {

class SqliteTriage final : public TriageStore {
  public:
    /// `alerts` outlives it.
    explicit SqliteTriage(SqliteAlertStore& alerts)
        : alerts_(alerts), database_(alerts.database()) {}

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
    Result<> write(const TriageChange& change);
    Result<> write_place(const Place& place);
    Result<> write_case(const CaseRecord& record);
    Result<> write_suppression(const Suppression& suppression);
    Result<> write_approval(const Approval& approval);
    Result<> write_action(const ActionRow& action);
    Result<> keep(const KeptAnswer& answer);
    Result<> erase(const Erasure& erasure);

    SqliteAlertStore& alerts_;
    SqliteDatabase& database_;
};

}  // namespace kentongan
