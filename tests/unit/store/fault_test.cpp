// What a commit promises when the file system does not keep its promises.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/store/fault_vfs.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using Store = SqliteAlertStore;

std::unique_ptr<Store> open_store(const std::string& path) {
    auto opened = Store::open(path, Store::Mode::read_write);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
}

AlertBatch batch_of(int first, int count, std::size_t body_bytes = 3000) {
    AlertBatch batch;
    for (int i = first; i < first + count; ++i)
        batch.alerts.push_back({make_alert({.number = i}),
                                {{"kpu", "alert.created", std::string(body_bytes, 'x')},
                                 {"bssn", "alert.created", "short"}}});
    batch.bookmarks["log"] = std::to_string(first);
    return batch;
}

/// Everything the store says about itself, as one text.
std::string content_of(Store& store) {
    std::string out;
    AlertQuery all;
    all.limit = 1000;
    for (const auto& alert : store.find(all, {}).value().alerts)
        out += std::to_string(alert.sequence) + alert.json;
    for (const char* name : {"kpu", "bssn"})
        for (const auto& d : store.pending(name, 5000).value())
            out += fmt::format("{} {} {} {}\n", name, d.sequence, d.alert_id, d.body.size());
    for (const auto& [source, state] : store.bookmarks().value()) out += source + state;
    for (const auto& s : store.status().value())
        out += fmt::format("{} {}", s.destination, s.pending);
    return out + std::to_string(store.count().value());
}

struct Fault {
    FaultVfs::Kind kind;
    int code;
    bool for_good;
    int alerts;  // in the batch: 600 make the log long enough to be copied into the database
    std::size_t body;
    int stride;
    const char* name;
};

class CommitUnderFault : public testing::TestWithParam<Fault> {};

TEST_P(CommitUnderFault, IsWholeOrNothing) {
    const Fault fault = GetParam();
    FaultVfs vfs;
    const AlertBatch second = batch_of(100, fault.alerts, fault.body);
    int failures = 0;
    for (int nth = 1;; nth += fault.stride) {
        SCOPED_TRACE(nth);
        const TemporaryFolder folder;
        auto store = open_store(folder / "alerts.db");
        ASSERT_TRUE(store->commit(batch_of(1, 2)));
        const std::string before = content_of(*store);

        vfs.fail(fault.kind, nth, fault.code, fault.for_good);
        const auto committed = store->commit(second);
        const bool happened = vfs.failed();
        const bool stops = fault.kind == FaultVfs::Kind::sync;
        vfs.heal();
        if (!committed) {
            ++failures;
            EXPECT_TRUE(happened);
            EXPECT_EQ(committed.error().code, ErrorCode::io) << committed.error().message;
            if (stops) {
                const auto again = store->commit(second);
                ASSERT_FALSE(again) << "a failed fsync is never tried again";
                EXPECT_NE(again.error().message.find("fsync"), std::string::npos);
            } else {
                EXPECT_EQ(content_of(*store), before);
                ASSERT_TRUE(store->commit(second)) << "the connection works when the disk does";
            }
        }
        store.reset();
        store = open_store(folder / "alerts.db");
        const std::string after = content_of(*store);
        if (committed || !stops) {
            EXPECT_NE(after, before);
            EXPECT_EQ(store->count(), 2u + static_cast<unsigned>(fault.alerts));
            EXPECT_EQ(store->bookmarks()->at("log"), "100");
        } else if (after != before) {  // it reached the disk though fsync failed: then all of it
            EXPECT_EQ(store->count(), 2u + static_cast<unsigned>(fault.alerts));
        }
        if (!happened) break;
    }
    EXPECT_GT(failures, 0) << "the fault never hit a commit";
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CommitUnderFault,
    testing::Values(
        Fault{FaultVfs::Kind::write, SQLITE_IOERR_WRITE, false, 3, 3000, 1, "OneWriteFails"},
        Fault{FaultVfs::Kind::write, SQLITE_IOERR_WRITE, true, 3, 3000, 1, "WritesFailForGood"},
        Fault{FaultVfs::Kind::write, SQLITE_FULL, true, 3, 3000, 1, "DiskFull"},
        Fault{FaultVfs::Kind::sync, SQLITE_IOERR_FSYNC, false, 3, 3000, 1, "OneSyncFails"},
        Fault{FaultVfs::Kind::write, SQLITE_FULL, true, 600, 30000, 1499, "DiskFullInALongLog"},
        Fault{FaultVfs::Kind::sync, SQLITE_IOERR_FSYNC, false, 600, 30000, 1,
              "SyncFailsInALongLog"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(StoreFault, AFullDiskIsNamed) {
    FaultVfs vfs;
    const TemporaryFolder folder;
    const auto store = open_store(folder / "alerts.db");
    vfs.fail(FaultVfs::Kind::write, 1, SQLITE_FULL, true);
    const auto committed = store->commit(batch_of(1, 2));
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().message, "store " + (folder / "alerts.db") + ": disk is full");
}

}  // namespace
}  // namespace kentongan
