#pragma once
// Casework: what people do by the API — triage, cases, suppressions, approvals — decided and stored
// in one transaction with its entry in the history. All calls on the store's thread.
#include <boost/json/object.hpp>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/api/bssn_report.hpp"
#include "daemon/store/alert_search.hpp"
#include "daemon/store/triage.hpp"

namespace kentongan::api {

/// Who asks, and the conditions they set.
struct Asker {
    std::string name;
    std::optional<std::int64_t> revision{};  ///< If-Match
    std::string key{};                       ///< Idempotency-Key; empty: none
    std::string request{};                   ///< SHA-256 of method, target and body
};

struct Refusal {
    unsigned status = 400;
    std::string detail;
};

struct Done {
    unsigned status = 200;
    boost::json::object body{};
    std::optional<std::int64_t> revision{};  ///< of what was changed; its entity tag
    bool replayed = false;                   ///< the answer to the same request before
};

template <class T>
using Answer = std::expected<T, Refusal>;

class Casework {
  public:
    static constexpr std::size_t kMostInBulk = 1000;
    static constexpr std::size_t kMostSeen = 1000;
    static constexpr std::size_t kMostActions = 10'000;  ///< of one alert or case
    static constexpr std::size_t kMostCases = 1000;      ///< listed
    static constexpr std::size_t kMostSuppressions = 1000;
    static constexpr std::size_t kMostPending = 1000;
    static constexpr std::size_t kMostTimeline = 5000;

    struct Options {
        /// Whether a second person is needed for what is in force from one instant to another;
        /// empty: never.
        std::function<bool(Timestamp from, Timestamp until)> two_person{};
        /// Told at once and after each change, on the store's thread.
        std::function<void(std::shared_ptr<const Suppressions>)> suppress_by{};
        /// Names of the destinations that can be paused.
        std::vector<std::string> destinations{};
        /// The paused ones and what to say of each: told as suppress_by is.
        std::function<void(std::map<std::string, std::string>)> pause_by{};
        /// What an agency's destinations get of an alert that a person shares with it, with final
        /// bodies; `again`: not for the first time. An error (usage) says why it gets nothing. On
        /// the store's thread. Empty: nothing is delivered from here.
        std::function<Result<std::vector<NewDelivery>>(const Alert&, const std::string& agency,
                                                       bool again)>
            share{};
        /// Messages were queued; on the store's thread.
        std::function<void()> queued{};
        /// Two persons said yes to ask_change(object); on the store's thread, once it is stored.
        std::function<void(std::string object)> permit{};
        std::chrono::seconds longest_suppression{std::chrono::hours{168}};
        std::chrono::seconds approval_life{std::chrono::hours{1}};
        Reporter reporter{};
        /// An alert as BSSN is let see it, on the store's thread; nothing: BSSN is not told of it.
        /// Empty: of none.
        std::function<std::optional<boost::json::object>(const Alert&)> told_to_bssn{};
    };
    /// All but the options outlive it.
    Casework(AlertStore& alerts, SearchStore& searches, TriageStore& triage, EntryLog& history,
             const Clock& clock, Options options);

    /// Hands over the suppressions in force; once at the start.
    Result<> announce_suppressions();

    Answer<Done> act(const Asker& asker, const std::string& alert, TriageVerb verb,
                     const boost::json::object& body);
    /// An alert that is meant, and the revision that was seen of it.
    struct Aim {
        std::string alert;
        std::optional<std::int64_t> revision;
    };
    /// {"action"} and one of "ids": […], "items": [{id, revision}, …] and "query": in the query
    /// language or {severity, rule, ruleset, agency}; the newest kMostInBulk that fit it. Each
    /// alert has a result of its own; 412 in it when it is at another revision.
    Answer<Done> act_on_many(const Asker& asker, const boost::json::object& body);
    /// {"agency", "why"}: sends the alert to the agency as it is now, as its row of the routing
    /// lets it out. What becomes of the alert later is not sent to it, until it is shared again.
    Answer<Done> share(const Asker& asker, const std::string& alert,
                       const boost::json::object& body);
    /// Somebody of an agency has read what it was sent of the alert. Said again within the hour it
    /// is answered with the first time; 429: of kMostSeen alerts in an hour.
    Answer<Done> seen(const Asker& asker, const std::string& agency, const std::string& alert);
    /// When that was last; nothing: never.
    Result<std::optional<Timestamp>> last_seen(const std::string& agency);
    Answer<Done> actions(const std::string& alert);
    Answer<std::optional<Place>> place(const std::string& alert);

    Answer<Done> cases(bool open_only);
    Answer<Done> show_case(const std::string& id);
    Answer<Done> open_case(const Asker& asker, const boost::json::object& body);
    Answer<Done> change_case(const Asker& asker, const std::string& id,
                             const boost::json::object& body);
    Answer<Done> change_alerts(const Asker& asker, const std::string& id,
                               const boost::json::object& body);
    Answer<Done> close_case(const Asker& asker, const std::string& id,
                            const boost::json::object& body);
    Answer<Done> timeline(const std::string& id);
    Answer<ReportFacts> report_facts(const std::string& id);

    Answer<Done> suppressions();
    Answer<Done> suppress(const Asker& asker, const boost::json::object& body);
    Answer<Done> end_suppression(const Asker& asker, const std::string& id,
                                 const boost::json::object& body);

    /// Hands over which destinations are paused; once at the start.
    Result<> announce_paused();
    /// A paused destination is sent nothing; its messages wait.
    Answer<Done> pause(const Asker& asker, const std::string& destination,
                       const boost::json::object& body);
    Answer<Done> resume(const Asker& asker, const std::string& destination,
                        const boost::json::object& body);
    /// That its messages are queued again, before they are: `action` is retry or replay, `what`
    /// which of them.
    Answer<Done> note_again(const std::string& who, const std::string& destination,
                            const std::string& action, const std::string& what);

    /// Asks for the yes of two persons to a change that this machine was told to make; the id of
    /// the approval, which is the one before while that waits. It is asked by "local", whoever may
    /// signal the process: who that was is not known, so one yes could be their own.
    Result<std::string> ask_change(const std::string& object, const std::string& why);
    /// {"object": alert:ID or case:ID (with its alerts), "ground"}: what identifies people is
    /// destroyed, here and in the history's hashes. 409: something may still be merged into it.
    Answer<Done> erase(const Asker& asker, const boost::json::object& body);

    Answer<Done> approvals();
    Answer<Done> decide(const Asker& asker, const std::string& id, bool confirmed,
                        const boost::json::object& body);

  private:
    using Work = std::function<Answer<Done>(TriageChange& change)>;
    /// Runs `work` and commits what it put into the change; a request with a key only once.
    Answer<Done> once(const Asker& asker, const Work& work);
    Answer<Done> commit(const Asker& asker, TriageChange change, Answer<Done> done);
    /// The act, its entry in the history, and the salt that entry needs. `detail`: what else the
    /// act leaves behind, sealed by its hash.
    void note(TriageChange& change, ActionRow row, std::int64_t revision, const std::string& state,
              const std::string& detail = {});
    std::string salt_of(TriageChange& change, const std::string& subject);
    /// For what is in force until then; by default, for an act of this moment.
    [[nodiscard]] bool needs_second(std::optional<Timestamp> until = std::nullopt) const;
    Answer<Done> ask_second(TriageChange& change, const Asker& asker, Approval approval);

    Answer<Done> act_in(TriageChange& change, const Asker& asker, const std::string& alert,
                        TriageVerb verb, const boost::json::object& body, bool confirmed);
    /// 412: the asker saw another revision. 409: no more acts fit.
    Answer<Place> place_for(const Asker& asker, const std::string& alert);
    Answer<Done> share_in(TriageChange& change, const Asker& asker, const std::string& alert,
                          const boost::json::object& body, bool confirmed);
    Answer<SharedAlert> messages_for(TriageChange& change, const std::string& alert,
                                     const std::string& agency, bool again);
    Answer<std::vector<Aim>> aims_of(const boost::json::object& body);
    Answer<CaseRecord> open_record(const Asker& asker, const std::string& id);
    Answer<Done> put_into(TriageChange& change, const Asker& asker, const std::string& alert,
                          const std::string& case_id, const std::string& from,
                          const std::string& why);
    /// Whose eyes a case is told for: our people's, or BSSN's.
    enum class Reader { own, bssn };
    /// The message that this reader may read; empty: none.
    std::string message_for(Reader reader, const Alert& alert) const;
    void tell_of_alert(const Place& place, Reader reader, std::vector<TimelineItem>& out);
    Answer<std::vector<TimelineItem>> timeline_of(const std::string& id, Reader reader);
    /// A case is labelled no lower than any alert in it.
    Answer<Done> label(CaseRecord& record, const std::vector<std::string>& alerts);
    Answer<Done> case_answer(const CaseRecord& record, unsigned status);
    Answer<Suppression> suppression_of(const Asker& asker, const boost::json::object& body) const;
    Answer<Done> suppress_in(TriageChange& change, const Asker& asker, Suppression wanted);
    Answer<Done> turn(TriageChange& change, const Asker& asker, const std::string& destination,
                      bool paused, const std::string& why);
    /// The newest act on it; nothing when there is none. 404: there is no such destination.
    Answer<std::optional<ActionRow>> last_turn(const std::string& destination);
    Answer<bool> as_it_was(const std::string& alert, const boost::json::object& asked);
    Answer<Done> perform(TriageChange& change, const Approval& approval,
                         const std::string& confirmed_by);

    Answer<Done> erase_in(TriageChange& change, const Asker& asker, const std::string& object,
                          const std::string& ground);
    Answer<Done> erase_alert(TriageChange& change, const Asker& asker, const std::string& id,
                             const std::string& ground);
    Answer<Done> erase_case(TriageChange& change, const Asker& asker, const std::string& id,
                            const std::string& ground);
    Answer<Done> erase_approvals(TriageChange& change, const Asker& asker,
                                 const std::string& object, const std::string& ground);
    void begin_erasure(TriageChange& change, const std::string& object, const std::string& ground,
                       std::optional<Alert> left);
    Answer<bool> is_open(const std::string& alert);

    AlertStore& alerts_;
    SearchStore& searches_;
    TriageStore& triage_;
    EntryLog& history_;
    const Clock& clock_;
    Options options_;
};

/// A member of a request's body; 400 when it is no text or longer than `cap` bytes, or when it is
/// required and empty. Missing: empty.
[[nodiscard]] Answer<std::string> text_member(const boost::json::object& body,
                                              std::string_view name, std::size_t cap = 4000,
                                              bool required = false);
[[nodiscard]] std::unexpected<Refusal> refuse(unsigned status, std::string detail);
/// 503 for a store that fails, 412 for what was changed meanwhile.
[[nodiscard]] std::unexpected<Refusal> refuse(const Error& error);
[[nodiscard]] boost::json::object to_json(const TimelineItem& item);

}  // namespace kentongan::api
