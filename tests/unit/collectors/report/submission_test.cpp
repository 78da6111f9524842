#include "collectors/report/submission.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/report/multipart.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::report {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Timestamp kNow = parse_rfc3339("2024-11-27T10:00:00Z").value();

std::string part(std::string_view name, std::string_view content, bool file = false) {
    return fmt::format("--B\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n\r\n{}\r\n", name,
                       file ? "; filename=\"IMG_2024 Siti.jpg\"\r\nContent-Type: image/jpeg" : "",
                       content);
}

web::Request form(std::string body) {
    web::Request out;
    out.method = "POST";
    out.content_type = "multipart/form-data; boundary=B";
    out.body = std::move(body);
    return out;
}

Submission a_submission() {
    Submission out;
    out.category = "numbers";
    out.text = "Angka di papan lain dari Sirekap";
    return out;
}

std::vector<std::string_view> problems_of(const Submission& sent) {
    std::vector<std::string_view> out;
    for (const Problem& problem : check(sent, {}, kNow).problems) out.push_back(problem.text);
    return out;
}

TEST(Submission, IsReadFromAFormWithPhotographs) {
    const auto request = form(part("category", "money") + part("text", "a\r\nb") +
                              part("photo", "one", true) + part("photo", "two", true) +
                              part("photo", "", true) + part("unknown", "x") + "--B--\r\n");
    const auto sent = read_submission(request);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->category, "money");
    EXPECT_EQ(sent->text, "a\r\nb");
    EXPECT_THAT(sent->photos, ElementsAre("one", "two"));
}

TEST(Submission, IsReadFromJsonAndFromPairs) {
    web::Request request;
    request.content_type = "application/json; charset=utf-8";
    request.body = R"({"category":"other","place":"3171","photos":[1],"text":"é","x":{}})";
    auto sent = read_submission(request);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->category, "other");
    EXPECT_EQ(sent->place, "3171");
    EXPECT_EQ(sent->text, "é");
    request.content_type = "application/x-www-form-urlencoded";
    request.body = "category=other&text=satu+dua%0Atiga";
    sent = read_submission(request);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->text, "satu dua\ntiga");
}

TEST(Submission, WhatIsNoneSaysWhy) {
    web::Request request;
    request.content_type = "text/plain";
    EXPECT_EQ(read_submission(request).error(), BodyFault::unsupported_type);
    for (const std::string_view body :
         {"", "--B\r\n", "--B\r\nno header\r\n\r\nx\r\n--B--", "--C\r\n\r\n\r\n--C--",
          "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut"})
        EXPECT_EQ(read_submission(form(std::string(body))).error(), BodyFault::malformed) << body;
    request.content_type = "application/json";
    for (const std::string_view body : {"", "[]", "{", "{\"a\":[[[[[[[[[[1]]]]]]]]]]}"}) {
        request.body = body;
        EXPECT_EQ(read_submission(request).error(), BodyFault::malformed) << body;
    }
}

TEST(Submission, OfTooManyPartsOrWithoutABoundaryIsNone) {
    std::string body;
    for (int i = 0; i < 41; ++i) body += part("a", "b");
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=B", body + "--B--"));
    EXPECT_FALSE(parse_multipart("multipart/form-data", part("a", "b") + "--B--"));
    EXPECT_TRUE(
        parse_multipart("multipart/form-data; x=y; boundary=\"B\"", part("a", "b") + "--B--"));
}

TEST(Submission, ThatIsInOrderBecomesAReport) {
    Submission sent = a_submission();
    sent.place = " 3171.01.1006.001 ";
    sent.happened_at = "2024-11-27T16:30";
    sent.language = "en";
    sent.text = "  first\r\nsecond\tthird\x07  ";
    const Checked checked = check(sent, {}, kNow);
    EXPECT_THAT(checked.problems, IsEmpty());
    EXPECT_EQ(checked.report.tps, "3171011006001");
    EXPECT_EQ(checked.report.area, "");
    EXPECT_EQ(checked.report.happened, parse_rfc3339("2024-11-27T09:30:00Z"));
    EXPECT_EQ(checked.report.language, Language::english);
    EXPECT_EQ(checked.report.text, "first\nsecond third");
}

TEST(Submission, PlacesAreCodesOrNothing) {
    for (const auto* code : {"", "31", "3171", "317101", "3171011006", "3171011006001",
                             "99AA010001001", "3171 01 1006 001"}) {
        Submission sent = a_submission();
        sent.place = code;
        EXPECT_THAT(problems_of(sent), IsEmpty()) << code;
    }
    for (const auto* code : {"1", "317", "Gambir", "31710110060011", "0171011006001",
                             "31AA011006001", "99aa010001001", "317101100600x"}) {
        Submission sent = a_submission();
        sent.place = code;
        EXPECT_THAT(problems_of(sent), ElementsAre("problem_place")) << code;
    }
}

TEST(Submission, EachFaultHasItsWords) {
    Submission sent;
    sent.category = "fun";
    sent.place = "x";
    sent.happened_at = "yesterday";
    sent.text = "short";
    sent.contact = std::string(121, 'x');
    const std::string large((std::size_t{6} << 20) + 1, 'x');
    sent.photos = {large, large, "a", "b"};
    EXPECT_THAT(problems_of(sent), ElementsAre("problem_category", "problem_text_short",
                                               "problem_place", "problem_time", "problem_contact",
                                               "problem_photo_count", "problem_photo_size"));
    sent = a_submission();
    sent.text = std::string(4001, 'x');
    sent.happened_at = "2024-11-27T17:16";
    EXPECT_THAT(problems_of(sent), ElementsAre("problem_text_long", "problem_time_future"));
    sent = a_submission();
    sent.happened_at = "2024-08-01T00:00";
    EXPECT_THAT(problems_of(sent), ElementsAre("problem_time_past"));
}

TEST(Submission, LengthIsCountedInCharacters) {
    Submission sent = a_submission();
    sent.text.clear();
    for (int i = 0; i < 4000; ++i) sent.text += "é";
    EXPECT_THAT(problems_of(sent), IsEmpty());
    sent.text = "ééééééééé";
    EXPECT_THAT(problems_of(sent), ElementsAre("problem_text_short"));
}

}  // namespace
}  // namespace kentongan::report
