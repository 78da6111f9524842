// The collector against a real TLS server that behaves, or does not.
#include "collectors/sirekap/published_collector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "daemon/metrics/metrics.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/collectors/sirekap/results_server.hpp"

namespace kentongan::sirekap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Answer = ResultsAnswer;

class RecordingSink final : public EventSink {
  public:
    void emit(const Event& event) override { events.push_back(event); }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp, std::optional<Bookmark> mark) override {
        if (mark) bookmark = std::move(mark);
        if (after_flush) after_flush();
        co_return;
    }
    bool offer(Timestamp) override { return true; }

    /// "published 31", in the order told.
    [[nodiscard]] std::vector<std::string> told() const {
        std::vector<std::string> out;
        for (const Event& event : events)
            out.push_back(std::string(event.text(Field::event_action)) + " " +
                          std::string(event.text(Field::sirekap_node)));
        return out;
    }
    std::vector<Event> events;
    std::optional<Bookmark> bookmark;
    std::function<void()> after_flush;
};

std::string area(const std::string& ts, const std::vector<std::string>& children) {
    std::string rows;
    for (const auto& child : children)
        rows += fmt::format("{}\"{}\":{{\"1\":1,\"status_progress\":true}}",
                            rows.empty() ? "" : ",", child);
    return fmt::format(R"({{"chart":{{"1":{}}},"table":{{{}}},"ts":"{}"}})", children.size(), rows,
                       ts);
}

class PublishedResults : public testing::Test {
  protected:
    PublishedResults() {
        if (!replace_file(folder_ / "ca.pem", authority_.certificate_pem()))
            throw std::runtime_error("ca.pem");
        files_["/hhcw/pkwkp.json"] = area("2024-11-28 10:00:00", {"31"});
        files_["/hhcw/pkwkp/31.json"] = area("2024-11-28 10:00:00", {"3171", "3172"});
        files_["/hhcw/pkwkp/31/3171.json"] = area("2024-11-28 09:00:00", {});
        files_["/hhcw/pkwkp/31/3172.json"] = area("2024-11-28 10:00:00", {});
    }

    Answer usual(const ResultsServer::Request& request) {
        const std::string path{request.target().data(), request.target().size()};
        if (const auto special = special_.find(path); special != special_.end())
            return special->second(request);
        const auto found = files_.find(path);
        if (found == files_.end()) return {.status = 404};
        const std::string etag = fmt::format("\"{}\"", std::hash<std::string>{}(found->second));
        if (request[boost::beast::http::field::if_none_match] == etag)
            return {.status = 304, .headers = {{"ETag", etag}}};
        return {.body = found->second, .headers = {{"ETag", etag}}};
    }
    void serve() { serve(authority_.issue("IP:127.0.0.1")); }
    void serve(const CertificatePem& pem) {
        server_ = std::make_unique<ResultsServer>(
            loop_, pem, [this](const auto& request) { return usual(request); });
        options_.url = server_->url("/hhcw/pkwkp");
        options_.name = "test";
        options_.ca_file = folder_ / "ca.pem";
        options_.requests_per_second = 1000;
        options_.first_backoff = options_.longest_backoff = std::chrono::milliseconds{1};
        options_.depth = "kabupaten";
        options_.on_state = [this](std::string_view state) { said_.emplace_back(state); };
    }
    /// One walk, or until the sink has the collector stopped.
    Result<> walk(std::optional<Bookmark> resume = std::nullopt) {
        auto collector = PublishedCollector::make(options_, metrics_, clock_, std::move(resume));
        if (!collector) return std::unexpected(collector.error());
        std::optional<Result<>> out;
        const auto run = [](Collector& what, EventSink& sink, auto& result) -> Task<> {
            result = co_await what.run(sink);
        };
        TaskGroup group{loop_.get_executor()};
        sink_.after_flush = [&] {
            if (stop_ && stop_()) group.cancel();
        };
        group.spawn("collector", run(**collector, sink_, out));
        while (group.running() > 0) loop_.run_one();
        return out.value_or(Result<>{});
    }
    double count(std::string_view outcome) {
        return metrics_.published_fetches.with({"published:test", outcome}).value();
    }

    TestAuthority authority_;
    TemporaryFolder folder_;
    asio::io_context loop_{1};
    std::map<std::string, std::string> files_;
    std::map<std::string, ResultsServer::Handler> special_;
    std::unique_ptr<ResultsServer> server_;
    PublishedOptions options_;
    Metrics metrics_;
    ManualClock clock_;
    RecordingSink sink_;
    std::function<bool()> stop_;
    std::vector<std::string> said_;
};

TEST_F(PublishedResults, AreWalkedFromTheCountryDown) {
    serve();
    options_.connections = 1;
    options_.referer = "https://pilkada2024.kpu.go.id/";
    ASSERT_TRUE(walk());
    EXPECT_THAT(sink_.told(),
                ElementsAre("published 0", "published 31", "published 3171", "published 3172"));
    const Event& event = sink_.events.at(2);
    EXPECT_EQ(event.kind, EventKind::published);
    EXPECT_EQ(event.raw(), files_["/hhcw/pkwkp/31/3171.json"]);
    EXPECT_EQ(event.text(Field::sirekap_race), "pkwkp");
    EXPECT_EQ(event.text(Field::sirekap_published_at), "2024-11-28 09:00:00");
    EXPECT_EQ(event.text(Field::url_original), server_->url("/hhcw/pkwkp/31/3171.json"));
    EXPECT_EQ(event.integer(Field::http_response_status_code), 200);
    EXPECT_EQ(event.time, clock_.now());
    EXPECT_EQ(server_->requests.at(0)[boost::beast::http::field::referer],
              "https://pilkada2024.kpu.go.id/");
    EXPECT_EQ(said_, std::vector<std::string>{"every file was fetched"});
    EXPECT_EQ(count("changed"), 4);
}

TEST_F(PublishedResults, AreAskedForOnConditionTheNextTime) {
    serve();
    options_.connections = 2;
    options_.follow = true;
    options_.interval = std::chrono::milliseconds{1};
    stop_ = [&] {
        if (sink_.events.size() == 4) files_["/hhcw/pkwkp/31/3172.json"] += " ";
        return sink_.events.size() >= 8;
    };
    ASSERT_TRUE(walk());
    auto told = sink_.told();
    std::sort(told.begin() + 4, told.end());
    EXPECT_THAT(std::vector<std::string>(told.begin() + 4, told.begin() + 8),
                ElementsAre("confirmed 0", "confirmed 31", "confirmed 3171", "published 3172"));
    EXPECT_GE(count("unchanged"), 3);
    for (const Event& event : sink_.events)
        if (event.text(Field::event_action) == "confirmed") {
            EXPECT_TRUE(event.raw().empty());
            EXPECT_FALSE(event.text(Field::sirekap_published_at).empty());
        }
}

TEST_F(PublishedResults, AnInterruptedWalkGoesOnWhereItWas) {
    serve();
    options_.connections = 1;
    ASSERT_TRUE(walk(Bookmark{"published:test", R"({"walk":"3172"})"}));
    EXPECT_THAT(sink_.told(), ElementsAre("published 0", "published 31", "published 3172"));
    ASSERT_TRUE(sink_.bookmark);
    EXPECT_EQ(sink_.bookmark->state, R"({"walk":""})");
}

TEST_F(PublishedResults, KeptVersionsAreToldAfterARestart) {
    serve();
    options_.connections = 1;
    options_.versions = folder_ / "versions";
    ASSERT_TRUE(walk());
    sink_.events.clear();
    files_["/hhcw/pkwkp/31/3171.json"] = area("2024-11-28 11:00:00", {});
    ASSERT_TRUE(walk());
    EXPECT_THAT(sink_.told(),
                ElementsAre("published 0", "published 31", "published 3171", "published 3172",
                            "confirmed 0", "confirmed 31", "published 3171", "confirmed 3172"));
    EXPECT_EQ(count("unchanged"), 3);
}

TEST_F(PublishedResults, AFileThatIsThereNoMoreIsToldOnce) {
    serve();
    options_.connections = 1;
    options_.follow = true;
    options_.interval = std::chrono::milliseconds{1};
    stop_ = [&] {
        if (sink_.events.size() == 4) files_.erase("/hhcw/pkwkp/31/3172.json");
        return sink_.events.size() >= 11;
    };
    ASSERT_TRUE(walk());
    const auto told = sink_.told();
    EXPECT_EQ(std::ranges::count(told, "removed 3172"), 1);
}

TEST_F(PublishedResults, WhatIsNoJsonIsToldAsItCame) {
    serve();
    files_["/hhcw/pkwkp/31/3171.json"] = "{\"ts\":";
    ASSERT_TRUE(walk());
    const auto torn = std::ranges::find(sink_.events, "{\"ts\":", &Event::raw);
    ASSERT_NE(torn, sink_.events.end());
    EXPECT_EQ(torn->text(Field::sirekap_node), "3171");
    EXPECT_FALSE(torn->has(Field::sirekap_published_at));
}

TEST_F(PublishedResults, AResponseThatSaysItHasTwoGigabytesIsNotRead) {
    serve();
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto&) {
        return Answer{.body = "{", .claims = std::uint64_t{2} << 30};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("too_large"), 1);
    EXPECT_EQ(count("changed"), 3);
    EXPECT_THAT(said_, testing::Contains(HasSubstr("3171.json: larger than 33554432 bytes")));
}

TEST_F(PublishedResults, AResponseWithoutEndIsReadUpToTheLimit) {
    serve();
    options_.maximum_bytes = 1 << 20;
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto&) {
        return Answer{.kind = Answer::Kind::endless};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("too_large"), 1);
    EXPECT_THAT(said_, testing::Contains(HasSubstr("larger than 1048576 bytes")));
}

TEST_F(PublishedResults, AServerThatAnswersByteByByteRunsOutOfTime) {
    serve();
    options_.timeout = std::chrono::milliseconds{200};
    options_.attempts = 1;
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto&) {
        return Answer{.kind = Answer::Kind::trickle, .claims = 1000};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("timeout"), 1);
    EXPECT_EQ(count("changed"), 3);
    EXPECT_THAT(said_,
                testing::Contains(HasSubstr("no answer within 200 ms (reading the answer)")));
}

TEST_F(PublishedResults, ARedirectionIsFollowedOnTheSameHost) {
    serve();
    files_["/elsewhere"] = area("2024-11-28 10:00:00", {});
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto&) {
        return Answer{.status = 302, .headers = {{"Location", "/elsewhere"}}};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("changed"), 4);
}

TEST_F(PublishedResults, ARedirectionWithoutEndIsGivenUp) {
    serve();
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto& request) {
        return Answer{.status = 302, .headers = {{"Location", std::string(request.target())}}};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("redirected"), 1);
    EXPECT_THAT(said_, testing::Contains(HasSubstr("more than 3 redirections")));
}

TEST_F(PublishedResults, ARedirectionToAnotherHostOrToPlainHttpIsNotFollowed) {
    serve();
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto&) {
        return Answer{.status = 301, .headers = {{"Location", "https://evil.example/"}}};
    };
    special_["/hhcw/pkwkp/31/3172.json"] = [](const auto&) {
        return Answer{.status = 301, .headers = {{"Location", "http://127.0.0.1:1/"}}};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("redirected"), 2);
    EXPECT_THAT(said_, testing::IsSupersetOf({HasSubstr("redirected to another host, evil.example"),
                                              HasSubstr("redirected from https to plain http")}));
}

TEST_F(PublishedResults, AnExpiredCertificateIsNamed) {
    serve(authority_.issue_expired("IP:127.0.0.1"));
    ASSERT_TRUE(walk());
    EXPECT_THAT(sink_.events, IsEmpty());
    EXPECT_EQ(count("certificate"), 1);
    EXPECT_THAT(said_,
                ElementsAre(HasSubstr("the certificate is refused: certificate has expired")));
    EXPECT_THAT(server_->requests, IsEmpty());
}

TEST_F(PublishedResults, TheServersClockAndCertificateAreRead) {
    serve();
    std::vector<std::int64_t> ends;
    options_.on_certificate = [&](std::int64_t end) { ends.push_back(end); };
    clock_.set(*parse_rfc3339("2024-11-28T03:00:10Z"));
    special_["/hhcw/pkwkp.json"] = [&](const auto&) {
        return Answer{.body = files_["/hhcw/pkwkp.json"],
                      .headers = {{"Date", "Thu, 28 Nov 2024 03:00:00 GMT"}}};
    };
    // A cache's answer is as old as it likes to be.
    special_["/hhcw/pkwkp/31.json"] = [&](const auto&) {
        return Answer{.body = files_["/hhcw/pkwkp/31.json"],
                      .headers = {{"Date", "Thu, 28 Nov 2024 01:00:00 GMT"}, {"Age", "7200"}}};
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(metrics_.clock_offset.with({"published:test"}).value(), 9.5);
    ASSERT_EQ(ends.size(), 1u) << "told once, for all answers";
    EXPECT_EQ(static_cast<double>(ends[0]),
              metrics_.certificate_end.with({"published:test"}).value());
}

TEST_F(PublishedResults, ACertificateOfAnotherHostOrAnUnknownAuthorityIsRefused) {
    serve(authority_.issue("DNS:kpu.example"));
    ASSERT_TRUE(walk());
    serve(TestAuthority{}.issue("IP:127.0.0.1"));
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("certificate"), 2);
    EXPECT_THAT(sink_.events, IsEmpty());
}

TEST_F(PublishedResults, ABusyServerIsAskedAgainLater) {
    serve();
    options_.connections = 1;
    int refusals = 2;
    special_["/hhcw/pkwkp/31/3171.json"] = [&](const auto& request) -> Answer {
        if (refusals-- > 0) return {.status = 429, .headers = {{"Retry-After", "0"}}};
        special_.erase("/hhcw/pkwkp/31/3171.json");
        return usual(request);
    };
    ASSERT_TRUE(walk());
    EXPECT_EQ(count("busy"), 2);
    EXPECT_EQ(count("changed"), 4);
}

TEST_F(PublishedResults, AServerThatIsBrokenIsGivenUpAndTheRestIsWalked) {
    serve();
    options_.connections = 1;
    options_.versions = folder_ / "versions";
    ASSERT_TRUE(walk());
    sink_.events.clear();
    special_["/hhcw/pkwkp/31.json"] = [](const auto&) { return Answer{.status = 500}; };
    special_["/hhcw/pkwkp/31/3171.json"] = [](const auto&) {
        return Answer{.kind = Answer::Kind::close};
    };
    ASSERT_TRUE(walk());
    const auto told = sink_.told();
    EXPECT_THAT(std::vector<std::string>(told.begin() + 4, told.end()),
                ElementsAre("confirmed 0", "failed 31", "failed 3171", "confirmed 3172"));
    EXPECT_EQ(count("server_error"), 3);
    EXPECT_EQ(count("failed"), 3);
    EXPECT_THAT(said_, testing::Contains(HasSubstr("31.json: answered 500")));
}

TEST_F(PublishedResults, WrongOptionsAreErrorsThatNameThem) {
    const auto error = [&](auto change) {
        PublishedOptions options;
        options.name = "x";
        options.url = "https://kpu.example/hhcw/pkwkp";
        change(options);
        const auto made = PublishedCollector::make(options, metrics_, clock_);
        return made ? std::string{} : made.error().message;
    };
    EXPECT_EQ(error([](auto&) {}), "");
    EXPECT_THAT(error([](auto& o) { o.url = ""; }), HasSubstr("either url or folder"));
    EXPECT_THAT(error([](auto& o) { o.url = "http://kpu.example/a"; }), HasSubstr("use https"));
    EXPECT_THAT(error([](auto& o) { o.url = "https://kpu.example"; }),
                HasSubstr("folder of a race"));
    EXPECT_THAT(error([](auto& o) { o.depth = "desa"; }), HasSubstr("depth 'desa'"));
    EXPECT_THAT(error([](auto& o) { o.areas = {"../31"}; }), HasSubstr("areas: '../31'"));
    EXPECT_THAT(error([](auto& o) { o.ca_file = "/nowhere.pem"; }), HasSubstr("/nowhere.pem"));
}

TEST_F(PublishedResults, SavedSnapshotsAreReadInOrderOfTime) {
    options_.folder = folder_ / "saved";
    std::filesystem::create_directories(options_.folder);
    ASSERT_TRUE(write_file(folder_ / "saved/pkwkp_31_31.json", files_["/hhcw/pkwkp/31.json"]));
    ASSERT_TRUE(
        write_file(folder_ / "saved/pkwkp_31_3171.json", files_["/hhcw/pkwkp/31/3171.json"]));
    ASSERT_TRUE(walk());
    EXPECT_THAT(sink_.told(),
                ElementsAre("published 3171", "published 31", "confirmed 31", "confirmed 3171"));
    EXPECT_EQ(sink_.events.at(0).time, parse_rfc3339("2024-11-28T02:00:00Z"));
    EXPECT_EQ(sink_.events.at(0).text(Field::file_path), folder_ / "saved/pkwkp_31_3171.json");
}

TEST_F(PublishedResults, AFolderIsWatchedForNewFiles) {
    options_.folder = folder_ / "saved";
    options_.follow = true;
    options_.interval = std::chrono::milliseconds{1};
    std::filesystem::create_directories(options_.folder);
    ASSERT_TRUE(write_file(folder_ / "saved/pkwkp_31.json", files_["/hhcw/pkwkp/31.json"]));
    stop_ = [&] {
        if (sink_.events.size() == 1)
            EXPECT_TRUE(write_file(folder_ / "saved/pkwkp_32.json", files_["/hhcw/pkwkp/31.json"]));
        return sink_.events.size() == 2;
    };
    ASSERT_TRUE(walk());
    EXPECT_THAT(sink_.told(), ElementsAre("published 31", "published 32"));
    EXPECT_EQ(sink_.events.at(1).time, clock_.now());
}

}  // namespace
}  // namespace kentongan::sirekap
