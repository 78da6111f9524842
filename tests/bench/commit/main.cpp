// kentongan-bench-commit: alerts a second that the embedded store commits, each with its entry in
// the history, its salt and its message for every agency, beside SQLite putting the same bytes into
// one table with the same durability. Both take turns at each commit. Then what a quiet moment
// does: alerts a second that are made searchable, and what both together come to.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
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

/// What passed since it was made: by the clock, and of the processor.
struct Seconds {
    double clock = 0;
    double processor = 0;
    Seconds& operator+=(const Seconds& more) {
        clock += more.clock;
        processor += more.processor;
        return *this;
    }
};
class Watch {
  public:
    [[nodiscard]] Seconds seconds() const {
        return {std::chrono::duration<double>(Clock_::now() - began_).count(), used() - used_};
    }

  private:
    static double used() {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
    }
    Clock_::time_point began_ = Clock_::now();
    double used_ = used();
};

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
AlertBatch make_batch(bench::AlertMaker& make, AlertSealer& sealer, std::uint64_t size) {
    AlertBatch out;
    while (out.alerts.size() < size) {
        AlertWrite write{make.next(), {}};
        write.json = sealer.seal(write.alert, {.created = true}, write.alert.created, out);
        for (const auto& agency : write.alert.agencies)
            write.deliveries.push_back({agency, "alert.created", write.json});
        out.alerts.push_back(std::move(write));
    }
    return out;
}

/// The same bytes, a row each: entries, alerts, messages.
std::vector<std::string> rows_of(const AlertBatch& batch) {
    std::vector<std::string> out = batch.entries;
    for (const auto& [alert, deliveries, json] : batch.alerts) {
        out.push_back(json);
        for (const auto& message : deliveries) out.push_back(message.body);
    }
    return out;
}

Seconds put_rows(SqliteDatabase& database, const std::vector<std::string>& rows) {
    const Watch watch;
    need(database.transaction([&]() -> Result<> {
        for (const auto& row : rows)
            if (auto put = database.run("INSERT INTO rows (row) VALUES (?)", row); !put) return put;
        return {};
    }));
    return watch.seconds();
}

Seconds commit(SqliteAlertStore& store, const AlertBatch& batch) {
    const Watch watch;
    need(store.commit(batch));
    return watch.seconds();
}

}  // namespace

int main() {
    const std::uint64_t total = setting("ALERTS", 100'000);
    const std::uint64_t size = setting("BATCH", 256);
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
    bench::AlertMaker make{total};
    AlertSealer sealer;
    Seconds ours, plain;
    std::uint64_t made = 0, bytes = 0;
    for (; made < total; made += size) {
        const AlertBatch batch = make_batch(make, sealer, size);
        const auto rows = rows_of(batch);
        for (const auto& row : rows) bytes += row.size();
        plain += put_rows(*table, rows);
        ours += commit(*store, batch);
    }
    Seconds searchable = ours;
    const Watch watch;
    while (need(store->tidy())) continue;
    searchable += watch.seconds();
    const auto alerts = static_cast<double>(made);
    fmt::print("{} alerts of {} bytes with entry and messages, {} a commit\n", made, bytes / made,
               size);
    fmt::print("{:<24}{:>12}{:>12}{:>8}\n", "alerts", "the store", "one table", "ratio");
    const auto row = [&](const char* name, double mine, double other) {
        fmt::print("{:<24}{:>12.0f}{:>12.0f}{:>8.2f}\n", name, alerts / mine, alerts / other,
                   other / mine);
    };
    row("a second", ours.clock, plain.clock);
    row("a second of processor", ours.processor, plain.processor);
    row("searchable, a second", searchable.clock, plain.clock);
    table.reset();
    store.reset();
    if (given == nullptr) fs::remove_all(folder);
    return 0;
}
