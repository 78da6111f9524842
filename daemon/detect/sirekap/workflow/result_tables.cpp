#include "daemon/detect/sirekap/workflow/result_tables.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kStatementCap = 4096;
constexpr std::size_t kKeyCap = 128;
constexpr std::array<std::string_view, 8> kWrites{"insert",  "update",   "delete",         "merge",
                                                  "replace", "truncate", "truncate table", "copy"};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "public.hasil_tps", "`suara_2024`".
bool is_result_table(std::string_view name, const std::vector<std::string>& words) {
    const std::string lower = to_lower(name);
    std::string_view part;
    for (std::string_view rest = lower; !rest.empty();) {
        const auto end = rest.find_first_of("._\"`0123456789 ");
        part = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (std::ranges::find(words, part) != words.end()) return true;
    }
    return false;
}

/// Words and quoted names of a statement, comments and texts left out.
std::string_view next_token(std::string_view& rest) {
    while (!rest.empty()) {
        if (rest.starts_with("/*")) {
            const auto end = rest.find("*/", 2);
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
        } else if (rest.starts_with("--")) {
            const auto end = rest.find('\n');
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        } else if (rest.front() == '\'') {
            const auto end = rest.find('\'', 1);
            rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        } else if (is_word(rest.front()) || rest.front() == '"' || rest.front() == '`') {
            std::size_t end = 1;
            while (end < rest.size() &&
                   (is_word(rest[end]) || rest[end] == '"' || rest[end] == '`' || rest[end] == '.'))
                ++end;
            const auto token = rest.substr(0, end);
            rest.remove_prefix(end);
            return token;
        } else {
            rest.remove_prefix(1);
        }
    }
    return {};
}

/// The table after UPDATE, INTO, FROM of a DELETE, TRUNCATE or COPY.
bool statement_writes(std::string_view statement, const std::vector<std::string>& words) {
    std::string_view rest = statement.substr(0, kStatementCap);
    bool writing = false;
    bool deleting = false;
    for (auto token = next_token(rest); !token.empty(); token = next_token(rest)) {
        const std::string word = to_lower(token);
        if (word == "only" || word == "table" || word == "low_priority" || word == "ignore")
            continue;
        if (writing && is_result_table(token, words)) return true;
        writing = word == "update" || word == "into" || word == "truncate" ||
                  (deleting && word == "from");
        deleting = deleting || word == "delete";
    }
    return false;
}

std::string after_name(std::string_view text, std::string_view name) {
    const auto at = text.find(name);
    if (at == std::string_view::npos) return {};
    std::string_view rest = text.substr(at + name.size());
    if (!rest.starts_with('=') && !rest.starts_with(':')) return {};
    rest.remove_prefix(1);
    if (rest.starts_with('\'')) rest.remove_prefix(1);
    const auto end = rest.find_first_of("' ,*/\n");
    return std::string(rest.substr(0, std::min(end, kKeyCap)));
}

/// "3.1", "v3.1.0": what follows the name of many programs and is no request.
bool is_version(std::string_view text) {
    if (text.starts_with('v')) text.remove_prefix(1);
    return text.size() < 4 || text.find_first_not_of("0123456789.-") == std::string_view::npos;
}

std::string request_of(std::string_view statement, std::string_view application) {
    for (auto at = statement.find("/*"); at != std::string_view::npos;
         at = statement.find("/*", at + 2)) {
        const std::string_view comment = statement.substr(at, statement.find("*/", at) - at);
        for (const std::string_view name : {"requestId", "request_id"})
            if (auto found = after_name(comment, name); !found.empty()) return found;
    }
    const auto slash = application.find('/');
    if (slash == std::string_view::npos) return {};
    const auto behind = application.substr(slash + 1, kKeyCap);
    return is_version(behind) ? std::string{} : std::string(behind);
}

/// The only run of exactly 13 digits that is a code; "" for several different ones.
void find_tps(std::string_view text, std::string& found, bool& several) {
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && is_digit(text[end])) ++end;
        const auto run = text.substr(at, end - at);
        at = end;
        if (!TpsCode::parse(run)) continue;
        several = several || (!found.empty() && found != run);
        found = run;
    }
}

}  // namespace

bool writes_results(const Event& event, const std::vector<std::string>& words) {
    if (event.text(Field::event_outcome) == "failure") return false;
    const std::string operation = to_lower(event.text(Field::db_operation));
    const bool known = !operation.empty() || event.has(Field::postgresql_audit_class);
    const bool writes = std::ranges::find(kWrites, operation) != kWrites.end() ||
                        event.text(Field::postgresql_audit_class) == "WRITE";
    if (known && !writes) return false;
    if (writes && event.has(Field::db_object))
        return event.text(Field::postgresql_audit_class) != "READ" &&
               is_result_table(event.text(Field::db_object), words);
    return statement_writes(event.text(Field::db_statement), words);
}

WriteKeys keys_of(const Event& event) {
    WriteKeys out;
    const auto statement = event.text(Field::db_statement).substr(0, kStatementCap);
    out.request = request_of(statement, event.text(Field::db_application));
    out.transaction = event.get(Field::postgresql_transaction_id).to_string();
    bool several = false;
    find_tps(statement, out.tps, several);
    find_tps(event.text(Field::postgresql_audit_parameter).substr(0, kStatementCap), out.tps,
             several);
    if (several) out.tps.clear();
    return out;
}

}  // namespace kentongan::sirekap
