// Triage in two stores: random changes on both in lockstep, and every answer is equal.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "daemon/store/memory/memory_triage.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

std::string told(const Place& p) {
    return fmt::format("{} {} {} '{}' '{}' '{}' {} {} '{}'\n", p.alert, name_of(p.severity),
                       p.state, p.reason, p.assignee, p.case_id, p.revision, p.rule_id,
                       p.suppressed);
}
std::string told(const ActionRow& a) {
    return fmt::format("{} {} {} {} {}>{} {} {}\n", a.object, to_nanoseconds(a.at), a.who, a.action,
                       a.from, a.to, a.why, a.comment);
}
std::string told(const CaseRecord& c) { return boost::json::serialize(to_json(c)) + "\n"; }
std::string told(const Approval& a) { return boost::json::serialize(to_json(a)) + "\n"; }
std::string told(const Suppression& s) {
    return fmt::format("{} {} {} {} {} {} {} {}\n", s.id, s.rule_id, s.entity, s.source_ip,
                       s.reason, s.owner, to_nanoseconds(s.begins), to_nanoseconds(s.expires));
}
std::string told(const KeptAnswer& a) {
    return fmt::format("{} {} {} {} {}\n", a.key, a.request, a.status, a.body,
                       to_nanoseconds(a.at));
}
std::string told(const Notification& n) {
    return fmt::format("{} {} {} {} {}\n", n.alert, n.destination, n.type, to_nanoseconds(n.queued),
                       n.delivered ? to_nanoseconds(*n.delivered) : -1);
}
std::string told(const DeliveryRecord& r) {
    return fmt::format("{} '{}' {} '{}'\n", r.message.alert_id, r.message.body,
                       static_cast<int>(r.state), r.detail);
}
template <class T>
std::string told(const std::vector<T>& all) {
    std::string out;
    for (const auto& one : all) out += told(one);
    return out;
}
template <class T>
std::string told(const std::optional<T>& one) {
    return one ? told(*one) : "none";
}
template <class T>
std::string told(const Result<T>& result) {
    return result ? told(*result) : "error " + result.error().message;
}
std::string told(const Result<>& result) { return result ? "done" : result.error().message; }

class TriageLockstep {
  public:
    explicit TriageLockstep(std::uint64_t seed) : random_(seed) {
        AlertBatch batch;
        for (int i = 1; i <= 20; ++i) {
            SampleAlert sample;
            sample.number = i;
            sample.severity = static_cast<Severity>(i % 5);
            batch.alerts.push_back({make_alert(sample), {{"bssn", "alert.created", "body"}}});
            ids_.push_back(batch.alerts.back().alert.id);
        }
        EXPECT_TRUE(alerts_.commit(batch));
        EXPECT_TRUE(file_->commit(batch));
    }

    void step() {
        clock_.advance(std::chrono::minutes{number(1, 90)});
        TriageChange change;
        for (int i = number(0, 3); i > 0; --i) add_to(change);
        same([&](TriageStore& s) { return told(s.change(change)); });
        if (number(0, 3) == 0) settle();
        look();
        ASSERT_EQ(alerts_.entry_count().value(), file_->entry_count().value());
    }

  private:
    int number(int low, int high) { return std::uniform_int_distribution{low, high}(random_); }
    std::string id(std::string_view kind, int most) {
        return fmt::format("{}-{}", kind, number(1, most));
    }
    std::string memory_alert(const std::string& id) { return alerts_.get(id).value()->json; }
    /// Of the message about an alert.
    std::int64_t number_of(const std::string& id) {
        return std::ranges::find(ids_, id) - ids_.begin() + 1;
    }
    std::string any_alert() { return ids_[static_cast<std::size_t>(number(0, 19))]; }

    template <class Call>
    void same(Call call) {
        ASSERT_EQ(call(static_cast<TriageStore&>(memory_)),
                  call(static_cast<TriageStore&>(sqlite_)));
    }

    void add_to(TriageChange& change) {
        switch (number(0, 7)) {
            case 0: {
                const std::string alert = number(0, 9) == 0 ? "nobody" : any_alert();
                auto place = memory_.place(alert).value().value_or(Place{.alert = alert});
                place.revision += number(0, 9) == 0 ? 2 : 1;  // at times too late
                place.state = number(0, 1) == 0 ? "assigned" : "closed";
                place.assignee = id("person", 3);
                place.case_id = number(0, 2) == 0 ? "" : id("case", 3);
                change.places.push_back(std::move(place));
                break;
            }
            case 1: {
                auto record = memory_.find_case(id("case", 4)).value();
                CaseRecord next = record.value_or(CaseRecord{.id = id("case", 4), .title = "T"});
                if (record) ++next.revision;
                if (number(0, 2) == 0) next.closed = clock_.now();
                change.cases.push_back(std::move(next));
                break;
            }
            case 2:
                change.suppressions.push_back(
                    {.id = id("sup", 5),
                     .rule_id = "r",
                     .entity = "*",
                     .source_ip = "",
                     .reason = "noise",
                     .owner = "sari",
                     .begins = clock_.now(),
                     .expires = clock_.now() + std::chrono::hours{number(0, 20)}});
                break;
            case 3:
                change.approvals.push_back({.id = id("app", 6),
                                            .action = "close",
                                            .object = "alert:" + any_alert(),
                                            .confirmers = 2,
                                            .confirmed_by = {id("person", 3)},
                                            .state = number(0, 1) == 0 ? "pending" : "refused"});
                break;
            case 4:
                change.answer =
                    KeptAnswer{fmt::format("key {}", ++keys_), "hash", 200, "{}", clock_.now()};
                break;
            case 5: {
                const std::string id = any_alert();
                Alert left = *alert_from_json(boost::json::parse(memory_alert(id)));
                left.message = "";
                change.erasures.push_back({"alert:" + id, std::move(left)});
                break;
            }
            case 6:
                change.shared.push_back({number(0, 9) == 0 ? "nobody" : any_alert(),
                                         {{"polri", "alert.created", "shared", Urgency::critical},
                                          {"polri_cell", "alert.created", "shared"}}});
                break;
            default:
                change.about.push_back({change.entries.size(), any_alert()});
                change.entries.push_back("{}");
                change.salts.push_back({"alert:" + any_alert(), "salt"});
        }
        change.actions.push_back({"alert:" + any_alert(), clock_.now(), "sari", "ack", "new",
                                  "acknowledged", "why", "word"});
    }

    void settle() {
        const std::vector<DeliveryOutcome> outcomes{
            {number(1, 20), DeliveryOutcome::State::delivered, "200", clock_.now()},
            {number(1, 20), DeliveryOutcome::State::retry, "500", clock_.now()}};
        EXPECT_TRUE(alerts_.settle(outcomes));
        EXPECT_TRUE(file_->settle(outcomes));
    }

    void look() {
        const std::string alert = any_alert();
        const auto limit = static_cast<std::size_t>(number(0, 6));
        const std::string one_case = id("case", 4);
        const std::string approval = id("app", 6);
        const std::string suppression = id("sup", 5);
        const std::string key = fmt::format("key {}", number(1, keys_ + 1));
        const auto waiting = alerts_.pending("polri", 3).value();
        const auto waiting_there = file_->pending("polri", 3).value();
        ASSERT_EQ(waiting.size(), waiting_there.size());
        for (std::size_t i = 0; i < waiting.size(); ++i)
            ASSERT_EQ(waiting[i].alert_id, waiting_there[i].alert_id);
        ASSERT_EQ(alerts_.entries_about(alert).value(), file_->entries_about(alert).value());
        same([&](TriageStore& s) { return told(s.place(alert)); });
        same([&](TriageStore& s) { return told(s.place("nobody")); });
        same([&](TriageStore& s) { return told(s.places_of_case(one_case, limit)); });
        same([&](TriageStore& s) { return told(s.places_of_case("", limit)); });
        same([&](TriageStore& s) { return told(s.actions("alert:" + alert, limit)); });
        same([&](TriageStore& s) { return told(s.cases(limit % 2 == 0, limit)); });
        same([&](TriageStore& s) { return told(s.find_case(one_case)); });
        same([&](TriageStore& s) { return told(s.suppressions(clock_.now(), limit)); });
        same([&](TriageStore& s) { return told(s.find_suppression(suppression)); });
        same([&](TriageStore& s) { return told(s.pending_approvals(limit)); });
        same([&](TriageStore& s) { return told(s.find_approval(approval)); });
        same([&](TriageStore& s) { return told(s.approvals_about("alert:" + alert)); });
        ASSERT_EQ(alerts_.get(alert).value()->json, file_->get(alert).value()->json);
        ASSERT_EQ(alerts_.salts("alert:" + alert).value(), file_->salts("alert:" + alert).value());
        ASSERT_EQ(told(alerts_.record(number_of(alert)).value()),
                  told(file_->record(number_of(alert)).value()));
        same([&](TriageStore& s) { return told(s.kept_answer(key, clock_.now())); });
        same([&](TriageStore& s) { return told(s.notifications(alert, limit)); });
    }

    TemporaryFolder folder_;
    ManualClock clock_;
    std::mt19937_64 random_;
    int keys_ = 0;
    std::vector<std::string> ids_;
    MemoryAlertStore alerts_{clock_};
    MemoryTriage memory_{alerts_};
    std::unique_ptr<SqliteAlertStore> file_ =
        SqliteAlertStore::open(folder_ / "alerts.db", SqliteAlertStore::Mode::read_write, clock_)
            .value();
    SqliteTriage sqlite_{*file_};
};

class TriageContract : public testing::TestWithParam<std::uint64_t> {};

TEST_P(TriageContract, SqliteAndMemoryGiveTheSameAnswers) {
    TriageLockstep stores{GetParam()};
    for (int i = 0; i < 300; ++i) {
        stores.step();
        if (HasFatalFailure()) FAIL() << "at step " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TriageContract, testing::Range<std::uint64_t>(1, 5));

}  // namespace
}  // namespace kentongan
