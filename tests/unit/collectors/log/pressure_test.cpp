#include <algorithm>
#include <random>

#include "collectors/log/line_splitter.hpp"
#include "daemon/async/channel.hpp"
#include "tests/unit/collectors/log/collector_fixture.hpp"

namespace kentongan::log {
namespace {

/// A sink before a next stage that takes two batches and no more until it is served.
class FullSink final : public EventSink {
  public:
    void emit(const Event& event) override { lines.emplace_back(event.raw()); }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp, std::optional<Bookmark>) override {
        const bool sent = co_await next.send(lines.size());
        EXPECT_TRUE(sent);
    }
    bool offer(Timestamp) override { return true; }

    std::vector<std::string> lines;
    Channel<std::size_t> next{2};
};

class LogPressure : public LogCollectorTest {};

TEST_F(LogPressure, AFullNextStageStopsTheReadingAndNothingIsLost) {
    std::vector<std::string> written;
    std::string text;
    for (int i = 0; i < 50'000; ++i) {
        written.push_back("line " + std::to_string(i) + std::string(60, 'x'));
        text += written.back() + "\n";
    }
    append(path(), text);
    FullSink sink;
    auto collector = LogCollector::make(options(), metrics_, clock_).value();
    TaskGroup group{context_.get_executor()};
    group.spawn("log", collector->run(sink));
    for (int i = 0; i < 2000; ++i) context_.poll_one();
    const auto read = collector->stats().bytes;
    EXPECT_LE(read, std::size_t{3} * (256 << 10)) << "two in the channel, one that waits";
    for (int i = 0; i < 2000; ++i) context_.poll_one();
    EXPECT_EQ(collector->stats().bytes, read) << "the file is the buffer";
    group.spawn("next", [](FullSink& from, std::size_t all) -> Task<Result<>> {
        for (std::size_t seen = 0; seen < all;) seen = *co_await from.next.receive();
        co_return Result<>{};
    }(sink, written.size()));
    for (int i = 0; i < 100'000 && sink.lines.size() < written.size(); ++i) context_.run_one();
    EXPECT_EQ(sink.lines, written);
    group.cancel();
    while (group.running() > 0) context_.run_one();
}

TEST_F(LogPressure, LinesOfTenMegabytesAreCutCountedAndKeptAsRawEvidence) {
    std::string text;
    for (int i = 0; i < 3; ++i) text += std::string(10'000'000, static_cast<char>('a' + i)) + "\n";
    append(path(), text + "last\n");
    Recorder sink;
    ASSERT_TRUE(replay(options(false), sink));
    ASSERT_EQ(sink.lines.size(), 4u);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(sink.lines[static_cast<std::size_t>(i)].size(), 65'536u);
    EXPECT_EQ(sink.lines[3], "last");
    EXPECT_EQ(sink.events[3].origin.position, 30'000'003u);
    EXPECT_EQ(stats_.oversize, 3u);
    EXPECT_EQ(metrics_.log_lines.with({"log:app", "oversize"}).value(), 3);
}

TEST_F(LogPressure, ALineWithoutAnEndTakesBoundedMemory) {
    LineSplitter splitter{65'536};
    std::size_t lines = 0;
    std::size_t most = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto room = splitter.room();
        most = std::max(most, room.size());
        std::ranges::fill(room.first(65'536), 'x');
        splitter.added(65'536);
        while (splitter.next()) ++lines;
    }
    EXPECT_EQ(lines, 1u);
    EXPECT_LE(most, std::size_t{512} << 10);
}

TEST_F(LogPressure, RandomBytesInvalidUtf8AndNulsComeThroughWholeAndCounted) {
    std::mt19937 random{11};
    std::string text;
    for (int i = 0; i < 2'000'000; ++i) text += static_cast<char>(random());
    text += "\nab\xff\xfe\xc0\xaf" + std::string("c\0d", 3) + "\n" + std::string(100'000, '\0') +
            "after the hole\n";
    append(path(), text);
    for (const std::string_view multiline : {"none", "stack_trace"}) {
        Options with = options(false);
        with.multiline = multiline;
        Recorder sink;
        ASSERT_TRUE(replay(with, sink));
        EXPECT_EQ(sink.lines.back(), "after the hole");
        EXPECT_EQ(sink.lines[sink.lines.size() - 2], "ab\xff\xfe\xc0\xaf" + std::string("c\0d", 3));
        EXPECT_EQ(stats_.lines, stats_.parsed + stats_.unparsed + stats_.oversize + stats_.blank);
        EXPECT_EQ(sink.lines.size() + stats_.blank, stats_.lines);
        EXPECT_EQ(stats_.bytes, text.size());
    }
}

TEST_F(LogPressure, LagIsTheAgeOfTheNewestLineAndTheBytesNotReadYet) {
    append(path(), "{\"time\":\"2024-11-27T05:59:00Z\"}\nunfinished");
    auto running = follow();
    ASSERT_TRUE(running->reaches(1));
    ASSERT_TRUE(
        running->until([&] { return metrics_.log_behind.with({"log:app"}).value() == 10; }));
    EXPECT_EQ(metrics_.log_lag.with({"log:app"}).value(), 60);
    append(path(), "\n");
    ASSERT_TRUE(running->until([&] { return metrics_.log_behind.with({"log:app"}).value() == 0; }));
}

}  // namespace
}  // namespace kentongan::log
