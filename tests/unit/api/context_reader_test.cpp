// A log line among those around it: read again, verified, and nothing told of any other file.
#include "daemon/api/context_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;
using api::Context;
using api::ContextLine;
using api::ContextWanted;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct LogContext : ::testing::Test {
    TemporaryFolder folder;
    fs::path log = folder / "access.log";

    static void write(const fs::path& path, std::string_view text) {
        std::ofstream{path, std::ios::binary} << text;
    }
    /// Of the record at its place in `text`, which is what the log held when it was read.
    [[nodiscard]] ContextWanted wanted(std::string_view text, std::string_view record) const {
        return {.file = log,
                .offset = text.find(record),
                .sha256 = sha256_hex(record),
                .excerpt = std::string(record.substr(0, 1024))};
    }
    static std::vector<std::string> texts(const std::vector<ContextLine>& lines) {
        std::vector<std::string> out;
        for (const auto& line : lines) out.push_back(line.text + (line.cut ? " (cut)" : ""));
        return out;
    }
    static void expect_nothing(const Context& told, std::string_view state) {
        EXPECT_EQ(told.state, state);
        EXPECT_THAT(texts(told.before), IsEmpty());
        EXPECT_THAT(texts(told.record), IsEmpty());
        EXPECT_THAT(texts(told.after), IsEmpty());
    }
};

TEST_F(LogContext, HasTheLinesBeforeAndAfter) {
    write(log, "one\ntwo\nthree\r\nfour\nfive");
    const auto told = read_context(wanted("one\ntwo\nthree\r\nfour\nfive", "three"));
    EXPECT_EQ(told.state, "same");
    EXPECT_EQ(told.file, "access.log");
    EXPECT_THAT(texts(told.before), ElementsAre("one", "two"));
    EXPECT_THAT(texts(told.record), ElementsAre("three"));
    EXPECT_THAT(texts(told.after), ElementsAre("four", "five"));
}

TEST_F(LogContext, HasTenOnEachSideAtMost) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += fmt::format("line {}\n", i);
    write(log, text);
    const auto told = read_context(wanted(text, "line 25"));
    ASSERT_EQ(told.before.size(), 10u);
    EXPECT_EQ(told.before.front().text, "line 15");
    EXPECT_EQ(told.before.back().text, "line 24");
    ASSERT_EQ(told.after.size(), 10u);
    EXPECT_EQ(told.after.front().text, "line 26");
    EXPECT_EQ(told.after.back().text, "line 35");
}

TEST_F(LogContext, IsThereForTheFirstLineAndTheLast) {
    write(log, "one\ntwo");
    EXPECT_THAT(texts(read_context(wanted("one\ntwo", "one")).after), ElementsAre("two"));
    EXPECT_THAT(texts(read_context(wanted("one\ntwo", "two")).before), ElementsAre("one"));
}

TEST_F(LogContext, KnowsARecordOfSeveralLines) {
    const std::string text = "quiet\ntrace\r\n  at main\r\nquiet again\n";
    write(log, text);
    const auto told = read_context(wanted(text, "trace\r\n  at main"));
    EXPECT_EQ(told.state, "same");
    EXPECT_THAT(texts(told.record), ElementsAre("trace", "  at main"));
    EXPECT_THAT(texts(told.after), ElementsAre("quiet again"));
}

TEST_F(LogContext, KnowsARecordThatIsAPartOfItsLine) {
    const std::string text = "a\n{\"log\":\"Failed password\"}\nb\n";
    write(log, text);
    auto asked = wanted(text, "Failed password");
    asked.offset = 2;
    EXPECT_THAT(texts(read_context(asked).record), ElementsAre("{\"log\":\"Failed password\"}"));
}

TEST_F(LogContext, FollowsALogThatWasRotated) {
    const std::string text = "one\ntwo\nthree\n";
    write(folder / "access.log.1", text);
    write(log, "new\nnew\nnew\n");
    auto asked = wanted(text, "two");
    asked.rotated = {folder / "access.log.2", folder / "access.log.1"};
    const auto told = read_context(asked);
    EXPECT_EQ(told.state, "rotated");
    EXPECT_EQ(told.file, "access.log.1");
    EXPECT_THAT(texts(told.before), ElementsAre("one"));
}

TEST_F(LogContext, TellsNothingOfALogThatWasChangedTruncatedOrRemoved) {
    const std::string text = "one\ntwo\nthree\n";
    const auto asked = wanted(text, "two");
    expect_nothing(read_context(asked), "missing");
    write(log, "one\ntwX\nthree\n");
    expect_nothing(read_context(asked), "changed");
    write(log, "one");
    expect_nothing(read_context(asked), "changed");
    write(log, "");
    expect_nothing(read_context(asked), "changed");
    auto far = asked;
    far.offset = UINT64_MAX;
    expect_nothing(read_context(far), "changed");
}

TEST_F(LogContext, BinaryBytesComeAsText) {
    const std::string text{"\0\xff\xfe\ntwo\n\x1b[2J\xc3\n", 14};
    write(log, text);
    const auto told = read_context(wanted(text, "two"));
    ASSERT_EQ(told.state, "same");
    for (const auto* lines : {&told.before, &told.after})
        for (const auto& line : *lines) {
            EXPECT_EQ(line.text, printable_utf8(line.text));
            EXPECT_THAT(line.text, ::testing::HasSubstr("\\x"));
        }
}

TEST_F(LogContext, LongLinesAreCutAndBounded) {
    const std::string huge(300'000, 'h');
    const std::string own(100'000, 'r');
    const std::string text = huge + "\n" + own + "\n" + huge + "\n";
    write(log, text);
    auto asked = wanted(text, std::string_view{own}.substr(0, 65'536));
    asked.offset = huge.size() + 1;
    const auto told = read_context(asked);
    ASSERT_EQ(told.state, "same");
    for (const auto* lines : {&told.before, &told.record, &told.after}) {
        ASSERT_EQ(lines->size(), 1u);
        EXPECT_TRUE(lines->front().cut);
        EXPECT_EQ(lines->front().text.size(), ContextWanted::kShownBytes);
    }
}

TEST_F(LogContext, NoLinkIsFollowedAndNoPipeWaitedFor) {
    const std::string text = "one\ntwo\n";
    write(folder / "secret", text);
    fs::create_symlink(folder / "secret", log);
    expect_nothing(read_context(wanted(text, "two")), "missing");
    fs::remove(log);
    ASSERT_EQ(::mkfifo(log.c_str(), 0600), 0);
    expect_nothing(read_context(wanted(text, "two")), "missing");
}

TEST(LogContextPath, IsOneThatTheSettingsName) {
    EXPECT_TRUE(api::is_path_of("/var/log/auth.log", "/var/log/auth.log"));
    EXPECT_TRUE(api::is_path_of("/var/log/*/access*.log", "/var/log/nginx/access-2.log"));
    for (const char* path :
         {"", "/etc/shadow", "/var/log/auth.log.1", "/var/log/../log/auth.log", "auth.log"})
        EXPECT_FALSE(api::is_path_of("/var/log/auth.log", path)) << path;
    for (const char* path : {"/var/log/a/b/access.log", "/var/log/../access.log",
                             "/var/log/.hidden/access.log", "/var/log/./access.log"})
        EXPECT_FALSE(api::is_path_of("/var/log/*/access*.log", path)) << path;
}

}  // namespace
}  // namespace kentongan
