// kentongan tail: the newest alerts, and then each new one as it comes.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <set>
#include <thread>

#include "daemon/cli/alert_question.hpp"
#include "daemon/cli/alert_table.hpp"
#include "daemon/cli/asking.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds kPause{2};

struct Asked {
    Narrowing narrowing;
    std::size_t newest = 10;
    std::uint64_t times = 0;
};

/// What has been printed, and up to where the daemon was heard.
class Tail {
  public:
    Tail(const ApiClient& api, std::string query, const Asked& asked, const Output& out)
        : api_(api), query_(std::move(query)), asked_(asked), out_(out) {}

    /// Until as many alerts as asked for are printed, or for ever. Errors: those of the first
    /// connection, and those that another try would not better.
    Result<int> run() {
        std::string target = "/api/v1/alerts/stream";
        add_parameter(target, "q", query_);
        while (!is_enough()) {
            const auto ended =
                api_.follow(target, heard_, [this](std::string_view line) { return take(line); });
            if (!stopped_) return std::unexpected(stopped_.error());
            if (is_enough()) break;
            if (heard_.empty() || !is_passing(ended.error().code))
                return std::unexpected(ended.error());
            if (!std::exchange(away_, true)) tell(ended.error().message + "; trying again");
            std::this_thread::sleep_for(kPause);
        }
        return 0;
    }

  private:
    [[nodiscard]] bool is_enough() const { return asked_.times != 0 && printed_ >= asked_.times; }
    static bool is_passing(ErrorCode code) {
        return code == ErrorCode::unavailable || code == ErrorCode::temporary;
    }
    static void tell(std::string_view what) {
        fmt::print(stderr, "kentongan: {}\n", cell(what, 300));
    }

    /// False: no more.
    bool take(std::string_view line) {
        boost::system::error_code bad;
        const json::value piece = json::parse(line, bad);
        const auto* sequence =
            !bad && piece.is_object() ? piece.as_object().if_contains("sequence") : nullptr;
        if (sequence == nullptr) {
            stopped_ = fail(ErrorCode::data, "the daemon sent a line that is no part of a tail: {}",
                            cell(line, 80));
            return false;
        }
        const bool first = heard_.empty();
        heard_ = json::serialize(*sequence);
        if (std::exchange(away_, false)) tell("the daemon is back");
        if (first) stopped_ = show_newest();
        if (const auto* missed = piece.as_object().if_contains("lagged"))
            tell(
                fmt::format("{} alerts came faster than they were read and are left out here; "
                            "kentongan alerts list has them",
                            json::serialize(*missed)));
        if (const auto* alert = piece.as_object().if_contains("alert")) show(*alert);
        std::fflush(stdout);
        return stopped_ && !is_enough();
    }

    /// Those from before the stream, whose beginning is known by now: none is left out between.
    Result<> show_newest() {
        if (asked_.newest == 0) return {};
        std::string target = fmt::format("/api/v1/alerts?limit={}", asked_.newest);
        add_parameter(target, "q", query_);
        const auto page = api_.get(target);
        if (!page) return std::unexpected(page.error());
        const auto& alerts = page->at("alerts").as_array();
        for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) show(*alert);
        for (const auto& alert : alerts) early_.insert(id_of(alert));
        return {};
    }

    void show(const json::value& alert) {
        if (is_enough() || early_.contains(id_of(alert))) return;
        print_alert_line(alert, out_);
        ++printed_;
    }

    const ApiClient& api_;
    const std::string query_;
    const Asked& asked_;
    const Output& out_;
    std::string heard_;            // the newest sequence number
    std::set<std::string> early_;  // ids of show_newest(): some may come in the stream too
    std::uint64_t printed_ = 0;
    bool away_ = false;
    Result<> stopped_;
};

Result<int> tail(const Common& common, const Asked& asked, const Output& out) {
    const auto query = question_of(asked.narrowing);
    if (!query) return std::unexpected(query.error());
    const auto api = daemon_of(common);
    if (!api) return std::unexpected(api.error());
    return Tail{*api, *query, asked, out}.run();
}

}  // namespace

void add_tail(CLI::App& app, Common& common, Action& action) {
    const auto asked = std::make_shared<Asked>();
    CLI::App* command =
        add_subcommand(app, common, "tail", "the newest alerts, and each new one as it comes",
                       "kentongan tail 'severity >= high'\n  kentongan tail --newest 0 -o ndjson");
    command->add_option("query", asked->narrowing.query, "a question in the query language");
    command->add_option("--severity", asked->narrowing.severity, "this severity or worse");
    command->add_option("--ruleset", asked->narrowing.ruleset,
                        "sigma, yara, anomaly, sirekap, integrity, zeek");
    command->add_option("--rule", asked->narrowing.rule, "rule id");
    command->add_option("--agency", asked->narrowing.agency, "told to this agency");
    command->add_option("-n,--newest", asked->newest, "so many from before now come first")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command->add_option("--times", asked->times, "alerts; 0: until interrupted")
        ->capture_default_str();
    command->callback([&action, &common, asked] {
        action = [&common, asked](const Output& out) { return tail(common, *asked, out); };
    });
}

}  // namespace kentongan::cli
