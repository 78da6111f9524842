// What open() accepts, refuses, and says about it.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <thread>

#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using Store = SqliteAlertStore;
using Mode = Store::Mode;

void fill(const std::string& path, int alerts) {
    const auto store = Store::open(path, Mode::read_write).value();
    AlertBatch batch;
    for (int i = 1; i <= alerts; ++i)
        batch.alerts.push_back({make_alert({.number = i}), {{"kpu", "alert.created", "{}"}}});
    ASSERT_TRUE(store->commit(batch));
}

Error refusal(const std::string& path, Mode mode = Mode::read_write) {
    const auto opened = Store::open(path, mode);
    return opened ? Error{ErrorCode{0}, "it was opened"} : opened.error();
}

void run_sql(const std::string& path, const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
}

void overwrite(const std::string& path, std::streamoff at, const std::string& bytes) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
}

/// Two connections' worth of calls on one would interleave pages in the log.
TEST(StoreOpen, WhileOneThreadReadsASecondIsTurnedAwayAndNothingIsLost) {
    const TemporaryFolder folder;
    fill(folder / "alerts.db", 3);
    const auto store = Store::open(folder / "alerts.db", Mode::read_write).value();
    {
        auto rows = store->database().query("SELECT id FROM alerts");
        ASSERT_TRUE(rows.value().next().value());
        std::thread{[&] {
            EXPECT_THROW((void)store->append({"entry"}), std::logic_error);
            EXPECT_THROW((void)store->database().number("SELECT 1"), std::logic_error);
        }}.join();
        EXPECT_TRUE(store->append({"of the same thread"}));
    }
    std::thread{[&] { EXPECT_TRUE(store->append({"of another, later"})); }}.join();
    EXPECT_EQ(store->entries(0, 10).value(),
              (std::vector<std::string>{"of the same thread", "of another, later"}));
}

TEST(StoreOpen, AFileThatIsHeldIsRefusedInEitherMode) {
    const TemporaryFolder folder;
    const auto holder = Store::open(folder / "alerts.db", Mode::read_write).value();
    for (const Mode mode : {Mode::read_write, Mode::read_only}) {
        const Error error = refusal(folder / "alerts.db", mode);
        EXPECT_EQ(error.code, ErrorCode::unavailable);
        EXPECT_NE(error.message.find("is in use by another process"), std::string::npos)
            << error.message;
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(refusal(folder / "alerts.db", mode).code == ErrorCode::unavailable ? 0 : 1);
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "another process";
    }
}

TEST(StoreOpen, ReadOnlySeesEverythingAndWritesNothing) {
    const TemporaryFolder folder;
    fill(folder / "alerts.db", 5);
    const auto store = Store::open(folder / "alerts.db", Mode::read_only).value();
    EXPECT_EQ(store->count(), 5u);
    EXPECT_EQ(store->status()->front().pending, 5u);
    AlertBatch batch;
    batch.alerts.push_back({make_alert({.number = 6}), {}});
    const auto refused = store->commit(batch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::permission) << refused.error().message;
    EXPECT_EQ(refusal(folder / "absent.db", Mode::read_only).code, ErrorCode::no_input);
    EXPECT_EQ(refusal(folder / "no/folder.db").code, ErrorCode::no_input);
}

TEST(StoreOpen, ReadOnlyReadsTheLogOfAProcessThatWasKilled) {
    const TemporaryFolder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        const auto store = Store::open(folder / "alerts.db", Mode::read_write).value();
        AlertBatch batch;
        batch.alerts.push_back({make_alert({}), {}});
        if (!store->commit(batch)) ::_exit(1);
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
    const auto store = Store::open(folder / "alerts.db", Mode::read_only);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ((*store)->count(), 1u);
}

TEST(StoreOpen, ReadOnlyWorksInAFolderThatCannotBeWritten) {
    const TemporaryFolder folder;
    fill(folder / "alerts.db", 3);
    ASSERT_EQ(::chmod(folder.name().c_str(), 0555), 0);
    if (::geteuid() == 0) {  // root writes everywhere, so the child becomes nobody
        ASSERT_EQ(::chmod((folder / "alerts.db").c_str(), 0644), 0);
    }
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
        const auto store = Store::open(folder / "alerts.db", Mode::read_only);
        ::_exit(store && (*store)->count() == 3u ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ::chmod(folder.name().c_str(), 0755);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(StoreOpen, TheFileIsNotForEveryone) {
    const TemporaryFolder folder;
    fill(folder / "alerts.db", 1);
    struct stat status{};
    ASSERT_EQ(::stat((folder / "alerts.db").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & S_IRWXO, 0u);
}

TEST(StoreOpen, ANewerSchemaIsRefused) {
    const TemporaryFolder folder;
    fill(folder / "alerts.db", 1);
    run_sql(folder / "alerts.db", "PRAGMA user_version = 99");
    for (const Mode mode : {Mode::read_write, Mode::read_only}) {
        const Error error = refusal(folder / "alerts.db", mode);
        EXPECT_EQ(error.code, ErrorCode::data);
        EXPECT_NE(error.message.find("newer"), std::string::npos) << error.message;
    }
}

TEST(StoreOpen, AnotherProgramsDatabaseIsLeftAlone) {
    const TemporaryFolder folder;
    run_sql(folder / "other.db", "CREATE TABLE things (x)");
    const Error error = refusal(folder / "other.db");
    EXPECT_EQ(error.code, ErrorCode::data);
    EXPECT_NE(error.message.find("another program"), std::string::npos) << error.message;
    run_sql(folder / "other.db", "INSERT INTO things VALUES (1)");
}

TEST(StoreOpen, AFileThatIsNoDatabaseIsNamedAndKept) {
    const TemporaryFolder folder;
    std::ofstream(folder / "alerts.db") << std::string(8192, 'z');
    for (const Mode mode : {Mode::read_write, Mode::read_only}) {
        const Error error = refusal(folder / "alerts.db", mode);
        EXPECT_EQ(error.code, ErrorCode::data);
        EXPECT_NE(error.message.find((folder / "alerts.db") + ": the file is damaged"),
                  std::string::npos)
            << error.message;
        EXPECT_NE(error.message.find("backup"), std::string::npos) << "the remedy is missing";
    }
    EXPECT_EQ(std::filesystem::file_size(folder / "alerts.db"), 8192u);
}

// Every page in turn is overwritten; open() must refuse, or what it then reads must be an answer
// or an error, never a crash. A flip in a text is beyond SQLite's checks and may go unseen.
TEST(StoreOpen, DamagedPagesGiveErrorsAndNoCrash) {
    const TemporaryFolder folder;
    fill(folder / "alerts.db", 200);
    const auto size = std::filesystem::file_size(folder / "alerts.db");
    std::mt19937 random{7};
    int refused = 0;
    for (std::uintmax_t page = 0; page < size / 4096; ++page) {
        std::filesystem::copy_file(folder / "alerts.db", folder / "copy.db",
                                   std::filesystem::copy_options::overwrite_existing);
        std::string garbage(512, '\0');
        for (char& c : garbage) c = static_cast<char>(random());
        overwrite(folder / "copy.db", static_cast<std::streamoff>(page * 4096), garbage);
        const auto store = Store::open(folder / "copy.db", Mode::read_write);
        if (!store) {
            ++refused;
            EXPECT_EQ(store.error().code, ErrorCode::data) << store.error().message;
            EXPECT_NE(store.error().message.find("copy.db"), std::string::npos);
            continue;
        }
        (void)(*store)->find({}, {});
        (void)(*store)->open_alerts({});
        (void)(*store)->pending("kpu", 1000);
    }
    EXPECT_GT(refused, static_cast<int>(size / 4096) * 3 / 4);
}

}  // namespace
}  // namespace kentongan
