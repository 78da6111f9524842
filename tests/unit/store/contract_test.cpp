// One contract, two stores: random operations run on both in lockstep, and every answer is equal.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "daemon/store/memory/memory_alert_store.hpp"
#include "daemon/store/query/parse.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

// Answers as texts, so that a difference prints itself.
std::string told(const Result<>& result) { return result ? "done" : result.error().message; }
std::string told(const StoredAlert& alert) {
    return fmt::format("{} {}\n", alert.sequence, alert.json);
}
std::string told(const AlertPage& page) {
    std::string out;
    for (const auto& alert : page.alerts) out += told(alert);
    return out + fmt::format("next {}", page.next.value_or(-1));
}
std::string told(const std::optional<StoredAlert>& alert) { return alert ? told(*alert) : "none"; }
std::string told(const std::vector<Alert>& alerts) {
    std::string out;
    for (const auto& alert : alerts)
        out += fmt::format("{} told {} until {}\n", boost::json::serialize(to_json(alert)),
                           alert.told, to_nanoseconds(alert.open_until));
    return out;
}
std::string told(const std::map<std::string, std::string>& map) { return fmt::format("{}", map); }
std::string told(std::uint64_t number) { return fmt::format("{}", number); }
std::string told(const std::vector<std::uint64_t>& numbers) { return fmt::format("{}", numbers); }
std::string told(const std::vector<Delivery>& deliveries) {
    std::string out;
    for (const auto& d : deliveries)
        out +=
            fmt::format("{} {} {} {} {} {} {} {}\n", d.sequence, d.alert_id, d.destination, d.type,
                        d.body, d.attempts, to_nanoseconds(d.created), static_cast<int>(d.lane));
    return out;
}
std::string told(const DeliveryRecord& record) {
    return told(std::vector{record.message}) +
           fmt::format("{} {} {} {}\n", static_cast<int>(record.state),
                       to_nanoseconds(record.committed),
                       record.settled ? to_nanoseconds(*record.settled) : -1, record.detail);
}
std::string told(const std::vector<DeliveryRecord>& records) {
    std::string out;
    for (const auto& record : records) out += told(record);
    return out;
}
std::string told(const std::vector<DeliveryStatus>& all) {
    const auto time = [](std::optional<Timestamp> t) { return t ? to_nanoseconds(*t) : -1; };
    std::string out;
    for (const auto& s : all)
        out += fmt::format("{} {} {} {} {} {} '{}'\n", s.destination, s.delivered, s.pending,
                           s.dead, time(s.oldest_pending), time(s.last_delivered), s.last_error);
    return out;
}
std::string told(const SearchAnswer& answer) {
    std::string out =
        fmt::format("{} others {} without {} cut {} '{}'", answer.total, answer.groups.others,
                    answer.groups.without, answer.groups.cut, answer.partial);
    for (const auto& [value, count] : answer.groups.top)
        out += fmt::format("\n{} {}", count, value);
    for (const auto& [begin, count] : answer.histogram.bars)
        out += fmt::format("\n{} {}", count, to_rfc3339(begin));
    return out;
}
template <class T>
std::string told(const Result<T>& result) {
    return result ? told(*result) : "error " + result.error().message;
}

class Lockstep {
  public:
    explicit Lockstep(std::uint64_t seed) : random_(seed) { reopen(); }

    void step() {
        clock_.advance(std::chrono::seconds{1});
        const int choice = number(0, 139);
        if (choice < 30)
            commit();
        else if (choice < 50)
            find();
        else if (choice < 60)
            settle();
        else if (choice >= 82)
            count();
        else if (choice < 64)
            same([&](auto& s) { return s.get(any_alert().id); });
        else if (choice < 66)
            same([&](auto& s) { return s.entries_about(any_alert().id); });
        else if (choice < 72)
            look_at_outbox();
        else if (choice < 78)
            look_at_the_rest();
        else if (choice < 80)
            same([](auto& s) { return s.revive("kpu"); });
        else if (choice < 82)
            reopen();
    }

    void same_history() {
        AlertQuery query;
        query.limit = 3;
        std::optional<std::int64_t> after;
        do {
            auto page = sqlite_->find(query, after);
            ASSERT_EQ(told(memory_.find(query, after)), told(page));
            after = page->next;
        } while (after);
    }

  private:
    int number(int low, int high) { return std::uniform_int_distribution{low, high}(random_); }
    bool chance(int percent) { return number(0, 99) < percent; }

    // The same arguments for both stores: the generator is wound back in between.
    template <class Call>
    void same(Call call) {
        const auto before = random_;
        const std::string expected = told(call(memory_));
        random_ = before;
        ASSERT_EQ(expected, told(call(*sqlite_)));
    }

    Alert any_alert() {
        SampleAlert sample;
        sample.number = number(1, 60);
        const std::mt19937_64 kept = random_;
        random_.seed(static_cast<unsigned>(sample.number));  // the same id has the same first_seen
        sample.first_seen += std::chrono::minutes{number(0, 300)};
        random_ = kept;
        sample.severity = static_cast<Severity>(number(0, 4));
        sample.ruleset = static_cast<Ruleset>(number(0, 7));
        sample.rule_id = fmt::format("rule {}", number(1, 4));
        sample.count = static_cast<std::uint64_t>(number(1, 5000));
        sample.agencies.clear();
        for (const char* name : {"kpu", "bssn", "polri", "brin", "kpu"})
            if (chance(50)) sample.agencies.emplace_back(name);
        Alert alert = make_alert(sample);
        decorate(alert);
        return alert;
    }

    // What questions are asked about.
    void decorate(Alert& alert) {
        auto rule = std::make_shared<Rule>(*alert.rule);
        if (chance(30)) rule->techniques = {any_of({"T1110", "T1110.001", "T1190"}), "T1046"};
        alert.rule = rule;
        alert.message =
            any_of({"sample", "failed login of budi", "Failed password", "x-y upload.php",
                    "failed:login", "login failed", "wide \xc3\xa9 text"});
        Subject& subject = alert.subject;
        const auto address = [&] { return fmt::format("192.0.2.{}", number(0, 255)); };
        if (chance(60)) subject.source_ip = IpAddress::parse(address());
        if (chance(20)) subject.source_ip = IpAddress::parse("2001:db8::7");
        if (chance(30)) subject.source_port = 22;
        if (chance(40)) subject.destination_port = static_cast<std::uint16_t>(number(1, 900));
        if (chance(20)) subject.destination_ip = IpAddress::parse("::1");
        if (chance(40)) subject.user = any_of({"root", "Budi", "food"});
        if (chance(40)) subject.host = any_of({"web1", "WEB2", "db"});
        if (chance(30)) subject.file_path = any_of({"/var/www/upload.php", "/etc/passwd"});
        if (chance(30)) subject.file_sha256 = "abcd";
        if (chance(30)) subject.url = any_of({"http://x/a/up", "http://y/b/up", "http://x/up"});
        if (chance(30)) subject.tps = any_of({"3171011001001", "3201011001002"});
        if (chance(20)) subject.area = any_of({"31", "3171", "3201011001"});
        for (int i = number(0, 3); i > 0; --i) alert.related_ip.push_back(address());
        for (int i = number(0, 2); i > 0; --i)
            alert.related_user.push_back(any_of({"root", "budi", "ani"}));
        if (chance(20)) alert.tlp = Tlp::red;
        alert.exercise = chance(10);
    }

    void commit() {
        AlertBatch batch;
        for (int i = number(0, 6); i > 0; --i) {
            AlertWrite write{any_alert(), {}};
            write.alert.told = static_cast<std::uint64_t>(number(0, 50));
            if (chance(30))
                write.alert.open_until =
                    write.alert.last_seen + std::chrono::minutes{number(0, 90)};
            if (chance(20)) write.alert.suppressed = "budget";
            for (const auto& agency : write.alert.agencies)
                if (chance(60))
                    write.deliveries.push_back({agency, "alert.created",
                                                fmt::format("body {}", ++bodies_),
                                                chance(30) ? Urgency::critical : Urgency::usual});
            for (int entries = number(0, 2); entries > 0; --entries) {
                batch.about.push_back({batch.entries.size(), write.alert.id});
                batch.entries.push_back(fmt::format("{{\"entry\":{}}}", ++bodies_));
            }
            if (chance(50)) write.json = boost::json::serialize(to_json(write.alert));
            batch.alerts.push_back(std::move(write));
        }
        if (chance(20)) batch.entries.emplace_back("{}");
        if (chance(20))
            batch.messages.push_back(
                {"kpu", "heartbeat", fmt::format("beat {}", ++bodies_), Urgency::heartbeat});
        if (chance(40))
            batch.bookmarks[fmt::format("log {}", number(1, 3))] = fmt::format("{}", bodies_);
        same([&](auto& s) { return s.commit(batch); });
    }

    void find() {
        AlertQuery query;
        query.where = parsed(any_question());
        query.newest_first = chance(50);
        query.limit = static_cast<std::size_t>(number(0, 12));
        std::optional<std::int64_t> after;
        if (chance(50)) after = number(-1, 70);
        same([&](auto& s) { return s.find(query, after); });
    }

    void count() {
        const std::string question = any_question();
        SCOPED_TRACE(question);
        SearchRequest request;
        request.where = parsed(question);
        request.what = chance(40) ? SearchRequest::What::histogram : SearchRequest::What::count;
        request.interval = std::chrono::minutes{chance(50) ? 5 : chance(50) ? 1 : 60};
        request.groups = static_cast<std::size_t>(number(1, 9));
        if (chance(80))
            request.by = query::fields()[static_cast<std::size_t>(
                                             number(0, static_cast<int>(query::kFields) - 1))]
                             .name;
        if (request.by == query::Name::message || request.by == query::Name::id)
            request.by = query::Name::rule_id;
        same([&](auto& s) { return answer_of(s, request); });
    }

    static query::Expression parsed(const std::string& question) {
        auto out = query::parse(question, SampleAlert{}.first_seen + std::chrono::hours{6});
        EXPECT_TRUE(out) << query::pointed_out(question, out.error());
        return out ? *out : query::Expression{};
    }

    std::string any_of(std::vector<const char*> texts) {
        return texts[static_cast<std::size_t>(number(0, static_cast<int>(texts.size()) - 1))];
    }

    std::string any_condition() {
        const auto minute = [&] { return number(0, 300); };
        switch (number(0, 9)) {
            case 0:
                return fmt::format("severity {} {}", any_of({">=", ">", "<", "<=", ":", "!="}),
                                   any_of({"info", "low", "medium", "high", "critical"}));
            case 1:
                return fmt::format("@timestamp {} 2024-11-27T{:02}:{:02}Z",
                                   any_of({">=", ">", "<", "<=", ":"}), 6 + minute() / 60,
                                   minute() % 60);
            case 2:
                return fmt::format("count {} {}", any_of({">=", "<", ":"}), number(1, 5000));
            case 3:
                return any_of({"rule.id : \"rule 1\"", "rule.id : \"RULE 2\"", "rule : rule*",
                               "rule.name : \"*amp*\"", "rule.name : \"x*\"", "ruleset : yara",
                               "technique : T1110", "technique : T1110.*", "technique : *",
                               "category : attack", "rule.id : \"*3\""});
            case 4:
                return any_of({"source.ip : 192.0.2.0/25", "source.ip : 192.0.2.7",
                               "related.ip : 192.0.2.0/28", "source.ip : *", "related.ip : *",
                               "ip : 2001:db8::/32", "destination.ip : ::1",
                               "source.ip : (192.0.2.1 or 192.0.2.64/26)"});
            case 5:
                return any_of(
                    {"user : root", "user : ro*", "user : \"*OO*\"", "user : *", "host : web*",
                     "related.user : (root or \"budi\")", "related.user : bu*",
                     "related.user : \"*ud*\"", "file.path : /var/www/*", "url : \"http://x/*/up\"",
                     "file.hash : abcd", "entity : 192.0.2.9", "sensor : *", "id : 01*",
                     "destination.port >= 100", "source.port : 22", "destination.port : *"});
            case 6:
                return any_of({"sample", "missing", "failed", "\"failed login\"", "fail*",
                               "message : login", "message : \"failed login\"", "\"*ogi*\"",
                               "192.0.2.3", "budi", "upload.php", "php", "x-y", "message : lo*",
                               "message : \"*il*lo*\""});
            case 7:
                return any_of({"area : 31", "area : 3171", "tps : 3171011001001", "tps : 31",
                               "area : *", "sirekap.area : (31 or 32)"});
            case 8:
                return any_of({"agency : kpu", "agency : (polri and kpu)", "agency : b*",
                               "agency : *", "tlp : amber", "tlp : red", "exercise : true",
                               "exercise : false", "state : new", "state : closed", "case : *",
                               "suppressed : true", "suppressed : false", "assignee : ani"});
            default:
                return fmt::format("last_seen {} now-{}m", any_of({">=", "<"}), minute());
        }
    }

    std::string any_question() {
        std::string out = chance(10) ? "" : any_condition();
        for (int i = number(0, 3); i > 0 && !out.empty(); --i)
            out = fmt::format("{}({}) {} {}{}", chance(20) ? "not " : "", out,
                              any_of({"and", "or", "and", ""}), chance(20) ? "not " : "",
                              any_condition());
        return out;
    }

    void settle() {
        using State = DeliveryOutcome::State;
        std::vector<DeliveryOutcome> outcomes;
        for (int i = number(0, 8); i > 0; --i)
            outcomes.push_back({number(0, 120), static_cast<State>(number(0, 2)),
                                fmt::format("status {}", number(200, 599)), clock_.now()});
        (void)State::retry;
        same([&](auto& s) { return s.settle(outcomes); });
    }

    void look_at_outbox() {
        const auto limit = static_cast<std::size_t>(number(0, 9));
        for (const char* name : {"kpu", "bssn", "nobody"})
            same([&](auto& s) { return s.pending(name, limit); });
        same([](auto& s) { return s.status(); });
        look_at_records();
    }

    void look_at_records() {
        DeliveryQuery query;
        query.state = static_cast<DeliveryQuery::State>(number(0, 3));
        if (chance(50)) query.destination = chance(50) ? "kpu" : "nobody";
        if (chance(30)) query.before = number(0, 60);
        if (chance(20)) query.alert_id = any_alert().id;
        query.limit = static_cast<std::size_t>(number(0, 12));
        same([&](auto& s) { return s.records(query); });
        if (!chance(20)) return;
        const Timestamp from = clock_.now() - std::chrono::seconds{number(0, 300)};
        const Timestamp to = from + std::chrono::seconds{number(0, 200)};
        same([&](auto& s) { return s.replay("kpu", from, to); });
    }

    void look_at_the_rest() {
        same([](auto& s) { return s.bookmarks(); });
        same([](auto& s) { return s.count(); });
        const Timestamp since = SampleAlert{}.first_seen + std::chrono::minutes{number(0, 300)};
        same([&](auto& s) { return s.open_alerts(since); });
    }

    void reopen() {
        sqlite_.reset();
        auto opened = SqliteAlertStore::open(folder_ / "alerts.db",
                                             SqliteAlertStore::Mode::read_write, clock_);
        ASSERT_TRUE(opened) << opened.error().message;
        sqlite_ = std::move(*opened);
    }

    TemporaryFolder folder_;
    ManualClock clock_;
    std::mt19937_64 random_;
    int bodies_ = 0;
    MemoryAlertStore memory_{clock_};
    std::unique_ptr<SqliteAlertStore> sqlite_;
};

class StoreContract : public testing::TestWithParam<std::uint64_t> {};

TEST_P(StoreContract, SqliteAndMemoryGiveTheSameAnswers) {
    Lockstep stores{GetParam()};
    for (int i = 0; i < 400; ++i) {
        stores.step();
        if (HasFatalFailure()) FAIL() << "at step " << i;
    }
    stores.same_history();
}

INSTANTIATE_TEST_SUITE_P(Seeds, StoreContract, testing::Range<std::uint64_t>(1, 7));

}  // namespace
}  // namespace kentongan
