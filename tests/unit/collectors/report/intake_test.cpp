// The running intake: HTTP in, journal, photographs and events out.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <future>

#include "collectors/report/proof.hpp"
#include "collectors/report/report_collector.hpp"
#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::report {
namespace {

namespace json = boost::json;
using asio::ip::tcp;
using testing::HasSubstr;
using testing::Not;

/// Keeps what was emitted; a file whose content has "EVIL" in it is flagged, as a scan would.
class KeepingSink final : public EventSink {
  public:
    void emit(const Event& event) override {
        const std::scoped_lock lock(mutex_);
        events_.push_back(event);
        if (event.kind != EventKind::file) return;
        const std::string path(event.text(Field::file_path));
        if (read_file(path).value_or("").contains("EVIL")) flagged_.push_back(path);
    }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp, std::optional<Bookmark> bookmark) override {
        const std::scoped_lock lock(mutex_);
        if (bookmark) bookmark_ = std::move(bookmark);
        co_return;
    }
    bool offer(Timestamp) override { return true; }
    std::vector<std::string> take_flagged_files() override { return std::exchange(flagged_, {}); }

    std::vector<Event> events(EventKind kind) const {
        const std::scoped_lock lock(mutex_);
        std::vector<Event> out;
        for (const Event& event : events_)
            if (event.kind == kind) out.push_back(event);
        return out;
    }
    std::optional<Bookmark> bookmark() const {
        const std::scoped_lock lock(mutex_);
        return bookmark_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<Event> events_;
    std::vector<std::string> flagged_;
    std::optional<Bookmark> bookmark_;
};

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
    [[nodiscard]] json::object object() const { return json::parse(body).as_object(); }
};

class RunningIntake {
  public:
    explicit RunningIntake(Options options) {
        std::promise<std::uint16_t> listening;
        options.listen = "127.0.0.1:0";
        options.blocking = blocking.executor();
        options.on_listening = [&](std::uint16_t at) { listening.set_value(at); };
        collector.emplace("report:test", std::move(options), metrics, clock);
        asio::post(lane.executor(), asio::use_future([&] {
                       group.emplace(lane.executor());
                       group->spawn("intake", collector->run(sink));
                   }))
            .get();
        port = listening.get_future().get();
    }
    ~RunningIntake() { stop(); }
    void stop() {
        if (!group) return;
        auto end = [this]() -> Task<> {
            group->cancel();
            (void)co_await group->join();
            group.reset();
        };
        asio::co_spawn(lane.executor(), end(), asio::use_future).get();
    }

    Answer ask(const std::string& request) const {
        asio::io_context context;
        tcp::socket socket{context};
        socket.connect({asio::ip::make_address("127.0.0.1"), port});
        asio::write(socket, asio::buffer(request));
        std::string answer;
        boost::system::error_code ended;
        asio::read(socket, asio::dynamic_buffer(answer), ended);
        const auto gap = answer.find("\r\n\r\n");
        if (gap == std::string::npos) return {};
        return {parse_number<int>(std::string_view(answer).substr(9, 3)).value_or(0),
                answer.substr(0, gap), answer.substr(gap + 4)};
    }
    Answer get(std::string_view target, std::string_view headers = "") const {
        return ask(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}\r\n", target,
                               headers));
    }
    Answer post(std::string_view target, std::string_view type, std::string_view body,
                std::string_view headers = "") const {
        return ask(
            fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        "Content-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}",
                        target, type, body.size(), headers, body));
    }
    Answer report(const json::object& fields, std::string_view headers = "") const {
        return post("/v1/reports", "application/json", json::serialize(fields), headers);
    }
    /// The same with a proof of work.
    Answer prove(json::object fields, std::string_view headers = "") const {
        const std::string challenge(get("/v1/challenge").object().at("challenge").as_string());
        fields["challenge"] = challenge;
        fields["solution"] = solve(challenge);
        return report(fields, headers);
    }
    Answer form(const std::vector<std::pair<std::string, std::string>>& fields,
                const std::vector<std::string>& photos, std::string_view headers = "") const {
        std::string body;
        for (const auto& [name, value] : fields)
            body += fmt::format(
                "--XYZ\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", name, value);
        for (const std::string& photo : photos)
            body +=
                "--XYZ\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"Siti.jpg\""
                "\r\nContent-Type: image/jpeg\r\n\r\n" +
                photo + "\r\n";
        return post("/v1/reports", "multipart/form-data; boundary=XYZ", body + "--XYZ--\r\n",
                    headers);
    }

    KeepingSink sink;
    Metrics metrics;
    ManualClock clock;
    std::uint16_t port = 0;
    LoopThread blocking{"test-files"};
    LoopThread lane{"test-lane"};
    std::optional<ReportCollector> collector;
    std::optional<TaskGroup> group;
};

class IntakeTest : public testing::Test {
  protected:
    TemporaryFolder folder;
    Options options = [this] {
        Options out;
        out.folder = folder / "reports";
        out.limits.difficulty = 6;
        out.trusted_proxies = {IpNetwork::parse("127.0.0.0/8").value()};
        return out;
    }();
    static json::object a_report() {
        return {{"category", "numbers"},
                {"place", "3171011006001"},
                {"text", "Angka di papan 120, di Sirekap 210"}};
    }
    static std::string from(std::string_view address) {
        return fmt::format("X-Forwarded-For: {}\r\n", address);
    }
    std::string all_files() const {
        std::string out;
        for (const auto& file : std::filesystem::recursive_directory_iterator(options.folder))
            if (file.is_regular_file() && file.path().filename() != "key")
                out += read_file(file.path()).value_or("");
        return out;
    }
};

TEST_F(IntakeTest, AReportBecomesATicketALineAndAnEvent) {
    RunningIntake intake{options};
    const auto answer = intake.prove(a_report());
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto body = answer.object();
    const std::string ticket(body.at("ticket").as_string());
    const std::string secret(body.at("secret").as_string());
    EXPECT_THAT(answer.head, HasSubstr("Location: /v1/reports/" + ticket));

    const auto events = intake.sink.events(EventKind::report);
    ASSERT_EQ(events.size(), 1u);
    const Event& event = events.front();
    EXPECT_EQ(event.text(Field::report_id), ticket);
    EXPECT_EQ(event.text(Field::report_category), "numbers");
    EXPECT_EQ(event.text(Field::sirekap_tps), "3171011006001");
    EXPECT_EQ(event.text(Field::message), "Angka di papan 120, di Sirekap 210");
    EXPECT_EQ(event.logsource.product, "report");
    EXPECT_EQ(event.origin.position, 1u);
    EXPECT_EQ(event.time, intake.clock.now());
    EXPECT_FALSE(event.has(Field::source_ip));
    EXPECT_THAT(all_files(), HasSubstr(ticket));
    EXPECT_THAT(all_files(), Not(HasSubstr(secret)));

    const auto bearer = fmt::format("Authorization: Bearer {}\r\n", secret);
    const auto status = intake.get("/v1/reports/" + ticket, bearer);
    ASSERT_EQ(status.status, 200);
    EXPECT_EQ(status.object().at("status").as_string(), "received");
    EXPECT_THAT(status.body, Not(HasSubstr("papan")));
    EXPECT_EQ(intake.get("/v1/reports/" + ticket).status, 404);
    EXPECT_EQ(intake.get("/v1/reports/KT-0000-0000", bearer).status, 404);
    EXPECT_EQ(intake.metrics.reports.with({"numbers"}).value(), 1);
}

TEST_F(IntakeTest, NothingPersonalReachesDiskOrEvents) {
    RunningIntake intake{options};
    json::object fields = a_report();
    fields["text"] =
        "Saya Siti, NIK 3171014501900001, 0812 3456 7890, siti@contoh.id di TPS "
        "3171011006001";
    fields["contact"] = "+62 811 000 111";
    ASSERT_EQ(intake.prove(fields, from("203.0.113.77")).status, 201);
    const Event event = intake.sink.events(EventKind::report).at(0);
    EXPECT_EQ(event.text(Field::message),
              "Saya Siti, NIK [NIK], [TELEPON], [EMAIL] di TPS 3171011006001");
    for (const std::string& kept : {all_files(), to_json(event)})
        for (const auto* personal :
             {"3171014501900001", "3456", "contoh.id", "811 000", "203.0.113"})
            EXPECT_THAT(kept, Not(HasSubstr(personal)));
    EXPECT_EQ(intake.metrics.report_masked.with({"identity"}).value(), 1);
}

TEST_F(IntakeTest, PhotographsAreCleanedAndGoToTheScan) {
    RunningIntake intake{options};
    const auto answer =
        intake.form({{"category", "form_missing"}, {"text", "Papan pengumuman kosong"}},
                    {a_jpeg(exif(1, "6.1754S 106.8272E"), "behind"), "not a picture"});
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.object().at("photos").at("kept").to_number<int>(), 1);
    EXPECT_EQ(answer.object().at("photos").at("refused").as_array().size(), 1u);
    const Event file = intake.sink.events(EventKind::file).at(0);
    EXPECT_EQ(file.text(Field::event_action), "created");
    EXPECT_EQ(file.text(Field::file_tree), "upload");
    EXPECT_EQ(read_file(std::string(file.text(Field::file_path))), a_jpeg());
    EXPECT_THAT(all_files(), Not(HasSubstr("Siti")));
    EXPECT_EQ(intake.metrics.report_photos.with({"unsupported"}).value(), 1);
}

TEST_F(IntakeTest, APhotographWithSomethingHarmfulIsSetAsideAndItsTicketSaysSo) {
    std::string ticket;
    std::string bearer;
    const auto told = [&](const RunningIntake& intake) {
        const auto photos = intake.get("/v1/reports/" + ticket, bearer).object().at("photos");
        return std::pair{photos.at("kept").to_number<int>(),
                         photos.at("quarantined").to_number<int>()};
    };
    {
        RunningIntake intake{options};
        std::string evil = a_jpeg();
        evil.insert(evil.size() - 2, "EVIL");
        const auto answer =
            intake.form({{"category", "other"}, {"text", "Lihat foto terlampir"}}, {evil, a_png()});
        ASSERT_EQ(answer.status, 201) << answer.body;
        ticket = answer.object().at("ticket").as_string();
        bearer = fmt::format("Authorization: Bearer {}\r\n",
                             std::string_view(answer.object().at("secret").as_string()));
        // The next report goes through the same task, so the first is dealt with by then.
        ASSERT_EQ(intake.prove(a_report()).status, 201);
        EXPECT_EQ(told(intake), std::pair(1, 1));
        EXPECT_TRUE(std::filesystem::exists(options.folder / "quarantine" / (ticket + "-1.jpg")));
    }
    RunningIntake again{options};
    EXPECT_EQ(told(again), std::pair(1, 1));
}

TEST_F(IntakeTest, WhatTheStoreHasNotCommittedIsEmittedAgainWithItsPosition) {
    std::string line;
    {
        RunningIntake intake{options};
        for (int i = 0; i < 3; ++i) ASSERT_EQ(intake.prove(a_report()).status, 201);
        line = intake.sink.events(EventKind::report).at(2).raw();
    }
    options.bookmark = "{\"sequence\":2}";
    RunningIntake again{options};
    ASSERT_EQ(again.prove(a_report()).status, 201);
    const auto events = again.sink.events(EventKind::report);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].origin.position, 3u);
    EXPECT_EQ(events[0].raw(), line);
    EXPECT_EQ(events[1].origin.position, 4u);
}

TEST_F(IntakeTest, FaultsAreToldByFieldInBothLanguages) {
    RunningIntake intake{options};
    const auto english = intake.report({{"text", "x"}, {"language", "en"}});
    ASSERT_EQ(english.status, 422);
    EXPECT_EQ(english.object().at("errors").as_array().size(), 2u);
    EXPECT_THAT(english.body, HasSubstr("Choose what happened."));
    EXPECT_THAT(intake.report({{"text", "x"}}).body, HasSubstr("Pilih apa yang terjadi."));
    EXPECT_EQ(intake.post("/v1/reports", "text/plain", "x").status, 415);
    EXPECT_EQ(intake.post("/v1/reports", "application/json", "{").status, 400);
    EXPECT_EQ(intake.metrics.reports_refused.with({"invalid"}).value(), 2);
    EXPECT_EQ(intake.metrics.reports_refused.with({"unreadable"}).value(), 2);
    EXPECT_TRUE(intake.sink.events(EventKind::report).empty());
}

TEST_F(IntakeTest, TheFormComesBackWithWhatWasWrittenAndWhatIsWrong) {
    RunningIntake intake{options};
    const auto page = intake.form({{"category", "money"},
                                   {"text", "<b>\"x\"</b>"},
                                   {"place", "{{challenge}}"},
                                   {"language", "en"}},
                                  {}, "Accept: text/html\r\n");
    ASSERT_EQ(page.status, 422);
    EXPECT_THAT(page.body, HasSubstr("<html lang=\"en\">"));
    EXPECT_THAT(page.body, HasSubstr("value=\"money\" required checked"));
    EXPECT_THAT(page.body, HasSubstr("&lt;b&gt;&quot;x&quot;&lt;/b&gt;</textarea>"));
    EXPECT_THAT(page.body, HasSubstr("value=\"{{challenge}}\""));
    EXPECT_THAT(page.body, HasSubstr("href=\"#place\""));
    EXPECT_THAT(page.body, Not(HasSubstr("<b>")));
    EXPECT_THAT(page.head, HasSubstr("default-src 'none'"));
}

TEST_F(IntakeTest, LimitsGoByTheAddressTheProxyNames) {
    options.limits.per_hour = 2;
    RunningIntake intake{options};
    EXPECT_EQ(intake.prove(a_report(), from("203.0.113.1")).status, 201);
    EXPECT_EQ(intake.prove(a_report(), from("203.0.113.2")).status, 201);
    const auto refused = intake.prove(a_report(), from("203.0.113.3"));
    EXPECT_EQ(refused.status, 429);
    EXPECT_THAT(refused.head, HasSubstr("Retry-After: "));
    EXPECT_EQ(intake.prove(a_report(), from("198.51.100.1")).status, 201);
    EXPECT_EQ(intake.metrics.reports_refused.with({"rate"}).value(), 1);
}

TEST_F(IntakeTest, ANetworkWithNothingLeftIsRefusedBeforeItsPhotographsAreRead) {
    options.limits.per_hour = 1;
    RunningIntake intake{options};
    ASSERT_EQ(intake.prove(a_report()).status, 201);
    const auto answer = intake.ask(
        "POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=B\r\n"
        "Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(answer.status, 429);
}

TEST_F(IntakeTest, TooLargeABodyATrapAndAWrongProofAreRefused) {
    RunningIntake intake{options};
    EXPECT_EQ(intake
                  .ask("POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: "
                       "application/json\r\nContent-Length: 100000000\r\n\r\n")
                  .status,
              413);
    json::object fields = a_report();
    fields["website"] = "http://buy.example";
    EXPECT_EQ(intake.report(fields).status, 400);
    fields = a_report();
    fields["challenge"] = "1.2.3";
    fields["solution"] = "1";
    EXPECT_EQ(intake.report(fields).status, 422);
    EXPECT_EQ(intake.metrics.reports_refused.with({"trap"}).value(), 1);
    EXPECT_EQ(intake.metrics.reports_refused.with({"proof_malformed"}).value(), 1);
}

TEST_F(IntakeTest, AClientThatSendsByteByByteIsCutOff) {
    options.request_timeout = std::chrono::milliseconds{200};
    RunningIntake intake{options};
    asio::io_context context;
    tcp::socket socket{context};
    socket.connect({asio::ip::make_address("127.0.0.1"), intake.port});
    asio::write(socket, asio::buffer(std::string("POST /v1/re")));
    std::string rest;
    boost::system::error_code ended;
    asio::read(socket, asio::dynamic_buffer(rest), ended);
    EXPECT_TRUE(ended);
    EXPECT_EQ(rest, "");
}

TEST_F(IntakeTest, WhenTheJournalIsFullItSaysSo) {
    options.journal_bytes = 1;
    RunningIntake intake{options};
    EXPECT_EQ(intake.prove(a_report()).status, 201);
    EXPECT_EQ(intake.prove(a_report()).status, 503);
    EXPECT_EQ(intake.metrics.reports_refused.with({"storage"}).value(), 1);
}

TEST_F(IntakeTest, EveryPageAndFileIsThere) {
    RunningIntake intake{options};
    for (const auto* path : {"/", "/?lang=en", "/status", "/style.css", "/report.js"})
        EXPECT_EQ(intake.get(path).status, 200) << path;
    for (const auto* path : {"/form.html", "/x", "/v1", "/v1/reports/a/b", "/../key"})
        EXPECT_EQ(intake.get(path).status, 404) << path;
    EXPECT_EQ(intake.post("/", "text/plain", "").status, 405);
    EXPECT_THAT(intake.get("/", "Accept-Language: en-GB,en;q=0.9\r\n").body,
                HasSubstr("<html lang=\"en\">"));
    EXPECT_THAT(intake.get("/", "Accept-Language: id,en;q=0.9\r\n").body,
                HasSubstr("<html lang=\"id\">"));
    EXPECT_THAT(intake.get("/", "Accept-Language: fr\r\n").body, HasSubstr("<html lang=\"id\">"));
}

TEST_F(IntakeTest, TheStatusPageAnswersWithoutScripts) {
    RunningIntake intake{options};
    const auto sent = intake.prove(a_report()).object();
    const auto form =
        fmt::format("ticket={}&secret={}", std::string_view(sent.at("ticket").as_string()),
                    std::string_view(sent.at("secret").as_string()));
    const auto page = intake.post("/status?lang=en", "application/x-www-form-urlencoded", form);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Vote numbers differ"));
    EXPECT_EQ(intake.post("/status", "application/x-www-form-urlencoded", form + "0").status, 404);
}

}  // namespace
}  // namespace kentongan::report
