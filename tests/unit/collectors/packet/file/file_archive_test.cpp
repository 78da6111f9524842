#include "collectors/packet/file/file_archive.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <fstream>

#include "collectors/packet/file/file_store.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

namespace fs = std::filesystem;
using Kept = FileArchive::Kept;

class FileArchiveTest : public testing::Test {
  protected:
    fs::path files_folder() const { return fs::path(folder_.name()) / "files"; }
    FileArchive archive(std::uint64_t quota) { return FileArchive({files_folder(), quota}); }
    fs::path path_of(std::string_view content) const {
        const std::string digest = sha256_hex(content);
        return files_folder() / digest.substr(0, 2) / digest;
    }
    TemporaryFolder folder_;
};

TEST_F(FileArchiveTest, AFileIsFoundByItsDigestAndKeptOnce) {
    FileArchive files = archive(100);
    EXPECT_EQ(files.put(sha256_hex("abc"), "abc").value(), Kept::stored);
    EXPECT_EQ(files.put(sha256_hex("abc"), "abc").value(), Kept::known);
    EXPECT_EQ(read_file(path_of("abc")).value(), "abc");
    EXPECT_EQ(fs::status(path_of("abc")).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(files.bytes(), 3u);
}

TEST_F(FileArchiveTest, TheOldestGoFirstAndTheQuotaIsNeverPassed) {
    FileArchive files = archive(10);
    for (const std::string_view content : {"aaaa", "bbbb", "cccc"})
        ASSERT_TRUE(files.put(sha256_hex(content), content));
    EXPECT_FALSE(fs::exists(path_of("aaaa")));
    EXPECT_TRUE(fs::exists(path_of("bbbb")));
    EXPECT_TRUE(fs::exists(path_of("cccc")));
    EXPECT_EQ(files.bytes(), 8u);
    EXPECT_EQ(files.put(sha256_hex("eleven byte"), "eleven byte").value(), Kept::too_large);
    EXPECT_EQ(files.files(), 2u) << "what is too large pushes nothing out";
}

TEST_F(FileArchiveTest, FilesOfTheRunBeforeCountAndStrangersAreLeftAlone) {
    ASSERT_TRUE(archive(10).put(sha256_hex("aaaa"), "aaaa"));
    fs::last_write_time(path_of("aaaa"), fs::file_time_type::clock::now() - std::chrono::hours{1});
    std::ofstream{files_folder() / "README"} << "not ours, and larger than the quota";
    FileArchive files = archive(10);
    ASSERT_TRUE(files.put(sha256_hex("bbbb"), "bbbb"));
    EXPECT_EQ(files.bytes(), 8u);
    ASSERT_TRUE(files.put(sha256_hex("cccc"), "cccc"));
    EXPECT_FALSE(fs::exists(path_of("aaaa")));
    EXPECT_TRUE(fs::exists(files_folder() / "README"));
}

TEST_F(FileArchiveTest, ANameThatIsNoDigestIsRefused) {
    FileArchive files = archive(10);
    for (const std::string& name : {std::string("../../etc/passwd"), std::string(64, 'G'),
                                    std::string(63, 'a'), std::string()})
        EXPECT_FALSE(files.put(name, "x")) << name;
    EXPECT_FALSE(fs::exists(files_folder()));
}

TEST_F(FileArchiveTest, AFolderThatCannotBeMadeIsNamed) {
    std::ofstream{files_folder()} << "a file in its place";
    const auto put = archive(10).put(sha256_hex("a"), "a");
    ASSERT_FALSE(put);
    EXPECT_NE(put.error().message.find(files_folder().native()), std::string::npos);
}

TEST_F(FileArchiveTest, TheStoreShedsWhatTheDiskDoesNotKeepUpWithAndCountsIt) {
    Metrics metrics;
    boost::asio::io_context scan;
    FileStore store({files_folder(), 64 << 20}, scan.get_executor(), metrics, "a");
    const std::string large(FileStore::kWaitingBytes - 2, 'x');
    store.offer(sha256_hex(large), large);
    store.offer(sha256_hex("ab"), "ab");
    store.offer(sha256_hex("c"), "c");  // nothing is written yet
    EXPECT_EQ(metrics.wire_files.with({"not_stored"}).value(), 1);
    scan.run();
    EXPECT_EQ(metrics.wire_files.with({"stored"}).value(), 2);
    EXPECT_EQ(metrics.wire_files_stored_bytes.with().value(),
              static_cast<double>(FileStore::kWaitingBytes));
    EXPECT_FALSE(fs::exists(path_of("c")));
}

TEST_F(FileArchiveTest, BodiesOfBothWaysOfHttpAreKept) {
    Metrics metrics;
    boost::asio::io_context scan;
    FileStore store({files_folder(), 1 << 20}, scan.get_executor(), metrics, "a");
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake()
        .client_says("POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
        .server_says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        .close();
    SensorRun run;
    run.sensor.store_files(store);
    run.play(talk.frames()).finish();
    scan.run();
    EXPECT_EQ(read_file(path_of("abc")).value(), "abc");
    EXPECT_EQ(read_file(path_of("ok")).value(), "ok");
    EXPECT_EQ(run.sensor.counts().files.hashed, 2u);
    EXPECT_EQ(run.sink.of(EventKind::content).size(), 1u) << "a request's body is looked at as one";
}

}  // namespace
}  // namespace kentongan::packet
