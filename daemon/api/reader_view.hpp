#pragma once
// Who may read what of alerts, and ask what about them: everything from analyst up, all but TLP:RED
// as a viewer, what was routed to it as an agency, and what TLP:GREEN allows on the wall.
#include <memory>
#include <optional>
#include <string>

#include "daemon/api/alert_parameters.hpp"
#include "daemon/api/routes.hpp"

namespace kentongan::api {

/// Alerts as one reader sees them. A value that may go to another thread.
class ReaderView {
  public:
    ReaderView(const Service& service, Identity who);

    /// Readers of the same key are shown the same.
    [[nodiscard]] std::string key() const;
    /// Narrows a question to alerts of this reader. Fields that it may not see are refused, for an
    /// answer to "source.ip : 10.0.0.0/8" tells an address as well as the alert does. An agency is
    /// answered about those classes of which its route lets out all fields that are asked about.
    void narrow(AlertsWanted& wanted) const;
    /// The alert's JSON as it is shown; nothing when it is not for this reader.
    [[nodiscard]] std::optional<std::string> shown(std::string alert) const;
    /// Whether it is told of what it reads: the wall reads nothing that is TLP:RED.
    [[nodiscard]] bool is_told_of() const { return who_.role != Role::wall; }

  private:
    void narrow_to_agency(AlertsWanted& wanted) const;

    Identity who_;
    std::shared_ptr<const Routing> routing_;  ///< null unless it is an agency
};

/// What a call asks for, narrowed to what it may.
[[nodiscard]] AlertsWanted alerts_wanted(const Call& call, SearchRequest::What what);
/// Leaves of alerts what the reader may see, and tells of what is TLP:RED.
void show_to(const Call& call, std::vector<StoredAlert>& alerts);
/// Whether the reader may see the alert of this id, whose TLP:RED is told of; true when there is
/// none. Errors: the store's.
[[nodiscard]] Task<Result<bool>> may_read(const Call& call, std::string id);
/// Whether a field of alerts says nothing of persons, addresses or what attackers wrote.
[[nodiscard]] bool is_for_all(query::Name field);

[[nodiscard]] inline bool is_wall(const Call& call) { return call.who.role == Role::wall; }
[[nodiscard]] inline bool is_agency(const Call& call) { return call.who.role == Role::agency; }

}  // namespace kentongan::api
