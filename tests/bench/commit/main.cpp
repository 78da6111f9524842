// kentongan-bench-commit: alerts a second that the embedded store commits, each with its entry in
// the history, its salt, its message for every agency and all that search needs, beside SQLite
// putting the same bytes into one table with the same durability. Both run in turn.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "daemon/base/text.hpp"
#include "daemon/pipeline/alert_sealer.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/bench/query/alerts.hpp"

namespace {

using namespace kentongan;
using Clock_ = std::chrono::steady_clock;
namespace fs = std::filesystem;

double seconds_since(Clock_::time_point begin) {
    return std::chrono::duration<double>(Clock_::now() - begin).count();
}

[[noreturn]] void stop(const std::string& why) {
    fmt::print(stderr, "kentongan-bench-commit: {}\n", why);
    std::exit(1);
}

template <class T>
T need(Result<T> result) {
    if (!result) stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    if (given == nullptr) return otherwise;
    const auto number = parse_number<std::uint64_t>(given);
    if (!number || *number == 0) stop(fmt::format("{}: give a number", name));
    return *number;
}

/// As the alert desk makes them: sealed, and a message for each agency.
std::vector<AlertBatch> make_batches(bench::AlertMaker& make, std::uint64_t total,
                                     std::uint64_t size) {
    std::vector<AlertBatch> out;
    AlertSealer sealer;
    for (std::uint64_t made = 0; made < total;) {
        AlertBatch& batch = out.emplace_back();
        for (; batch.alerts.size() < size && made < total; ++made) {
            AlertWrite write{make.next(), {}};
            sealer.seal(write.alert, {.created = true}, write.alert.created, batch);
            const std::string body = boost::json::serialize(to_json(write.alert));
            for (const auto& agency : write.alert.agencies)
                write.deliveries.push_back({agency, "alert.created", body});
            batch.alerts.push_back(std::move(write));
        }
    }
    return out;
}

/// The same bytes: the alert, its messages, its entry.
double plain(SqliteDatabase& database, const std::vector<AlertBatch>& batches,
             std::uint64_t& bytes) {
    std::vector<std::vector<std::string>> all;
    for (const AlertBatch& batch : batches) {
        auto& rows = all.emplace_back(batch.entries);
        for (const auto& [alert, deliveries] : batch.alerts) {
            rows.push_back(boost::json::serialize(to_json(alert)));
            for (const auto& message : deliveries) rows.push_back(message.body);
        }
        for (const auto& row : rows) bytes += row.size();
    }
    const auto began = Clock_::now();
    for (const auto& rows : all)
        need(database.transaction([&]() -> Result<> {
            for (const auto& row : rows)
                if (auto put = database.run("INSERT INTO rows (row) VALUES (?)", row); !put)
                    return put;
            return {};
        }));
    return seconds_since(began);
}

double ours(SqliteAlertStore& store, const std::vector<AlertBatch>& batches) {
    const auto began = Clock_::now();
    for (const AlertBatch& batch : batches) need(store.commit(batch));
    return seconds_since(began);
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values,
                             values.begin() + static_cast<std::ptrdiff_t>(values.size()) / 2);
    return values[values.size() / 2];
}

}  // namespace

int main() {
    const std::uint64_t total = setting("ALERTS", 20'000);
    const std::uint64_t size = setting("BATCH", 256);
    const std::uint64_t rounds = setting("ROUNDS", 5);
    const char* given = std::getenv("FOLDER");
    const fs::path folder =
        given != nullptr ? fs::path{given} : fs::temp_directory_path() / "kentongan-bench-commit";
    fs::remove_all(folder);
    fs::create_directories(folder);
    auto store =
        need(SqliteAlertStore::open(folder / "store.db", SqliteAlertStore::Mode::read_write));
    auto table = need(SqliteDatabase::open(folder / "plain.db", SqliteDatabase::Mode::read_write));
    need(table->script(
        "CREATE TABLE rows (sequence INTEGER PRIMARY KEY, row TEXT NOT NULL) STRICT"));
    bench::AlertMaker make{total * rounds};
    std::vector<double> mine, others;
    std::uint64_t bytes = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        const auto batches = make_batches(make, total, size);
        others.push_back(static_cast<double>(total) / plain(*table, batches, bytes));
        mine.push_back(static_cast<double>(total) / ours(*store, batches));
    }
    fmt::print("{} rounds of {} alerts, {} a commit, {} bytes an alert\n", rounds, total, size,
               bytes / (total * rounds));
    fmt::print("{:<30}{:>12.0f} alerts/s\n{:<30}{:>12.0f} alerts/s\n{:<30}{:>12.2f}\n",
               "one table of the same bytes", median(others), "store, ledger, outbox, search",
               median(mine), "ratio", median(mine) / median(others));
    table.reset();
    store.reset();
    if (given == nullptr) fs::remove_all(folder);
    return 0;
}
