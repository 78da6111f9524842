// Questions: parsed, pointed at when refused, and asked of an alert; the compiler and the evaluator
// take whatever the parser lets through.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/store/query/document.hpp"
#include "daemon/store/query/parse.hpp"
#include "daemon/store/query/words.hpp"
#include "daemon/store/sqlite/search_sql.hpp"

namespace {

const kentongan::query::Document& document() {
    static const kentongan::query::Document made = [] {
        auto rule = std::make_shared<kentongan::Rule>();
        rule->id = "sigma:upload";
        rule->name = "Upload of a script";
        rule->techniques = {"T1190"};
        kentongan::Alert alert;
        alert.rule = rule;
        alert.message = "upload.php was written by www-data";
        alert.subject.source_ip = kentongan::IpAddress::parse("10.1.2.3");
        alert.related_user = {"root", "www-data"};
        return kentongan::query::document_of(alert);
    }();
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto parsed = query::parse(text, from_nanoseconds(1'732'700'000'000'000'000));
    if (!parsed) {
        const query::Refusal& refusal = parsed.error();
        if (refusal.offset > text.size() || refusal.length == 0 || refusal.message.empty())
            std::abort();
        if (query::pointed_out(text, refusal).find('^') == std::string::npos) std::abort();
        return 0;
    }
    const bool found = query::matches(*parsed, document());
    if (query::matches(query::Expression::none(*parsed), document()) == found) std::abort();
    const SqlCondition condition = condition_sql(*parsed);
    std::size_t marks = 0;
    for (const char c : condition.sql.text) marks += c == '?' ? 1 : 0;
    if (marks != condition.sql.values.size()) std::abort();
    for (const Way& way : ways_in(*parsed)) (void)way.select({1, 2});
    (void)query::window_of(*parsed);
    (void)query::words_of(text);
    return 0;
}
