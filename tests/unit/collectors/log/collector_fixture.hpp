#pragma once
// A LogCollector on files of a folder of its own, driven step by step; what it emits is written
// down.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "collectors/log/log_collector.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/metrics/metrics.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::log {

namespace fs = std::filesystem;

class Recorder final : public EventSink {
  public:
    struct Flush {
        Timestamp watermark;
        std::size_t lines;
        std::optional<Bookmark> bookmark;
    };
    void emit(const Event& event) override {
        if (event.logsource.product == "kentongan") return notices.push_back(event);
        lines.emplace_back(event.raw());
        events.push_back(event);
    }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp watermark, std::optional<Bookmark> bookmark) override {
        flushes.push_back({watermark, lines.size(), std::move(bookmark)});
        co_return;
    }
    bool offer(Timestamp) override { return true; }

    std::vector<Flush> bookmarks() const {
        std::vector<Flush> out;
        for (const auto& flush : flushes)
            if (flush.bookmark) out.push_back(flush);
        return out;
    }
    std::vector<std::string> lines;
    std::vector<Event> events;
    std::vector<Event> notices;  // of our own
    std::vector<Flush> flushes;
};

class LogCollectorTest : public testing::Test {
  protected:
    LogCollectorTest() {
        std::string name = (fs::temp_directory_path() / "kentongan-log-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~LogCollectorTest() override { fs::remove_all(folder_); }

    fs::path path(std::string_view name = "app.log") const { return folder_ / name; }
    static void append(const fs::path& file, std::string_view text) {
        std::ofstream(file, std::ios::app | std::ios::binary) << text;
    }
    Options options(bool follow = true) const {
        Options out;
        out.name = "app";
        out.path = path().string();
        out.format = "json";
        out.follow = follow;
        out.poll = std::chrono::milliseconds{1};
        return out;
    }

    /// A collector that runs on context_ into `sink` for as long as it lives.
    struct Running {
        Running(asio::io_context& context, Options options, Metrics& metrics, const Clock& clock,
                std::optional<Bookmark> resume)
            : context(context),
              collector(LogCollector::make(std::move(options), metrics, clock, std::move(resume))
                            .value()),
              group(context.get_executor()) {
            context.restart();  // it stopped when the one before had ended
            group.spawn("log", collector->run(sink));
        }
        ~Running() {
            group.cancel();
            while (group.running() > 0) context.run_one();
        }
        /// Lets it run until it has emitted so many lines; false when it does not.
        bool reaches(std::size_t lines) {
            for (int i = 0; i < 100'000 && sink.lines.size() < lines; ++i) context.run_one();
            return sink.lines.size() == lines;
        }
        template <class Predicate>
        bool until(Predicate done) {
            for (int i = 0; i < 100'000 && !done(); ++i) context.run_one();
            return done();
        }
        asio::io_context& context;
        Recorder sink;
        std::unique_ptr<LogCollector> collector;
        TaskGroup group;
    };
    std::unique_ptr<Running> follow(Options with, std::optional<Bookmark> resume = std::nullopt) {
        return std::make_unique<Running>(context_, std::move(with), metrics_, clock_,
                                         std::move(resume));
    }
    std::unique_ptr<Running> follow(std::optional<Bookmark> resume = std::nullopt) {
        return follow(options(), std::move(resume));
    }
    Result<> replay(Options with, Recorder& sink, std::optional<Bookmark> resume = std::nullopt) {
        auto collector = LogCollector::make(std::move(with), metrics_, clock_, std::move(resume));
        stats_ = {};
        auto result = run_task((*collector)->run(sink));
        stats_ = (*collector)->stats();
        return result;
    }

    asio::io_context context_{1};
    Metrics metrics_;
    ManualClock clock_;
    Stats stats_;
    fs::path folder_;
};

}  // namespace kentongan::log
