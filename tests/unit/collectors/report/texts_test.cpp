// Every text that a template or an answer asks for is there, in both languages.
#include "collectors/report/texts.hpp"

#include <gtest/gtest.h>

#include "collectors/report/page.hpp"
#include "collectors/report/page/files.hpp"
#include "collectors/report/photo.hpp"

namespace kentongan::report {
namespace {

TEST(Texts, OfEveryTemplateAreThere) {
    std::size_t asked = 0;
    for (const page::File& file : page::files()) {
        std::string_view rest = file.content;
        for (auto at = rest.find("{{t."); at != std::string_view::npos; at = rest.find("{{t.")) {
            rest.remove_prefix(at + 4);
            EXPECT_TRUE(has_text(rest.substr(0, rest.find("}}"))))
                << file.name << rest.substr(0, 30);
            ++asked;
        }
    }
    EXPECT_GT(asked, 30u);
}

TEST(Texts, OfWhatTheCodeSaysAreThere) {
    for (const auto* key :
         {"refused_rate", "refused_rate_without_proof", "refused_contact", "refused_proof_expired",
          "refused_proof_spent", "refused_proof_wrong", "refused_storage", "refused_body",
          "not_found", "photo_quota", "photo_storage", "photo_unsupported", "photo_damaged",
          "photo_too_many_pixels", "status_unknown", "thanks_title"})
        for (const auto language : {Language::indonesian, Language::english})
            EXPECT_FALSE(text(key, language).empty()) << key;
}

TEST(Texts, NoPageIsLeftWithAnUnfilledName) {
    const Pages pages{LimitOptions{}, ContentOptions{}};
    const TicketState state{"KT-7Q2M-9XKD", "numbers", {}, 2, 1};
    for (const auto language : {Language::indonesian, Language::english})
        for (const std::string& page :
             {pages.form(language, "c"),
              pages.form(language, "c", {}, {{"text", "problem_text_long"}}),
              pages.thanks(language, "t", "s", 1, {"damaged"}), pages.status(language, &state, "t"),
              pages.status(language, nullptr, "t"),
              pages.message(language, "not_found_title", "x")})
            EXPECT_EQ(page.find("{{"), std::string::npos) << page.substr(page.find("{{"), 40);
}

TEST(Texts, SayWhenToComeAgain) {
    const Pages pages{LimitOptions{}, ContentOptions{}};
    using std::chrono::seconds;
    EXPECT_NE(pages.said("refused_rate", Language::english, seconds{601}).find("in 11 minutes"),
              std::string::npos);
    EXPECT_NE(pages.said("refused_rate", Language::indonesian, seconds{30}).find("sebentar lagi"),
              std::string::npos);
}

}  // namespace
}  // namespace kentongan::report
