// kentongan-bench-ledger: how fast a long history is written, proved and verified.
// ENTRIES (default 1,000,000) are published once into FOLDER (default a temporary one), stored in a
// database beside it, and kept there.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/ledger/publisher.hpp"
#include "daemon/ledger/seals.hpp"
#include "daemon/pipeline/sealed_alerts.hpp"

namespace {

using namespace kentongan;
using Clock_ = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr const char* kOrigin = "bench.example/kentongan";
constexpr std::size_t kSlice = 2048;

double seconds_since(Clock_::time_point begin) {
    return std::chrono::duration<double>(Clock_::now() - begin).count();
}

[[noreturn]] void stop(const std::string& why) {
    fmt::print(stderr, "kentongan-bench-ledger: {}\n", why);
    std::exit(1);
}

template <class T>
T need(Result<T> result) {
    if (!result) stop(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// As long as an alert's; of every alert there are four.
std::string entry_number(std::uint64_t number) {
    const Timestamp at =
        from_nanoseconds(1'732'000'000'000'000'000 + static_cast<std::int64_t>(number) * 1'000'000);
    const std::string time = to_rfc3339(at, 9);
    return fmt::format(
        R"({{"agencies":["kpu","bssn"],"alert":"01JBENCH{:018}","at":"{}","count":{},"digest":"{}",)"
        R"("event":"created","exercise":false,"first_seen":"{}","kind":"alert","last_seen":"{}",)"
        R"("rule":{{"id":"sigma:rule-{:03}","version":"1"}},"ruleset":"sigma","schema":1,)"
        R"("severity":"high","tlp":"AMBER"}})",
        number / 4, time, number % 4 + 1, sha256_hex(std::to_string(number)), time, time,
        number / 4 % 200);
}

std::vector<std::string> entries_from(std::uint64_t from, std::uint64_t until) {
    std::vector<std::string> out;
    for (; from < until && out.size() < kSlice; ++from) out.push_back(entry_number(from));
    return out;
}

struct Place {
    fs::path folder;
    [[nodiscard]] fs::path history() const { return folder / "ledger"; }
    [[nodiscard]] fs::path database() const { return folder / "entries.db"; }
    [[nodiscard]] SigningKey key() const {
        const fs::path file = folder / "key";
        return need(fs::exists(file) ? SigningKey::load(file) : ledger::make_key_file(file));
    }
};

/// With a checkpoint every 100,000 entries, as a minute of a bad night has.
std::vector<ledger::VerifierKey> publish(const Place& place, std::uint64_t total) {
    auto store = need(SqliteAlertStore::open(place.database(), SqliteAlertStore::Mode::read_write));
    const std::uint64_t stored = need(store->entry_count());
    for (std::uint64_t at = stored; at < total; at += kSlice)
        need(store->append(entries_from(at, total)));
    ledger::Publisher publisher{{place.history(), kOrigin}, {place.key(), {}}};
    need(publisher.open(
        [&](std::uint64_t from, std::size_t limit) { return store->entries(from, limit); }));
    const std::uint64_t had = publisher.size();
    double spent = 0;
    for (std::uint64_t at = had; at < total;) {
        const auto slice = entries_from(at, total);
        const auto began = Clock_::now();
        need(publisher.append(slice));
        at += slice.size();
        if (at / 100'000 != (at - slice.size()) / 100'000 || at == total)
            (void)need(publisher.checkpoint());
        spent += seconds_since(began);
    }
    if (had < total)
        fmt::print("{:<44}{:>12.0f} entries/s\n", "hashed, written and signed",
                   static_cast<double>(total - had) / spent);
    return publisher.public_keys();
}

/// Each with nothing in memory but what the system keeps of the files, as a request comes.
void prove(const Place& place) {
    constexpr int kProofs = 2000;
    std::mt19937_64 random{1};
    std::vector<double> times;
    for (int i = 0; i < kProofs; ++i) {
        const auto checkpoint = need(ledger::read_checkpoint(place.history()));
        const auto& head = checkpoint->checkpoint;
        const std::uint64_t index = random() % head.size;
        const auto began = Clock_::now();
        ledger::TileReader reader{place.history(), head.size};
        const std::string entry = need(reader.entry(index));
        const auto proof = need(ledger::prove_inclusion(index, head.size, reader.nodes()));
        times.push_back(seconds_since(began) * 1000);
        if (!ledger::verify_inclusion(ledger::leaf_hash(entry), index, head.size, proof, head.root))
            stop(fmt::format("the proof of entry {} does not hold", index));
    }
    std::ranges::sort(times);
    fmt::print("{:<44}{:>12.3f} ms\n{:<44}{:>12.3f} ms\n", "an inclusion proof, half of them take",
               times[kProofs / 2], "99 of 100 take", times[kProofs * 99 / 100]);
}

void verify(const Place& place, const std::vector<ledger::VerifierKey>& keys, bool database) {
    ledger::CheckOptions options{.folder = place.history(), .keys = keys};
    ledger::Seals seals;
    std::unique_ptr<SealedAlerts> alerts;
    if (database) {
        alerts = need(SealedAlerts::open(place.database()));
        options.database = alerts->entries();
        options.see = [&](std::uint64_t index, std::string_view entry) {
            seals.read(index, entry);
        };
    }
    const auto began = Clock_::now();
    const auto result = need(ledger::check_history(options));
    const double seconds = seconds_since(began);
    if (!result.problems.empty()) stop(result.problems.list().front().text);
    fmt::print("{:<44}{:>12.0f} leaves/s\n",
               database ? "verified, files, database and what is sealed" : "verified, files",
               static_cast<double>(result.entries) / seconds);
}

}  // namespace

int main() {
    const char* entries = std::getenv("ENTRIES");
    const char* folder = std::getenv("FOLDER");
    const auto total = parse_number<std::uint64_t>(entries == nullptr ? "1000000" : entries);
    if (!total || *total == 0) stop("ENTRIES: give a number of entries");
    const fs::path base =
        folder != nullptr ? fs::path{folder} : fs::temp_directory_path() / "kentongan-bench-ledger";
    const Place place{base / std::to_string(*total)};
    fs::create_directories(place.folder);
    const auto keys = publish(place, *total);
    fmt::print("{:<44}{:>12} entries\n", "the history", *total);
    prove(place);
    verify(place, keys, false);
    verify(place, keys, true);
    return 0;
}
