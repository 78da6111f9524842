#pragma once
// What the routes reach: narrow views of the store, the metrics and the process's state.
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/routing.hpp"
#include "daemon/api/login/login_notes.hpp"
#include "daemon/api/login/logins.hpp"
#include "daemon/api/rate_limit.hpp"
#include "daemon/api/red_reads.hpp"
#include "daemon/api/tokens.hpp"
#include "daemon/api/views.hpp"
#include "daemon/async/task.hpp"
#include "daemon/base/time.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/store/alert_search.hpp"
#include "daemon/store/noise.hpp"

namespace kentongan::api {

struct Health {
    bool alive = true;
    bool ready = true;
    std::vector<std::string> reasons{};  ///< why it is not, for people
    /// Of each reason, for pages in other languages: store, starting, no_heartbeat, stopping.
    std::vector<std::string> codes{};
};

/// Packets that were kept of an alert's traffic.
struct KeptPackets {
    std::string pcapng;
    std::size_t packets = 0;
    bool cut = false;  ///< there are more
};

class Casework;
/// A package of evidence that somebody asks for.
struct EvidenceOrder {
    std::vector<std::string> alerts;  ///< ids
    std::string case_id;
    std::string who;  ///< the caller
    std::string why;
    std::string recipient;
};
/// A package of evidence changes hands.
struct HandoverOrder {
    std::string sha256;               ///< of the package
    std::vector<std::string> alerts;  ///< ids, that are in it
    std::string who;                  ///< the caller
    std::string to;
    std::string why;
};

/// All of it outlives the server. The two callbacks run on the loop and must not block.
struct Dependencies {
    AlertStore& alerts;
    Outbox& outbox;
    asio::any_io_executor store;  ///< the only thread that may call the two above
    Metrics& metrics;
    std::function<Health()> health;
    /// Members of GET /api/v1/status; `name` (of the sensor) and `heartbeat` (RFC 3339, when data
    /// last passed the pipeline) are shown by the page.
    std::function<boost::json::object()> status;
    const Clock& clock;
    /// GET /api/v1/coverage: of an area (empty: all), then or forecast. On the loop, lock-free;
    /// nothing for an unknown area. Empty function: there is no register.
    std::function<std::optional<boost::json::object>(const std::string& area,
                                                     std::optional<Timestamp> at)>
        coverage{};
    /// GET /api/v1/alerts/{id}/packets, of an alert's JSON; called on the loop, looks elsewhere.
    /// no_input: none, and why. Empty function: no packets are kept.
    std::function<Task<Result<KeptPackets>>(std::string alert)> packets{};
    /// GET /api/v1/alerts/{id}/context, of an alert's JSON and the number of its evidence; called
    /// on the loop, looks elsewhere. no_input: it is no log line, and why. Empty function: no logs.
    std::function<Task<Result<boost::json::object>>(std::string alert, std::size_t evidence)>
        context{};
    /// The routing in force, which says what an agency may read; on the loop. Empty function: no
    /// agency reads alerts.
    std::function<std::shared_ptr<const Routing>()> routing{};
    /// Whose a destination is; on the loop. Empty function: a destination has its agency's name.
    std::function<std::string(const std::string& destination)> agency_of{};
    Views views{};
    NoiseReader* noise = nullptr;  ///< GET /api/v1/rules/noise; on the store's thread; null: none
    /// Triage, cases, suppressions, approvals; only on the store's thread. Null: none of them.
    Casework* casework = nullptr;
    /// On the store's thread too. Null: no questions are answered (503).
    SearchStore* searches = nullptr;
    /// POST /api/v1/evidence: a package (ZIP); that it was made enters the history. Called on the
    /// loop, works elsewhere. no_input: an alert is not there. Empty function: no history is kept.
    std::function<Task<Result<std::string>>(EvidenceOrder order)> evidence{};
    /// POST /api/v1/evidence:handover: it enters the history. As above; no_input: no package with
    /// this hash was made here.
    std::function<Task<Result<>>(HandoverOrder order)> handover{};
    /// POST /-/reload: asks for what SIGHUP does. On the loop. Empty function: it cannot be asked.
    std::function<void()> reload{};
    /// Where passwords are checked; may block.
    asio::any_io_executor blocking{};
    /// Somebody logged in or out, tried in vain, or used a token or certificate (with each
    /// request); on the loop. May be empty.
    std::function<void(const LoginEvent& event)> logged_in{};
    /// Somebody read what is or may be TLP:RED: "alert:ID", all that is said of "case:ID", the
    /// values of a field ("count:user"), or a "drill"; what is read again within the hour is told
    /// when it is over, as "alert:ID again 12". On the loop. May be empty.
    std::function<void(const std::string& name, std::vector<std::string> objects)> read_red{};
};

class TailFeed;

/// What every route is given.
struct Service {
    Dependencies dependencies;
    Tokens tokens;
    Logins logins;
    RateLimit limit;
    RedReads red_reads{};
    std::map<std::string, std::weak_ptr<TailFeed>> feeds{};  ///< of the live tail, by question
    std::size_t open_streams = 0;
    std::size_t maximum_streams = 16;
    std::size_t open_searches = 0;
    bool searching = false;  ///< one step of a search is on the store's thread
};

}  // namespace kentongan::api
