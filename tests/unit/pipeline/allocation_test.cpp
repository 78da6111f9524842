// From a line to what rules say of it nothing is allocated, once the memory has grown to the
// input's size and where no rule matches. This program counts its allocations.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "collectors/log/format.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/project.hpp"

namespace {
thread_local std::uint64_t allocations = 0;  // of this thread
}

// GCC and Clang let a program replace these for all of itself.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace kentongan {
namespace {

constexpr int kLines = 10'000;

std::string nginx_line(int i) {
    return fmt::format(
        "10.1.{}.{} - - [27/Nov/2024:16:{:02}:05 +0700] \"GET /static/{}.png?v={} HTTP/1.1\" {} "
        "{} \"https://pilkada2024.kpu.go.id/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:132.0)\"",
        i % 200, i % 250, i % 60, i, i * 7, i % 9 == 0 ? 304 : 200, i * 31 % 90'000);
}

std::string syslog_line(int i) {
    if (i % 3 == 0)
        return fmt::format(
            "Nov 27 16:31:05 hasil-01 sshd[{}]: Received disconnect from 10.2.{}.9 port {}:11: "
            "disconnected by user",
            1000 + i, i % 250, 1024 + i);
    if (i % 3 == 1)
        return fmt::format(
            "Nov 27 16:31:06 hasil-01 systemd[1]: Started session-{}.scope - Session {} of User "
            "ratna, wilayah kota é.",
            i, i);
    return fmt::format(
        "<34>1 2024-11-27T09:31:05.003Z hasil-01 sirekap {} ID47 - tps {} tersimpan dalam {} ms", i,
        i * 13, i % 100);
}

std::string zeek_line(int i) {
    return fmt::format(
        R"({{"_path":"http","ts":{}.25,"uid":"C{:x}","id.orig_h":"10.3.{}.7","id.orig_p":{},)"
        R"("id.resp_h":"192.0.2.10","id.resp_p":80,"method":"GET","host":"sirekap.example.id",)"
        R"("uri":"/static/js/app.{}.js?v={}","user_agent":"Mozilla/5.0 Windows",)"
        R"("status_code":200,"resp_mime_types":["text/html","text/plain"]}})",
        1'732'698'000 + i, i * 7919, i % 250, 1024 + i, i % 100, i);
}

std::string event_line(int i) {
    return fmt::format(
        R"({{"logsource":{{"category":"process_creation","product":"linux"}},"Image":"/usr/bin/cat",)"
        R"("CommandLine":"cat /etc/hosts.{}","ParentImage":"/usr/bin/bash","User":"ratna",)"
        R"("ProcessId":{},"@timestamp":"2024-11-27T09:31:05.003Z"}})",
        i, i);
}

std::shared_ptr<const sigma::Ruleset> our_rules() {
    std::vector<RuleStatus> statuses;
    return std::make_shared<const sigma::Ruleset>(
        sigma::Ruleset::load({project_root() / "rules" / "sigma"}, statuses));
}

/// Allocations for all lines when they are read and judged again, and their plans are compiled.
std::uint64_t allocations_for(const char* format_name, std::string (*line_of)(int)) {
    std::vector<std::string> lines;
    for (int i = 0; i < kLines; ++i) lines.push_back(line_of(i));
    const auto rules = our_rules();
    auto format = log::make_format(format_name).value();
    log::ParseContext context;
    context.reference = parse_rfc3339("2024-11-28T00:00:00Z").value();
    SigmaDetector detector(rules);
    RecordingFindings findings;
    Event event;
    std::uint64_t before = 0;
    for (int round = 0; round < 3; ++round) {
        before = allocations;
        for (const std::string& line : lines) {
            EXPECT_EQ(log::read_line(*format, line, context, event), log::ParseResult::parsed);
            detector.inspect(event, findings);
        }
        rules->plans().compile_wanted();
    }
    EXPECT_TRUE(findings.all.empty()) << findings.all.front().rule->name;
    return allocations - before;
}

TEST(Allocation, AReadAndJudgedLineOfNginxCostsNone) {
    EXPECT_EQ(allocations_for("nginx", nginx_line), 0u);
}

TEST(Allocation, AReadAndJudgedLineOfSyslogCostsNone) {
    EXPECT_EQ(allocations_for("syslog", syslog_line), 0u);
}

TEST(Allocation, AReadAndJudgedLineOfZeekCostsNone) {
    EXPECT_EQ(allocations_for("zeek", zeek_line), 0u);
}

TEST(Allocation, AReadAndJudgedEventCostsNone) {
    EXPECT_EQ(allocations_for("events", event_line), 0u);
}

}  // namespace
}  // namespace kentongan
