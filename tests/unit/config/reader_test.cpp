// Layers, origins, and the round trip through show().
#include "daemon/config/reader.hpp"

#include <gmock/gmock.h>

#include "tests/unit/config/folder.hpp"

namespace kentongan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr const char* kFull = R"(
[daemon]
name = "sensor \"satu\" \\ \u00e9"
lanes = 2
exercise = true
[rules]
paths = ["/a", "/b c"]
[packet.lan]
interface = "eth0"
filter = "tcp[13] & 2 != 0"
[log.auth]
path = "/var/log/auth.log"
fields = { "a.b" = "user.name", c = "source.ip" }
[log.web-1]
path = "/var/log/nginx/access.log"
format = "nginx"
[integrity.www]
path = "/var/www"
exclude = ["*.tmp"]
[anomaly]
syn_flood_completed_ratio = 1
[delivery.bssn]
url = "https://bssn.example/hook"
[delivery.kpu]
url = "http://127.0.0.1:9000/"
timeout_seconds = 5
)";

TEST(ConfigReader, WithoutSourcesEverySettingHasItsDefault) {
    const auto loaded = load_config({});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->config, Config{});
    EXPECT_EQ(loaded->origin_of("daemon.lanes"), "default");
}

TEST(ConfigReader, ReadsEveryKindOfSetting) {
    Folder folder;
    const auto loaded = load_config({.main_file = folder.write("k.toml", kFull)});
    ASSERT_TRUE(loaded) << loaded.error().message;
    const Config& config = loaded->config;
    EXPECT_EQ(config.daemon.name, "sensor \"satu\" \\ \u00e9");
    EXPECT_EQ(config.daemon.lanes, 2);
    EXPECT_TRUE(config.daemon.exercise);
    EXPECT_THAT(config.rules.paths, ElementsAre("/a", "/b c"));
    EXPECT_THAT(config.log.at("auth").fields,
                ElementsAre(Pair("a.b", "user.name"), Pair("c", "source.ip")));
    EXPECT_EQ(config.log.at("web-1").line_bytes, 65536);
    EXPECT_EQ(config.anomaly.syn_flood_completed_ratio, 1.0);
    EXPECT_EQ(config.delivery.at("kpu").timeout_seconds, 5);
}

TEST(ConfigReader, LaterLayersPatchSingleKeysAndOriginsSayWhich) {
    Folder folder;
    const auto vendor = folder.write("vendor.toml", "[log.auth]\npath='/v'\nzone='Z'\n");
    const auto main = folder.write("k.toml", "[log.auth]\nstart = 'end'\npath = '/main'\n");
    folder.write("conf.d/20-b.toml", "[log.auth]\nservice = 'twenty'\n");
    folder.write("conf.d/10-a.toml", "[log.auth]\nservice = 'ten'\nproduct = 'linux'\n");
    folder.write("conf.d/30-c.toml.dpkg-old", "nonsense");
    const auto loaded = load_config({.vendor_file = vendor,
                                     .main_file = main,
                                     .environment = {{"KENTONGAN_LOG__AUTH__LINE_BYTES", "4096"},
                                                     {"KENTONGAN_DAEMON__LANES", "3"}},
                                     .set = {"daemon.lanes=4", "log.auth.category=7"}});
    ASSERT_TRUE(loaded) << loaded.error().message;
    const LogSettings& log = loaded->config.log.at("auth");
    EXPECT_EQ(log.path, "/main");
    EXPECT_EQ(log.zone, "Z");
    EXPECT_EQ(log.service, "twenty");
    EXPECT_EQ(log.product, "linux");
    EXPECT_EQ(log.category, "7");  // a number where a text belongs is taken as text from --set
    EXPECT_EQ(log.line_bytes, 4096);
    EXPECT_EQ(loaded->config.daemon.lanes, 4);
    EXPECT_EQ(loaded->origin_of("log.auth.path"), main + ":3");
    EXPECT_EQ(loaded->origin_of("log.auth.zone"), vendor + ":3");
    EXPECT_EQ(loaded->origin_of("log.auth.line_bytes"),
              "environment KENTONGAN_LOG__AUTH__LINE_BYTES");
    EXPECT_EQ(loaded->origin_of("daemon.lanes"), "--set");
    EXPECT_EQ(loaded->origin_of("daemon.name"), "default");
}

TEST(ConfigReader, SetTakesTomlValuesAndPlainText) {
    const auto loaded =
        load_config({.set = {"rules.paths=[\"/x\", \"/y\"]", "daemon.exercise=true",
                             "delivery.bssn.url=https://bssn.example/a?b=c#d", "packet.l.file=a b",
                             "log.a.path=\"/q\"", "log.a.fields.a.b=user.name", "daemon.name="}});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_THAT(loaded->config.rules.paths, ElementsAre("/x", "/y"));
    EXPECT_TRUE(loaded->config.daemon.exercise);
    EXPECT_EQ(loaded->config.delivery.at("bssn").url, "https://bssn.example/a?b=c#d");
    EXPECT_EQ(loaded->config.packet.at("l").file, "a b");
    EXPECT_EQ(loaded->config.log.at("a").path, "/q");
    EXPECT_THAT(loaded->config.log.at("a").fields, ElementsAre(Pair("a.b", "user.name")));
}

TEST(ConfigReader, WhatShowPrintsLoadsBackToTheSameSettings) {
    Folder folder;
    const auto first = load_config({.main_file = folder.write("k.toml", kFull)});
    ASSERT_TRUE(first) << first.error().message;
    for (const bool origin : {false, true}) {
        const std::string text = show(*first, origin);
        const auto second = load_config({.main_file = folder.write("again.toml", text)});
        ASSERT_TRUE(second) << second.error().message << "\n" << text;
        EXPECT_EQ(second->config, first->config);
    }
    EXPECT_THAT(show(*first, true), HasSubstr("k.toml:4\nlanes = 2\n"));
    EXPECT_THAT(show(*first, true), HasSubstr("# default\ndrain_seconds = 10\n"));
}

TEST(ConfigReader, AMissingMainFileIsNoInput) {
    const auto loaded = load_config({.main_file = "/nowhere/kentongan.toml"});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::no_input);
    EXPECT_THAT(loaded.error().message, HasSubstr("/nowhere/kentongan.toml"));
}

TEST(ConfigReader, AnEmptyMainFileIsRefusedButAFileOfCommentsIsNot) {
    Folder folder;
    const auto loaded = load_config({.main_file = folder.write("k.toml", "")});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::config);
    EXPECT_THAT(loaded.error().message, HasSubstr("is empty"));
    EXPECT_TRUE(load_config({.main_file = folder.write("k.toml", "# nothing yet\n")}));
}

TEST(ConfigReader, TheEnvironmentOfOtherProgramsIsLeftAlone) {
    ::setenv("KENTONGAN_DAEMON__NAME", "x=y", 1);
    ::setenv("KENTONGAN_SHARED", "/tmp", 1);
    const auto found = kentongan_environment();
    EXPECT_EQ(found.at("KENTONGAN_DAEMON__NAME"), "x=y");
    EXPECT_FALSE(found.contains("KENTONGAN_SHARED"));
    ::unsetenv("KENTONGAN_DAEMON__NAME");
    ::unsetenv("KENTONGAN_SHARED");
}

}  // namespace
}  // namespace kentongan
