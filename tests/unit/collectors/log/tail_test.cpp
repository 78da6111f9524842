#include "collectors/log/tail.hpp"

#include <gtest/gtest.h>

#include "collectors/log/line_splitter.hpp"
#include "collectors/log/position.hpp"

namespace kentongan::log {
namespace {

constexpr Sighting reading(std::uint64_t size) {
    return {.path_inode = 7,
            .open_inode = 7,
            .open_size = size,
            .head_changed = false,
            .tick = false,
            .changed = false};
}

TEST(Tail, WaitsForAFileThatIsNotThereAndOpensItWhenItComes) {
    Tail tail;
    EXPECT_EQ(tail.decide({}, 0), TailStep::wait);
    Sighting there;
    there.path_inode = 7;
    EXPECT_EQ(tail.decide(there, 0), TailStep::open);
}

TEST(Tail, ReadsWhileThereIsMore) {
    Tail tail;
    EXPECT_EQ(tail.decide(reading(10), 4), TailStep::read);
    EXPECT_EQ(tail.decide(reading(10), 10), TailStep::wait);
}

TEST(Tail, ASmallerFileOrAnOtherBeginningIsATruncation) {
    Tail tail;
    EXPECT_EQ(tail.decide(reading(3), 10), TailStep::restart);
    Sighting regrown = reading(50);
    regrown.head_changed = true;
    EXPECT_EQ(tail.decide(regrown, 10), TailStep::restart);
}

TEST(Tail, ARenamedFileIsDrainedAndLeftOnlyAfterQuietTicks) {
    Tail tail;
    Sighting renamed = reading(20);
    renamed.path_inode = 8;
    EXPECT_EQ(tail.decide(renamed, 10), TailStep::read);
    renamed.changed = true;
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(tail.decide(renamed, 20), TailStep::wait) << "changes are no quiet ticks";
    renamed.changed = false;
    renamed.tick = true;
    EXPECT_EQ(tail.decide(renamed, 20), TailStep::wait);
    renamed.open_size = 25;
    EXPECT_EQ(tail.decide(renamed, 20), TailStep::read) << "the writer had not reopened yet";
    EXPECT_EQ(tail.decide(renamed, 25), TailStep::wait);
    EXPECT_EQ(tail.decide(renamed, 25), TailStep::wait);
    EXPECT_EQ(tail.decide(renamed, 25), TailStep::next);
}

TEST(Tail, AFileThatNobodyWritesToIsLeftAtOnce) {
    Tail tail;
    Sighting renamed = reading(20);
    renamed.path_inode = 8;
    EXPECT_EQ(tail.decide(renamed, 20), TailStep::wait);
    renamed.superseded = true;
    EXPECT_EQ(tail.decide(renamed, 20), TailStep::next) << "the file after it was renamed too";
    renamed.superseded = false;
    renamed.complete = true;
    EXPECT_EQ(tail.decide(renamed, 20), TailStep::next) << "a compressed file, a copy";
    EXPECT_EQ(tail.decide(renamed, 10), TailStep::read);
}

TEST(Tail, LinesThatMayGoOnAreGivenOutAfterQuietTicks) {
    Tail tail;
    Sighting seen = reading(20);
    seen.pending = true;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(tail.decide(seen, 20), TailStep::wait) << "no tick";
    seen.tick = true;
    EXPECT_EQ(tail.decide(seen, 20), TailStep::wait);
    EXPECT_EQ(tail.decide(seen, 10), TailStep::read) << "it grew: from the start again";
    EXPECT_EQ(tail.decide(seen, 20), TailStep::wait);
    EXPECT_EQ(tail.decide(seen, 20), TailStep::give_out);
    seen.pending = false;
    EXPECT_EQ(tail.decide(seen, 20), TailStep::wait);
}

TEST(Tail, ARenamedFileIsKeptUntilANewOneIsThere) {
    Tail tail;
    Sighting gone = reading(20);
    gone.path_inode = 0;
    gone.tick = true;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(tail.decide(gone, 20), TailStep::wait);
}

TEST(Tail, PausesDoubleAfterFailuresAndAChangeEndsThem) {
    Tail tail;
    Sighting refused;
    refused.path_inode = 7;
    Sighting tick = refused;
    tick.tick = true;
    const auto ticks_until_open = [&] {
        int ticks = 1;
        while (tail.decide(tick, 0) == TailStep::wait) ++ticks;
        return ticks;
    };
    std::vector<int> pauses;
    for (int i = 0; i < 8; ++i) {
        tail.failed();
        EXPECT_EQ(tail.decide(refused, 0), TailStep::wait) << "no hot loop";
        pauses.push_back(ticks_until_open());
    }
    EXPECT_EQ(pauses, (std::vector<int>{1, 2, 4, 8, 16, 32, 60, 60}));
    tail.failed();
    refused.changed = true;
    EXPECT_EQ(tail.decide(refused, 0), TailStep::open);
}

struct Cut {
    std::string text;
    std::uint64_t offset;
    bool cut;
    bool operator==(const Cut&) const = default;
};
void PrintTo(const Cut& line, std::ostream* out) {
    *out << line.offset << (line.cut ? "!" : ":") << line.text;
}

std::vector<Cut> split(LineSplitter& splitter, std::string_view bytes, std::size_t step,
                       bool end = true) {
    std::vector<Cut> out;
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, step);
        std::ranges::copy(part, splitter.room().begin());
        splitter.added(part.size());
        bytes.remove_prefix(part.size());
        while (const auto line = splitter.next())
            out.push_back({std::string(line->text), line->offset, line->cut});
    }
    if (end)
        if (const auto line = splitter.last())
            out.push_back({std::string(line->text), line->offset, line->cut});
    return out;
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheBytesCome) {
    const std::string bytes = std::string("one\n\ntwo\r\n") + std::string(3, '\0') +
                              std::string("th\0ree\n", 7) + std::string(40, 'x') + "\nlast";
    LineSplitter whole{16};
    const auto expected = split(whole, bytes, bytes.size());
    ASSERT_EQ(expected.size(), 6u);
    EXPECT_EQ(expected[2], (Cut{"two\r", 5, false}));
    EXPECT_EQ(expected[3].offset, 13u) << "behind the NUL bytes";
    EXPECT_EQ(expected[4].text, std::string(16, 'x'));
    EXPECT_TRUE(expected[4].cut);
    EXPECT_EQ(expected[5].text, "last");
    for (std::size_t step = 1; step < bytes.size(); ++step) {
        LineSplitter splitter{16};
        EXPECT_EQ(split(splitter, bytes, step), expected) << step;
        EXPECT_EQ(splitter.offset(), bytes.size());
    }
}

TEST(LineSplitter, TakesUpInTheMiddleOfALineThatWasCut) {
    const std::string bytes = std::string(50, 'x') + "\nnext\n";
    LineSplitter first{16};
    EXPECT_EQ(split(first, bytes.substr(0, 30), 30, false).size(), 1u);
    EXPECT_TRUE(first.passing_over());
    LineSplitter second{16};
    second.restart(first.offset(), first.passing_over());
    EXPECT_EQ(split(second, std::string_view(bytes).substr(first.offset()), 5),
              (std::vector<Cut>{{"next", 51, false}}));
}

TEST(Position, ComesBackFromItsJson) {
    const Position position{
        12, 345, 17, fingerprint_of("seventeen bytes !"), 6, true, 1732699865120000000, "nginx"};
    EXPECT_EQ(parse_position(to_json(position)), position);
    for (const std::string_view wrong :
         {"", "{}", "[]", R"({"inode":-1,"offset":0,"fingerprint_bytes":0,"lines":0,"time":0})",
          R"({"inode":1,"offset":0,"fingerprint_bytes":5000,"lines":0,"time":0})"})
        EXPECT_EQ(parse_position(wrong), std::nullopt) << wrong;
}

TEST(Position, OfSeveralFilesComeBackWithTheirPathsWhateverBytesTheseAre) {
    Position position{12, 345, 0, "", 6, false, 5, "auto"};
    position.known = Stretch{3, 345, sha256(as_bytes("x"))};
    position.born = 77;
    Position done;
    done.done = true;
    const std::vector<FilePosition> files{{"/var/log/\"a\n\xff.log", position}, {"b.gz", done}};
    const auto json = R"({"files":[)" + to_json(files[0].path, files[0].position) + "," +
                      to_json(files[1].path, files[1].position) + "]}";
    EXPECT_EQ(parse_positions(json), files);
    EXPECT_EQ(parse_positions(to_json(position)), (std::vector<FilePosition>{{"", position}}));
    for (const std::string_view wrong : {"", "[]", R"({"files":3})", R"({"files":[{}]})"})
        EXPECT_EQ(parse_positions(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace kentongan::log
