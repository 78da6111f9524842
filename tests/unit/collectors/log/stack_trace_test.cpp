#include "collectors/log/formats/stack_trace.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "collectors/log/record_joiner.hpp"

namespace kentongan::log {
namespace {

std::vector<std::string> records_of(std::string_view text) {
    StackTraceLines lines;
    RecordJoiner joiner{65536, 256};
    std::vector<std::string> out;
    const RecordJoiner::Emit keep = [&](const LineSplitter::Line& record) {
        out.emplace_back(record.text);
    };
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        joiner.take({line, 0, false}, lines.fit(line), keep);
    }
    joiner.finish(keep);
    return out;
}

TEST(StackTraceLines, PlainLinesStayApart) {
    EXPECT_EQ(records_of("12:00 INFO one\n12:01 INFO two\n12:02 ERROR three\n").size(), 3u);
}

TEST(StackTraceLines, AJavaTraceBelongsToTheLineThatLoggedIt) {
    const auto all = records_of(
        "16:31:05 ERROR [main] c.e.Upload - upload failed\n"
        "java.io.FileNotFoundException: /srv/../../../etc/passwd (Permission denied)\n"
        "\tat java.base/java.io.FileInputStream.open0(Native Method)\n"
        "\tat id.go.kpu.Upload.read(Upload.java:42)\n"
        "Caused by: java.lang.SecurityException: denied\n"
        "\t... 12 more\n"
        "16:31:06 INFO  [main] c.e.Upload - next\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_NE(all[0].find("... 12 more"), std::string::npos);
    EXPECT_TRUE(all[1].ends_with("next"));
}

TEST(StackTraceLines, APythonTraceEndsWithItsException) {
    const auto all = records_of(
        "2024-11-27 16:31:05 ERROR django.request: Internal Server Error: /login\n"
        "Traceback (most recent call last):\n"
        "  File \"/srv/app/views.py\", line 7, in login\n"
        "    raise SuspiciousOperation(\"bad\")\n"
        "django.core.exceptions.SuspiciousOperation: bad\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "\n"
        "Traceback (most recent call last):\n"
        "  File \"/srv/app/a.py\", line 1, in f\n"
        "ValueError: no\n"
        "2024-11-27 16:31:06 INFO next\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_NE(all[0].find("ValueError: no"), std::string::npos);
}

TEST(StackTraceLines, AGoPanicKeepsItsGoroutine) {
    const auto all = records_of(
        "panic: runtime error: index out of range [3] with length 3\n"
        "\n"
        "goroutine 1 [running]:\n"
        "main.(*Server).handle(0xc00001, 0x1)\n"
        "\t/srv/main.go:12 +0x1d\n"
        "created by main.serve in goroutine 1\n"
        "\t/srv/main.go:3 +0x2\n"
        "listening on :8080\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[1], "listening on :8080");
}

TEST(StackTraceLines, PhpAndLaravelTracesAreOneRecord) {
    const auto all = records_of(
        "[2024-11-27 16:31:05] production.ERROR: SQLSTATE[42000] {\"exception\":\"[object]\n"
        "[stacktrace]\n"
        "#0 /srv/vendor/laravel/Connection.php(712): run()\n"
        "#1 {main}\n"
        "\"} \n"
        "[2024-11-27 16:31:06] production.INFO: next\n"
        "PHP Fatal error:  Uncaught RuntimeException: x in /srv/a.php:3\n"
        "Stack trace:\n"
        "#0 {main}\n"
        "  thrown in /srv/a.php on line 3\n");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_TRUE(all[0].ends_with("\"} "));
    EXPECT_TRUE(all[2].ends_with("on line 3"));
}

TEST(StackTraceLines, NodeFramesAreIndented) {
    EXPECT_EQ(records_of("TypeError: x is not a function\n"
                         "    at handle (node:child_process:12:3)\n"
                         "ready\n")
                  .size(),
              2u);
}

TEST(StackTraceLines, AnEmptyLineOutsideATraceJoinsNothing) {
    EXPECT_EQ(records_of("a\n\nb\n").size(), 3u);
}

TEST(StackTraceLines, ForgettingLeavesTheTrace) {
    StackTraceLines lines;
    EXPECT_EQ(lines.fit("Traceback (most recent call last):"), Fit::continues);
    EXPECT_EQ(lines.fit("ValueError: no"), Fit::continues);
    lines.forget();
    EXPECT_EQ(lines.fit("ValueError: no"), Fit::begins);
}

}  // namespace
}  // namespace kentongan::log
