#pragma once
// TriageStore: what people do with alerts, and what they decided: places in triage, acts, cases,
// suppressions, approvals. Nothing in it deletes an alert. Blocking; only on the store's thread.
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/suppression.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// Where an alert stands. `state`: new, acknowledged, assigned, escalated, closed; `reason` of a
/// closed one: true, benign, false, duplicate, exercise.
struct Place {
    std::string alert;
    Severity severity = Severity::medium;
    std::string state = "new";
    std::string reason{};
    std::string assignee{};
    std::string case_id{};
    std::int64_t revision = 1;  ///< grows with each act
    std::string suppressed{};
    std::string rule_id{};
};

enum class TriageVerb { ack, assign, comment, escalate, close, reopen };
[[nodiscard]] std::string_view name_of(TriageVerb verb);
[[nodiscard]] std::optional<TriageVerb> parse_verb(std::string_view name);

struct TriageAct {
    TriageVerb verb = TriageVerb::comment;
    std::string reason{};    ///< of close
    std::string assignee{};  ///< of assign
};

/// The place after the act, its revision one more. An error (usage) says what is allowed instead.
[[nodiscard]] Result<Place> advance(const Place& place, const TriageAct& act);

/// One act of one person.
struct ActionRow {
    /// alert:ID, case:ID, suppression:ID, approval:ID; destination:NAME (pause, resume),
    /// delivery:NAME (retry, replay), agency:NAME (seen)
    std::string object;
    Timestamp at{};
    std::string who;
    std::string action;
    std::string from{};
    std::string to{};
    std::string why{};
    std::string comment{};
};

struct CaseRecord {
    std::string id{};
    std::string title{};
    Severity severity = Severity::medium;
    std::string owner{};
    Tlp tlp = Tlp::amber;
    bool breach = false;  ///< of personal data
    bool exercise = false;
    Timestamp discovered{};  ///< the clocks of the law run from here
    Timestamp opened{};
    std::optional<Timestamp> closed{};
    std::optional<Timestamp> reported{};  ///< to the CSIRT (BSSN 1/2024 art. 15)
    std::optional<Timestamp> notified{};  ///< the data subjects (UU PDP art. 46)
    std::string description{};
    std::string impact{};
    std::string summary{};
    std::int64_t revision = 1;
};

/// Something that a second person must confirm.
struct Approval {
    std::string id{};
    std::string action{};  ///< close, share, suppress, pause, change
    std::string object{};
    std::string why{};
    std::string request{};  ///< JSON of what is done when it is confirmed
    std::string asked_by{};
    std::size_t confirmers = 1;               ///< so many persons' yes, none of them asked_by
    std::vector<std::string> confirmed_by{};  ///< those so far
    Timestamp asked{};
    Timestamp expires{};
    std::string state = "pending";  ///< pending, confirmed, refused
    std::string decided_by{};
    std::optional<Timestamp> decided{};
    std::string decided_why{};
};

struct KeptAnswer {
    std::string key;
    std::string request;  ///< SHA-256 of what was asked
    std::int64_t status = 200;
    std::string body;
    Timestamp at{};
};

struct Notification {
    std::string alert;
    std::string destination;
    std::string type;
    Timestamp queued{};
    std::optional<Timestamp> delivered{};
};

/// What was kept in clear of an object is destroyed, and with its salts what entries said of it in
/// hashes. The texts of acts on it and kept answers that name it go too.
struct Erasure {
    std::string object;  ///< alert:ID, case:ID, approval:ID
    /// Of an alert: what is left of it, to be stored instead. Its messages lose their bodies, and
    /// those that wait are dead for ever.
    std::optional<Alert> alert{};
};

/// What a person's act sends of an alert.
struct SharedAlert {
    std::string alert;
    std::vector<NewDelivery> messages{};  ///< with final bodies
};

/// One transaction: all of it or nothing; erasures come first. A place or case whose stored
/// revision is not one less is an error (temporary), and so is a place or a message of an alert
/// that is not there.
struct TriageChange {
    std::vector<Place> places{};
    std::vector<CaseRecord> cases{};  ///< revision 1: a new one
    std::vector<Suppression> suppressions{};
    std::vector<Approval> approvals{};
    std::vector<SharedAlert> shared{};  ///< into the outbox
    std::vector<ActionRow> actions{};
    std::vector<std::string> entries{};
    std::vector<EntryAbout> about{};  ///< which of them are about alerts
    std::vector<Salt> salts{};
    std::optional<KeptAnswer> answer{};
    std::vector<Erasure> erasures{};
};

class TriageStore {
  public:
    static constexpr std::size_t kMostAnswers = 10'000;
    static constexpr std::chrono::hours kAnswerLife{24};

    virtual ~TriageStore() = default;
    /// With erasures it ends when no copy is left in the database's files either: seconds to
    /// minutes in a large one, and as much free disk again. If that fails (the error says so) all
    /// else is done; erase again.
    virtual Result<> change(const TriageChange& change) = 0;
    virtual Result<std::optional<Place>> place(const std::string& alert) = 0;
    /// Of a case's alerts, in the order they were stored; at most `limit`.
    virtual Result<std::vector<Place>> places_of_case(const std::string& id, std::size_t limit) = 0;
    /// Oldest first; at most `limit`, the newest ones.
    virtual Result<std::vector<ActionRow>> actions(const std::string& object,
                                                   std::size_t limit) = 0;
    /// Newest first.
    virtual Result<std::vector<CaseRecord>> cases(bool open_only, std::size_t limit) = 0;
    virtual Result<std::optional<CaseRecord>> find_case(const std::string& id) = 0;
    /// Those that expire after `now`, oldest first.
    virtual Result<std::vector<Suppression>> suppressions(Timestamp now, std::size_t limit) = 0;
    virtual Result<std::optional<Suppression>> find_suppression(const std::string& id) = 0;
    /// Pending ones, expired or not, oldest first.
    virtual Result<std::vector<Approval>> pending_approvals(std::size_t limit) = 0;
    virtual Result<std::optional<Approval>> find_approval(const std::string& id) = 0;
    /// Of an object ("alert:ID"), in whatever state, oldest first. Reads them all.
    virtual Result<std::vector<Approval>> approvals_about(const std::string& object) = 0;
    /// Not older than kAnswerLife at `now`.
    virtual Result<std::optional<KeptAnswer>> kept_answer(const std::string& key,
                                                          Timestamp now) = 0;
    /// Messages about one alert, in order; at most `limit`.
    virtual Result<std::vector<Notification>> notifications(const std::string& alert,
                                                            std::size_t limit) = 0;
};

/// The id in an alert's JSON as it was stored; empty: none.
[[nodiscard]] std::string id_in(std::string_view alert);
/// Adds state, reason, assignee, case and revision to an alert's JSON as it was stored.
void write_place(std::string& alert, const Place& place);

[[nodiscard]] boost::json::object to_json(const CaseRecord& record);
[[nodiscard]] Result<CaseRecord> case_from_json(const boost::json::value& json);
[[nodiscard]] boost::json::object to_json(const Approval& approval);
/// All of a suppression's row, for sealing it.
[[nodiscard]] std::string sealed_text(const Suppression& suppression);
[[nodiscard]] Result<Approval> approval_from_json(const boost::json::value& json);

}  // namespace kentongan
