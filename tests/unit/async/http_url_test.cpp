#include "daemon/async/http_url.hpp"

#include <gtest/gtest.h>

namespace kentongan {
namespace {

TEST(HttpUrl, AcceptsHttpsAnywhereAndHttpOnLoopback) {
    EXPECT_EQ(HttpUrl::parse("https://kpu.example/a?b=c")->target, "/a?b=c");
    EXPECT_EQ(HttpUrl::parse("https://kpu.example")->target, "/");
    EXPECT_EQ(HttpUrl::parse("https://kpu.example?b")->target, "/?b");
    EXPECT_EQ(HttpUrl::parse("https://kpu.example:8443/")->authority(), "kpu.example:8443");
    EXPECT_EQ(HttpUrl::parse("https://[2001:db8::1]/")->authority(), "[2001:db8::1]");
    EXPECT_EQ(HttpUrl::parse("http://127.0.0.1:81/")->port, 81);
    EXPECT_TRUE(HttpUrl::parse("http://[::1]/"));
    EXPECT_TRUE(HttpUrl::parse("http://localhost/"));
}

TEST(HttpUrl, RefusesWhatWouldLeakOrGoElsewhere) {
    for (const char* bad : {"http://kpu.example/", "http://192.0.2.1/", "ftp://kpu.example/",
                            "https://user:secret@kpu.example/", "https:///alerts", "kpu.example",
                            "https://kpu.example/#x", "https://kpu.example:0/",
                            "https://kpu.example/\r\nX: y", "https://kpu.example:99999/", ""}) {
        const auto parsed = HttpUrl::parse(bad);
        ASSERT_FALSE(parsed) << bad;
        EXPECT_EQ(parsed.error().code, ErrorCode::config);
    }
}

}  // namespace
}  // namespace kentongan
