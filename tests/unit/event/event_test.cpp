#include "daemon/event/event.hpp"

#include <gtest/gtest.h>

#include "tests/support/event_builder.hpp"

namespace kentongan {
namespace {

TEST(Event, HoldsValuesOfEveryType) {
    const Event event = an_event()
                            .with(Field::source_ip, *IpAddress::parse("::ffff:192.0.2.7"))
                            .with(Field::http_response_status_code, 404)
                            .with(Field::tls_established, true)
                            .with("custom.ratio", 0.5)
                            .with(Field::user_name, "budi")
                            .saying("raw line")
                            .build();
    EXPECT_EQ(event.get(Field::source_ip).to_string(), "192.0.2.7");
    EXPECT_EQ(event.integer(Field::http_response_status_code), 404);
    EXPECT_EQ(event.get(Field::tls_established).to_string(), "true");
    EXPECT_EQ(event.get(*find_field("custom.ratio")).number(), 0.5);
    EXPECT_EQ(event.text(Field::user_name), "budi");
    EXPECT_EQ(event.raw(), "raw line");
    EXPECT_FALSE(event.has(Field::message));
}

TEST(Event, ClearForgetsEverything) {
    Event event = an_event().with(Field::user_name, "budi").saying("x").build();
    event.clear();
    EXPECT_EQ(event.size(), 0u);
    EXPECT_EQ(event.raw(), "");
}

TEST(Event, JsonRepeatsAFieldAsAnArrayAndEscapesHostileBytes) {
    const Event event = an_event()
                            .at("2024-11-27T06:00:00Z")
                            .with(Field::dns_answers_data, "192.0.2.1")
                            .with(Field::dns_answers_data, "192.0.2.2")
                            .with(Field::message, std::string_view{"\xff\"x", 3})
                            .build();
    EXPECT_EQ(to_json(event),
              R"({"@timestamp":"2024-11-27T06:00:00.000Z","kind":"log","logsource":{},)"
              R"("dns.answers.data":["192.0.2.1","192.0.2.2"],"message":"\\xff\"x"})");
}

TEST(Event, PartsOfTheRawRecordAndOfOtherValuesAreSharedAndStayWhatTheyWere) {
    std::string line = "GET /hasil?tps=1";
    Event event;
    event.set_raw(line);
    event.set(Field::url_original, std::string_view(line).substr(4));
    event.set(Field::url_path, event.text(Field::url_original).substr(0, 6));
    event.set(Field::user_name, "budi");
    event.set(Field::user_effective_name, event.text(Field::user_name).substr(0, 3));
    line = "POST /unggah     ";  // the line is read over: what was set stays
    event.set(Field::url_query, std::string_view(line).substr(5, 7));
    EXPECT_EQ(event.text(Field::url_original), "/hasil?tps=1");
    EXPECT_EQ(event.text(Field::url_path), "/hasil");
    EXPECT_EQ(event.text(Field::user_effective_name), "bud");
    EXPECT_EQ(event.text(Field::url_query), "/unggah");
    const Event copy = event;
    EXPECT_EQ(copy.text(Field::url_path), "/hasil");
    const std::vector<bool> in_raw{true, true, false, false, false};
    for (std::size_t i = 0; i < in_raw.size(); ++i) EXPECT_EQ(copy.is_in_raw(i), in_raw[i]) << i;
}

TEST(FieldDictionary, KnownNamesKeepTheirEnumerators) {
    EXPECT_EQ(find_field("source.ip"), Field::source_ip);
    EXPECT_EQ(name_of(Field::url_original), "url.original");
    EXPECT_EQ(find_field("never.seen.before"), std::nullopt);
}

}  // namespace
}  // namespace kentongan
