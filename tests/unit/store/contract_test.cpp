// One contract, two stores: random operations run on both in lockstep, and every answer is equal.
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "daemon/store/memory/memory_alert_store.hpp"
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
    for (const auto& alert : alerts) out += boost::json::serialize(to_json(alert)) + "\n";
    return out;
}
std::string told(const std::map<std::string, std::string>& map) { return fmt::format("{}", map); }
std::string told(std::uint64_t number) { return fmt::format("{}", number); }
std::string told(const std::vector<Delivery>& deliveries) {
    std::string out;
    for (const auto& d : deliveries)
        out += fmt::format("{} {} {} {} {} {} {}\n", d.sequence, d.alert_id, d.destination, d.type,
                           d.body, d.attempts, to_nanoseconds(d.created));
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
template <class T>
std::string told(const Result<T>& result) {
    return result ? told(*result) : "error " + result.error().message;
}

class Lockstep {
  public:
    explicit Lockstep(std::uint64_t seed) : random_(seed) { reopen(); }

    void step() {
        clock_.advance(std::chrono::seconds{1});
        const int choice = number(0, 99);
        if (choice < 30)
            commit();
        else if (choice < 50)
            find();
        else if (choice < 60)
            settle();
        else if (choice < 66)
            same([&](auto& s) { return s.get(any_alert().id); });
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
        return make_alert(sample);
    }

    void commit() {
        AlertBatch batch;
        for (int i = number(0, 6); i > 0; --i) {
            AlertWrite write{any_alert(), {}};
            for (const auto& agency : write.alert.agencies)
                if (chance(60))
                    write.deliveries.push_back(
                        {agency, "alert.created", fmt::format("body {}", ++bodies_)});
            batch.alerts.push_back(std::move(write));
        }
        if (chance(40))
            batch.bookmarks[fmt::format("log {}", number(1, 3))] = fmt::format("{}", bodies_);
        same([&](auto& s) { return s.commit(batch); });
    }

    void find() {
        AlertQuery query;
        if (chance(40)) query.at_least = static_cast<Severity>(number(0, 4));
        if (chance(30)) query.ruleset = name_of(static_cast<Ruleset>(number(0, 7)));
        if (chance(30)) query.rule_id = fmt::format("rule {}", number(1, 5));
        if (chance(30)) query.agency = chance(50) ? "polri" : "kpu";
        const Timestamp start = SampleAlert{}.first_seen;
        if (chance(30)) query.since = start + std::chrono::minutes{number(0, 300)};
        if (chance(30)) query.until = start + std::chrono::minutes{number(0, 300)};
        query.newest_first = chance(50);
        query.limit = static_cast<std::size_t>(number(0, 12));
        std::optional<std::int64_t> after;
        if (chance(50)) after = number(-1, 70);
        same([&](auto& s) { return s.find(query, after); });
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
