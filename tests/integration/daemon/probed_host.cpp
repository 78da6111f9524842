#include "tests/integration/daemon/probed_host.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/integration/daemon/probe_rules.hpp"

namespace kentongan {

namespace json = boost::json;
using std::chrono::milliseconds;

namespace {

/// Lines that wait for their way to KPU; more are not written, so that the end is not far behind.
constexpr std::uint64_t kMostWaiting = 2000;
constexpr std::size_t kListed = 200;

std::string settings(const DaemonUnderTest& daemon, const AgenciesUnderTest& agencies) {
    // Every line is to be an alert of its own, in whatever crowd.
    std::string out =
        "[alerts]\nstorm_alerts = 0\n\n[budget]\nalerts_an_hour = 0\n\n"
        "[ledger]\ncheckpoint_seconds = 1\n\n";
    for (const auto* name : {"distinct", "repeated"})
        out += fmt::format("[log.{0}]\npath = \"{1}\"\nformat = \"nginx\"\n\n", name,
                           daemon.path(fmt::format("logs/{}.log", name)));
    for (const auto& name : AgenciesUnderTest::names())
        out += fmt::format(
            "[delivery.{0}]\nurl = \"{1}\"\nsecret_file = \"{2}\"\nretry_seconds = 1\n"
            "timeout_seconds = 2\n\n",
            name, agencies.url(name), daemon.path("secrets/" + name));
    return out;
}

StoredProbe probe_of(const std::string& text) {
    const auto alert = json::parse(text);
    StoredProbe out;
    out.id = alert.at("event").at("id").as_string();
    out.rule = alert.at("rule").at("id").as_string();
    out.address = alert.at("source").at("ip").as_string();
    out.count = alert.at("kentongan").at("count").to_number<std::uint64_t>();
    for (const auto& agency : alert.at("kentongan").at("agencies").as_array())
        out.agencies.emplace(agency.as_string());
    return out;
}

}  // namespace

ProbedHost::ProbedHost(std::uint64_t seed, const std::string& state)
    : daemon(KENTONGAN_DAEMON),
      distinct(daemon.path("logs/distinct.log"), ProbeLog::Kind::distinct, seed),
      repeated(daemon.path("logs/repeated.log"), ProbeLog::Kind::repeated, seed + 1),
      random_(seed + 2) {
    daemon.set_state(state);
    daemon.write("rules/sigma/probe.yml", probe_rule(kProbeRule, "probe", "medium"));
    daemon.write("rules/sigma/grave.yml", probe_rule(kGraveRule, "grave", "critical"));
    daemon.write("rules/sigma/again.yml", probe_rule(kAgainRule, "again", "low"));
    daemon.write("rules/routing/routing.toml", kProbeRouting);
    for (const auto& name : AgenciesUnderTest::names())
        daemon.write("secrets/" + name, AgenciesUnderTest::secret(name) + "\n");
    daemon.configure(settings(daemon, agencies));
}

ProbedHost::~ProbedHost() { stop_load(); }

void ProbedHost::start_load() {
    loading_ = true;
    writer_ = std::thread([this] { write_lines(); });
    asker_ = std::thread([this] { ask_for_alerts(); });
}

void ProbedHost::stop_load() {
    loading_ = false;
    if (writer_.joinable()) writer_.join();
    if (asker_.joinable()) asker_.join();
}

void ProbedHost::write_lines() {
    while (loading_) {
        if (lines_ < agencies.alerts("kpu") + kMostWaiting) {
            distinct.append(static_cast<std::size_t>(random_.between(1, 12)));
            repeated.append(static_cast<std::size_t>(random_.between(1, 12)));
            lines_ = distinct.written();
        }
        if (random_.chance(0.002) && is_known(kProbeRule)) distinct.rotate();
        if (random_.chance(0.002) && is_known(kAgainRule)) repeated.rotate();
        std::this_thread::sleep_for(milliseconds{20});  // the pace of the load
    }
}

/// Whether a finding of the rule, and with it a bookmark of its log, was ever stored. What is
/// rotated away before the daemon has read of a log for the first time is not looked for.
bool ProbedHost::is_known(std::string_view rule) {
    if (known_.contains(rule)) return true;
    const auto page = daemon.get(fmt::format("/api/v1/alerts?limit=1&rule={}", rule));
    if (!page || page->status != 200) return false;
    if (json::parse(page->body).at("alerts").as_array().empty()) return false;
    known_.insert(rule);
    return true;
}

void ProbedHost::ask_for_alerts() {
    while (loading_) {
        note_listed();
        std::this_thread::sleep_for(milliseconds{50});
    }
}

void ProbedHost::note_listed() {
    const auto page = daemon.get(fmt::format("/api/v1/alerts?limit={}", kListed));
    if (!page || page->status != 200) return;  // it is down just now
    const auto body = json::parse(page->body);
    const std::scoped_lock lock(mutex_);
    for (const auto& alert : body.at("alerts").as_array())
        listed_.emplace(alert.at("event").at("id").as_string());
}

std::size_t ProbedHost::seen_by_api() const {
    const std::scoped_lock lock(mutex_);
    return listed_.size();
}

std::uint64_t ProbedHost::repeated_findings() const {
    const auto page = daemon.get(fmt::format("/api/v1/alerts?limit=1000&rule={}", kAgainRule));
    if (!page || page->status != 200) return 0;
    std::uint64_t sum = 0;
    for (const auto& alert : json::parse(page->body).at("alerts").as_array())
        sum += alert.at("kentongan").at("count").to_number<std::uint64_t>();
    return sum;
}

std::uint64_t ProbedHost::pending() const {
    const auto answer = daemon.get("/api/v1/deliveries");
    if (!answer || answer->status != 200) return 1;
    std::uint64_t sum = 0;
    for (const auto& agency : json::parse(answer->body).at("deliveries").as_array())
        sum += agency.at("pending").to_number<std::uint64_t>();
    return sum;
}

bool ProbedHost::drained() const {
    return agencies.alerts("kpu") >= distinct.written() &&
           repeated_findings() >= repeated.written() && pending() == 0;
}

std::vector<StoredProbe> ProbedHost::stored() const {
    auto store =
        SqliteAlertStore::open(daemon.state() + "/alerts.db", SqliteAlertStore::Mode::read_only);
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    std::vector<StoredProbe> out;
    std::optional<std::int64_t> after;
    AlertQuery query;
    query.newest_first = false;
    query.limit = 1000;
    do {
        auto page = (*store)->find(query, after);
        EXPECT_TRUE(page) << (page ? "" : page.error().message);
        for (const auto& alert : page->alerts) out.push_back(probe_of(alert.json));
        after = page->next;
    } while (after);
    return out;
}

void ProbedHost::expect_each_line_once() const {
    const auto alerts = stored();
    expect_findings(alerts);
    expect_acknowledged(alerts);
    expect_told(alerts);
}

/// What the logs say and what the alerts say is the same, line for line.
void ProbedHost::expect_findings(const std::vector<StoredProbe>& alerts) const {
    std::map<std::string, std::uint64_t> found;
    std::map<std::string, std::uint64_t> alerts_of;
    for (const auto& alert : alerts) {
        found[alert.address] += alert.count;
        ++alerts_of[alert.address];
    }
    auto expected = distinct.expected();
    expected.insert(repeated.expected().begin(), repeated.expected().end());
    for (const auto& [address, count] : expected) {
        EXPECT_EQ(found[address], count) << "findings about " << address;
        EXPECT_EQ(alerts_of[address], 1u) << "alerts about " << address;
        if (found[address] != count || alerts_of[address] != 1u) return;  // one is enough to see
    }
    EXPECT_EQ(found.size(), expected.size());
}

/// What anybody was shown is in the database.
void ProbedHost::expect_acknowledged(const std::vector<StoredProbe>& alerts) const {
    std::set<std::string> ids;
    for (const auto& alert : alerts) EXPECT_TRUE(ids.insert(alert.id).second) << alert.id;
    std::set<std::string> lost;
    for (const auto& id : listed_)
        if (!ids.contains(id)) lost.insert(id);
    for (const auto& agency : AgenciesUnderTest::names())
        for (const auto& message : agencies.accepted(agency))
            if (!ids.contains(message.alert_id)) lost.insert(message.alert_id);
    EXPECT_THAT(lost, testing::IsEmpty()) << "acknowledged alerts that are not stored";
}

/// Every agency was told of each alert it should hear of; a message that came twice came with the
/// same id and the same bytes.
void ProbedHost::expect_told(const std::vector<StoredProbe>& alerts) const {
    for (const auto& agency : AgenciesUnderTest::names()) {
        std::map<std::string, std::string> bodies;
        std::map<std::string, int> created;
        for (const auto& message : agencies.accepted(agency)) {
            const auto [body, is_new] = bodies.try_emplace(message.webhook_id, message.body);
            EXPECT_EQ(body->second, message.body) << message.webhook_id;
            if (is_new && message.type == "alert.created") ++created[message.alert_id];
        }
        std::size_t expected = 0;
        for (const auto& alert : alerts) {
            const bool wanted = agency != "polri" || alert.rule == kGraveRule;
            EXPECT_EQ(alert.agencies.contains(agency), wanted) << agency << " " << alert.id;
            EXPECT_EQ(created[alert.id], wanted ? 1 : 0) << agency << " " << alert.id;
            expected += wanted ? 1 : 0;
            if (created[alert.id] != (wanted ? 1 : 0)) return;  // one is enough to see
        }
        EXPECT_EQ(agencies.alerts(agency), expected) << agency;
    }
}

}  // namespace kentongan
