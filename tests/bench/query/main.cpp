// kentongan-bench-query: how soon questions are answered, and how long commits wait meanwhile.
// ALERTS (default 1,000,000) are built once into FOLDER (default a temporary one) and kept there.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "daemon/base/text.hpp"
#include "daemon/store/query/parse.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/bench/query/alerts.hpp"

namespace {

using namespace kentongan;
using Clock_ = std::chrono::steady_clock;
using What = SearchRequest::What;

double milliseconds_since(Clock_::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock_::now() - begin).count();
}

[[noreturn]] void stop(const std::string& why) {
    fmt::print(stderr, "kentongan-bench-query: {}\n", why);
    std::exit(1);
}

template <class T>
T need(Result<T> result) {
    if (!result) stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// 1,000 alerts a commit.
void build(SqliteAlertStore& store, std::uint64_t total) {
    bench::AlertMaker make{total};
    const auto began = Clock_::now();
    const std::uint64_t have = need(store.count());
    for (std::uint64_t made = 0; made < total;) {
        AlertBatch batch;
        for (; batch.alerts.size() < 1000 && made < total; ++made) {
            Alert alert = make.next();
            if (made >= have) batch.alerts.push_back({std::move(alert), {}});
        }
        need(store.commit(batch));
        while (need(store.tidy())) continue;
        if (made % 500'000 < 1000)
            fmt::print(stderr, "{} alerts, {:.0f} s\n", made, milliseconds_since(began) / 1000);
    }
    if (have >= total) return;
    const double seconds = milliseconds_since(began) / 1000;
    fmt::print("{{\"built\":{},\"alerts_per_second\":{:.0f}}}\n", total - have,
               static_cast<double>(total - have) / seconds);
}

struct Question {
    const char* name;
    What what;
    const char* text;
    const char* by;
};
constexpr Question kQuestions[] = {
    {"first page", What::page, "", ""},
    {"first page, severe", What::page, "severity >= high", ""},
    {"the example", What::page,
     "severity >= high and source.ip : 10.0.0.0/8 and rule.name : \"*upload*\" and "
     "@timestamp >= 2024-11-29",
     ""},
    {"a day long ago", What::page, "@timestamp : 2024-11-03", ""},
    {"count by rule, a day", What::count, "@timestamp : 2024-11-27", "rule.name"},
    {"count by rule, odd hours", What::count,
     "@timestamp >= 2024-11-26T09:13:17Z and @timestamp < 2024-11-27T09:41:02Z", "rule.name"},
    {"count by rule, all", What::count, "", "rule.name"},
    {"count by host, a day", What::count, "@timestamp : 2024-11-27", "host"},
    {"count by rule of severe, a day", What::count,
     "@timestamp : 2024-11-27 and severity >= high and agency : kpu", "rule.name"},
    {"word, common", What::page, "from", ""},
    {"word, rare", What::page, "operator4999", ""},
    {"word, none", What::page, "zzzzqqqq", ""},
    {"phrase", What::page, "\"failed login\"", ""},
    {"phrase, none of common words", What::page, "\"from times\"", ""},
    {"two words that never meet", What::page, "failed delayed", ""},
    {"word and time, count", What::count, "upload and @timestamp : 2024-11-27", ""},
    {"address", What::page, "source.ip : 11.0.0.0", ""},
    {"network, large", What::page, "source.ip : 36.0.0.0/8", ""},
    {"network, small", What::page, "source.ip : 36.10.2.0/24", ""},
    {"network, none", What::page, "source.ip : 203.0.113.0/24", ""},
    {"network, count in a day", What::count, "source.ip : 36.0.0.0/8 and @timestamp : 2024-11-27",
     "source.ip"},
    {"user", What::page, "user : operator77", ""},
    {"file hash, none", What::page,
     "file.hash : 0000000000000000000000000000000000000000000000000000000000000000", ""},
    {"path prefix", What::page, "file.path : /var/www/upload/777*", ""},
    {"area", What::page, "area : 3171", ""},
    {"pattern, none", What::page, "url : \"*nothere*\"", ""},
    {"state, none", What::page, "state : closed", ""},
    {"histogram, month", What::histogram, "", ""},
    {"histogram, a day of a word", What::histogram, "upload and @timestamp : 2024-11-27", ""},
};

struct Timing {
    double median = 0;
    double longest_step = 0;
    std::size_t answer = 0;
    std::string partial;
};

Timing ask(SqliteAlertStore& store, const Question& question) {
    SearchRequest request;
    request.what = question.what;
    request.limit = 50;
    auto parsed = query::parse(question.text, *parse_rfc3339("2024-12-01T00:00:00Z"));
    if (!parsed) stop(query::pointed_out(question.text, parsed.error()));
    request.where = std::move(*parsed);
    if (*question.by != '\0') request.by = query::find_field(question.by)->name;
    Timing out;
    std::vector<double> times;
    for (int round = 0; round < 3; ++round) {
        const auto began = Clock_::now();
        const auto search = store.search(request);
        for (bool ready = false; !ready;) {
            const auto step = Clock_::now();
            ready = need(search->step());
            out.longest_step = std::max(out.longest_step, milliseconds_since(step));
        }
        times.push_back(milliseconds_since(began));
        const SearchAnswer& answer = search->answer();
        out.answer = question.what == What::page ? answer.page.alerts.size() : answer.total;
        out.partial = answer.partial;
    }
    std::ranges::sort(times);
    out.median = times[1];
    return out;
}

}  // namespace

int main() {
    const char* alerts = std::getenv("ALERTS");
    const char* folder = std::getenv("FOLDER");
    const auto total = parse_number<std::uint64_t>(alerts == nullptr ? "1000000" : alerts);
    if (!total || *total < 1) stop("ALERTS: give a number of alerts");
    const std::filesystem::path place =
        folder != nullptr ? std::filesystem::path{folder}
                          : std::filesystem::temp_directory_path() / "kentongan-bench-query";
    std::filesystem::create_directories(place);
    const std::string file = place / fmt::format("alerts-{}.db", *total);
    auto store = need(SqliteAlertStore::open(file, SqliteAlertStore::Mode::read_write));
    build(*store, *total);
    fmt::print("{:<34}{:>10}{:>14}{:>10}\n", "question", "ms", "longest step", "answer");
    for (const Question& question : kQuestions) {
        const Timing timing = ask(*store, question);
        fmt::print("{:<34}{:>10.1f}{:>14.1f}{:>10}{}\n", question.name, timing.median,
                   timing.longest_step, timing.answer, timing.partial.empty() ? "" : "  partial");
    }
    return 0;
}
