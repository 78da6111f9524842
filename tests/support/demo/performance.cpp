#include "tests/support/demo/performance.hpp"

#include <fmt/color.h>
#include <fmt/format.h>

#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <fstream>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/drill/agency_desk.hpp"
#include "daemon/drill/free_ports.hpp"
#include "daemon/drill/generate/zeek_records.hpp"
#include "tests/support/demo/ask.hpp"

namespace kentongan::demo {

namespace fs = std::filesystem;
namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::uint16_t kScanned = 21100;  // below the ports the system hands out
constexpr std::uint16_t kScanPorts = 150;
constexpr std::uint16_t kFlooded = kScanned + kScanPorts + 1;

void append(const fs::path& file, std::string_view text) {
    std::ofstream{file, std::ios::app} << text;
}

/// A small photograph of a form that hides a web shell after the image's end.
std::string polyglot_image() {
    std::string out = "\xFF\xD8\xFF\xE0";
    out += std::string("\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 16);
    for (int i = 0; i < 2000; ++i) out.push_back(static_cast<char>((i * 37) % 250));
    out += "\xFF\xD9\n";
    return out + std::string("<?p") + "hp ev" + "al($_PO" + "ST['c']); ?>\n";
}

std::string records_of(const std::string& wrapped) {
    std::string out;
    std::string_view rest = wrapped;
    while (!rest.empty()) {
        const auto line = json::parse(take_until(rest, '\n'));
        if (line.at("stream").as_string() == "Conn::LOG")
            out += json::serialize(line.at("record")) + "\n";
    }
    return out;
}

}  // namespace

Performance::Performance(Options options) : options_(std::move(options)), jakarta_(options_.seed) {}
Performance::~Performance() = default;

Result<int> Performance::run() {
    if (auto prepared = prepare(); !prepared) return std::unexpected(prepared.error());
    Result<int> outcome{1};
    std::exception_ptr broken;
    asio::co_spawn(loop_, play(), [&](std::exception_ptr e, Result<int> result) {
        broken = e;
        outcome = std::move(result);
        loop_.stop();
    });
    loop_.run();
    if (broken) std::rethrow_exception(broken);
    return outcome;
}

Result<> Performance::prepare() {
    settings_.folder = fs::temp_directory_path() /
                       fmt::format("kentongan-demo-{}", to_hex(as_bytes(drill::random_bytes(4))));
    settings_.rules = fs::absolute(options_.rules);
    settings_.capture_live = may_capture();
    site_ = std::make_unique<WebSite>(loop_.get_executor());
    settings_.web_port = site_->port();
    settings_.scan_first = kScanned;
    const auto ports = drill::free_ports(loop_, 2);
    settings_.api_port = ports[0];
    settings_.report_port = ports[1];
    open_agencies();
    auto stage = Stage::build(settings_, jakarta_);
    if (!stage) return std::unexpected(stage.error());
    stage_.emplace(std::move(*stage));
    if (auto started = start_daemon(); !started) return started;
    return start_zeek();
}

void Performance::open_agencies() {
    for (const auto* name : {"kpu", "bssn", "polri", "brin"}) {
        const std::string secret = "whsk_" + to_base64(as_bytes(drill::random_bytes(32)));
        ReceiverSettings settings;
        settings.keys = {WebhookKey::parse(WebhookKey::parse(secret)->public_text()).value()};
        settings.on_accepted = [this, agency = std::string(name)](const ReceivedMessage& message) {
            show(agency, message);
        };
        tallies_[name] = {};
        receivers_[name] =
            std::make_unique<WebhookReceiver>(loop_.get_executor(), std::move(settings));
        settings_.agencies.push_back({name, receivers_[name]->url(), secret});
    }
}

Result<> Performance::start_daemon() {
    auto daemon = Child::start(
        {(options_.programs / "kentongand").native(), "--config", stage_->config().native()},
        stage_->path("kentongand.log"));
    if (!daemon) return std::unexpected(daemon.error());
    children_.push_back(std::move(*daemon));
    return {};
}

/// A second Broker endpoint stands where Zeek would; the bridge connects to it.
Result<> Performance::start_zeek() {
    const auto records = stage_->path("records.ndjson");
    const auto text = generate::zeek_records(options_.seed, 400, std::chrono::system_clock::now());
    if (auto written = replace_file(records, text); !written) return written;
    const auto port = std::to_string(drill::free_ports(loop_, 1).front());
    const auto folder = options_.programs.native();
    for (const auto& command :
         {std::vector<std::string>{folder + "/broker_peer", "--port", port, "--input",
                                   records.native(), "--rate", "40", "--restamp"},
          {folder + "/kentongan-broker-bridge", "--peer", "127.0.0.1:" + port, "--socket",
           stage_->socket().native()}}) {
        auto child = Child::start(command, stage_->path("zeek.log"));
        if (!child) return std::unexpected(child.error());
        children_.push_back(std::move(*child));
    }
    return {};
}

Task<Result<int>> Performance::play() {
    services_.spawn("site", site_->run());
    services_.spawn("interrupt", obey_interrupt());
    if (auto ready = co_await wait_until_ready(); !ready) co_return std::unexpected(ready.error());
    fmt::print(
        "Kentongan is watching {}.\n\n  console  http://127.0.0.1:{}/#token={}\n  reports  "
        "http://127.0.0.1:{}/\n"
        "  files    {}\n\n",
        settings_.capture_live ? "live loopback traffic, logs, files and Zeek"
                               : "a recorded capture, logs, files and Zeek",
        settings_.api_port, stage_->token(), settings_.report_port, settings_.folder.native());
    do {
        co_await night();
    } while (!options_.once && !interrupted_);
    auto status = options_.once && !interrupted_ ? co_await judge() : Result<int>{0};
    for (auto child = children_.rbegin(); child != children_.rend(); ++child) {
        const auto ended = child->end(15);
        if (child->name() != "kentongand" || ended == 0) continue;
        fmt::print("kentongand ended with {}; see {}\n", ended ? std::to_string(*ended) : "a kill",
                   stage_->path("kentongand.log").native());
        status = Result<int>{1};
    }
    if (status && *status == 0) {
        std::error_code ignored;
        fs::remove_all(settings_.folder, ignored);
    }
    co_return status;
}

Task<Result<>> Performance::wait_until_ready() {
    for (int i = 0; i < 150; ++i) {
        if (!children_.front().running())
            co_return fail(ErrorCode::unavailable, "kentongand did not start: {}",
                           trim(read_file(stage_->path("kentongand.log")).value_or("no output")));
        const auto status = co_await ask({(options_.programs / "kentongan").native(), "status",
                                          "-o", "json", "--config", stage_->config().native()});
        if (status && status->at("ready").as_bool()) co_return Result<>{};
        co_await sleep_for(milliseconds{200});
    }
    co_return fail(ErrorCode::unavailable, "kentongand is not ready after 30 s; see {}",
                   stage_->path("kentongand.log").native());
}

/// One night pressed into `length`: uploads and readers on their curves, attacks among them.
Task<> Performance::night() {
    generate::Night night;
    night.seed = options_.seed;
    night.close = std::chrono::system_clock::now();
    night.squeeze = options_.length;
    const auto logs = [&](const char* name, std::vector<generate::Line> lines) {
        night_.spawn(name, write_log(name, std::move(lines)));
    };
    logs("sirekap.log", generate::sirekap_log(night, jakarta_));
    generate::Recap recap = generate::recap_log(night, jakarta_);
    logs("recap.log", std::move(recap.application));
    logs("recap.csv", std::move(recap.database));
    night.scale = 0.3;
    logs("nginx.log", generate::nginx_log(night));
    logs("auth.log", generate::auth_log(night));
    logs("audit.log", generate::audit_log(night));
    logs("postgresql.csv", generate::postgresql_log(night));
    append(stage_->path("logs/conn.log"),
           records_of(generate::zeek_records(options_.seed + 1, 200, night.close)));
    night_.spawn("network", attack_network());
    night_.spawn("files", attack_files());
    night_.spawn("citizens", report_citizens());
    night_.spawn("agency", lose_an_agency());
    if (const auto played = co_await night_.join(); !played)
        throw std::runtime_error(played.error().message);
}

Task<> Performance::write_log(std::string name, std::vector<generate::Line> lines) {
    const auto file = stage_->path("logs/" + name);
    const Timestamp end = std::chrono::system_clock::now() + options_.length;
    std::string due;
    for (std::size_t next = 0; next < lines.size();) {
        const Timestamp now = std::chrono::system_clock::now();
        if (now > end) co_return;
        due.clear();
        for (; next < lines.size() && lines[next].time <= now; ++next)
            due.append(lines[next].text).push_back('\n');
        if (!due.empty()) append(file, due);
        co_await sleep_for(milliseconds{100});
    }
}

Task<> Performance::attack_network() {
    co_await sleep_for(seconds{4});
    co_await scan_ports(kScanned, kScanPorts);
    for (int i = 0; i < 5; ++i) {
        co_await request(
            settings_.web_port, "GET",
            "/api/tps?id=1%27%20UNION%20SELECT%20username,password%20FROM%20pengguna--", "");
        co_await request(settings_.web_port, "POST", "/upload/foto.php",
                         std::string("isi=<?p") + "hp ev" + "al($_PO" + "ST['c']); ?>");
        co_await sleep_for(milliseconds{300});
    }
    co_await sleep_for(seconds{3});
    (void)co_await flood(kFlooded, 2500, 8);
}

Task<> Performance::attack_files() {
    co_await sleep_for(seconds{10});
    append(stage_->path("webroot/index.html"), "<h1>hacked by nobody</h1>\n");
    co_await sleep_for(seconds{3});
    const auto image = fmt::format("upload/{}-20241127-140501--{}.jpg", jakarta_.tps().front(),
                                   generate::Random{options_.seed}.uuid());
    append(stage_->path(image), polyglot_image());
}

/// BSSN cannot be reached for a while; what it missed comes later, in order.
Task<> Performance::lose_an_agency() {
    co_await sleep_for(seconds{8});
    receivers_["bssn"]->down();
    fmt::print("  -- BSSN cannot be reached --\n");
    co_await sleep_for(seconds{15});
    receivers_["bssn"]->up();
    fmt::print("  -- BSSN is back --\n");
}

Task<> Performance::obey_interrupt() {
    asio::signal_set signals{loop_, SIGINT, SIGTERM};
    co_await signals.async_wait(asio::use_awaitable);
    interrupted_ = true;
    fmt::print("\nending\n");
    night_.cancel();
}

void Performance::show(const std::string& agency, const ReceivedMessage& message) {
    Tally& tally = tallies_[agency];
    ++tally.messages;
    tally.repeated += message.repeated ? 1 : 0;
    const auto body = json::parse(message.body);
    const auto& alert = body.at("data").as_object();
    const std::string ruleset(alert.at("rule").at("ruleset").as_string());
    ++tally.by_ruleset[ruleset];
    if (agency != "kpu" || body.at("type").as_string() != "alert.created") return;
    const std::string severity(alert.at("labels").at("severity").as_string());
    if (severity == "info") return;
    fmt::print("  {:<8} {:<10} {}\n", severity, ruleset,
               printable_utf8(std::string_view(alert.at("message").as_string()), 100));
}

}  // namespace kentongan::demo
