#include "collectors/log/formats/database.hpp"

#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

/// Takes blanks, brackets and comments off the front.
void skip_to_word(std::string_view& rest) {
    for (;;) {
        const auto begin = rest.find_first_not_of(" \t\r\n(;");
        rest.remove_prefix(std::min(begin, rest.size()));
        std::string_view end;
        if (rest.starts_with("/*")) end = "*/";
        if (rest.starts_with("--") || rest.starts_with('#')) end = "\n";
        if (end.empty()) return;
        const auto at = rest.find(end);
        rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + end.size());
    }
}

}  // namespace

void set_database(std::string_view product, Event& out) {
    out.logsource = {"database", product, {}};
    out.also = {"database", "sql", {}};
}

void set_statement(std::string_view statement, Event& out) {
    const auto end = statement.find_last_not_of(kSpace);
    statement = statement.substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (statement.empty()) return;
    out.set(Field::db_statement, statement);
    skip_to_word(statement);
    std::array<char, 24> word{};
    std::size_t size = 0;
    for (const char c : statement) {
        const char lower = ascii_lower(c);
        if (lower < 'a' || lower > 'z' || size == word.size()) break;
        word[size++] = static_cast<char>(lower - 32);
    }
    if (size > 0 && !out.has(Field::db_operation))
        out.set(Field::db_operation, std::string_view(word.data(), size));
}

void set_once(Field field, std::string_view value, Event& out) {
    if (!value.empty() && !out.has(field)) out.set(field, value);
}

void set_duration(double seconds, Event& out) {
    if (seconds >= 0 && seconds < 1e9)
        out.set(Field::event_duration, static_cast<std::int64_t>(seconds * 1e9));
}

std::string_view text_between(std::string_view text, std::string_view before, char end) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return {};
    const auto rest = text.substr(at + before.size());
    return rest.substr(0, rest.find(end));
}

}  // namespace kentongan::log
