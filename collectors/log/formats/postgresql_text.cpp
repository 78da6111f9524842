// PostgreSQL's text log: a prefix of the administrator's making, a severity, a message, then lines
// of DETAIL, HINT, CONTEXT and STATEMENT with the same prefix, and continuations after a tab.
#include <algorithm>

#include "collectors/log/formats/postgresql.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/zone_name.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kPrefixCap = 512;

struct Label {
    std::string_view name;
    std::string_view PostgresRecord::* part = nullptr;  ///< of the lines after the first
};
constexpr Label kSeverities[] = {{"LOG"},    {"ERROR"},  {"FATAL"}, {"WARNING"}, {"NOTICE"},
                                 {"PANIC"},  {"INFO"},   {"DEBUG"}, {"DEBUG1"},  {"DEBUG2"},
                                 {"DEBUG3"}, {"DEBUG4"}, {"DEBUG5"}};
constexpr Label kParts[] = {{"DETAIL", &PostgresRecord::detail},
                            {"HINT", &PostgresRecord::hint},
                            {"CONTEXT", &PostgresRecord::context},
                            {"STATEMENT", &PostgresRecord::statement},
                            {"QUERY"},
                            {"LOCATION"}};

struct Split {
    std::string_view prefix;
    const Label* label = nullptr;
    std::string_view text;
};

const Label* label_at_end(std::string_view text, std::span<const Label> labels) {
    for (const Label& label : labels) {
        if (!text.ends_with(label.name)) continue;
        if (text.size() == label.name.size()) return &label;
        const char before = text[text.size() - label.name.size() - 1];
        if (before == ' ' || before == ':' || before == ']' || before == '>') return &label;
    }
    return nullptr;
}

/// At the first label that two spaces follow.
std::optional<Split> split_at_label(std::string_view line, std::span<const Label> labels) {
    const auto head = line.substr(0, kPrefixCap);
    for (auto at = head.find(":  "); at != std::string_view::npos; at = head.find(":  ", at + 1))
        if (const auto* label = label_at_end(head.substr(0, at), labels))
            return Split{line.substr(0, at - label->name.size()), label, line.substr(at + 3)};
    return std::nullopt;
}

bool begins_with_time(std::string_view line) {
    return line.size() > 10 && is_digit(line[0]) && is_digit(line[3]) &&
           ((line[4] == '-' && line[10] == ' ') || line[10] == '.');
}

/// "u@d"; PostgreSQL writes [unknown] for what it was not told.
void set_user(std::string_view token, PostgresRecord& out) {
    const auto at = token.rfind('@');
    if (at == std::string_view::npos || !out.user.empty()) return;
    const auto known = [](std::string_view name) {
        return name == "[unknown]" ? std::string_view{} : name;
    };
    out.user = known(token.substr(0, at));
    out.database = known(token.substr(at + 1));
}

/// "10.0.0.5(53422)" as %r writes it; the rest of the prefix is read without it.
std::string_view take_endpoint(std::string_view token, PostgresRecord& out) {
    const auto open = token.find('(');
    const auto close = token.find(')', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return token;
    const auto port = token.substr(open + 1, close - open - 1);
    if (!parse_number<unsigned>(port)) return token;
    out.host = token.substr(0, open);
    out.port = port;
    return token.substr(close + 1);
}

void read_token(std::string_view token, PostgresRecord& out) {
    while (token.starts_with(':')) token.remove_prefix(1);
    token = take_endpoint(token, out);
    while (token.starts_with(':')) token.remove_prefix(1);
    while (token.ends_with(':') || token.ends_with(',')) token.remove_suffix(1);
    // "u@d:[1234]", as hosted servers write it.
    if (const auto at = token.find(":["); at != std::string_view::npos) {
        read_token(token.substr(at + 1), out);
        token = token.substr(0, at);
    }
    if (token.starts_with('[') && token.ends_with(']')) {
        if (const auto pid = parse_number<std::int64_t>(token.substr(1, token.size() - 2)))
            if (!out.pid) out.pid = pid;
    } else if (token.find('=') != std::string_view::npos) {
        return;
    } else if (token.find('@') != std::string_view::npos) {
        set_user(token, out);
    } else if (out.host.empty() && IpAddress::parse(token)) {
        out.host = token;
    }
}

/// "user=app,db=sirekap,app=psql,client=10.0.0.5": up to the comma; only app may hold spaces.
void read_keys(std::string_view prefix, PostgresRecord& out) {
    struct Key {
        std::string_view name;
        std::string_view PostgresRecord::* value;
    };
    static constexpr Key kKeys[] = {{"user=", &PostgresRecord::user},
                                    {"db=", &PostgresRecord::database},
                                    {"app=", &PostgresRecord::application},
                                    {"client=", &PostgresRecord::host},
                                    {"host=", &PostgresRecord::host}};
    for (const auto& [name, value] : kKeys) {
        const auto at = prefix.find(name);
        if (at == std::string_view::npos ||
            (at > 0 && prefix[at - 1] != ' ' && prefix[at - 1] != ',' && prefix[at - 1] != '['))
            continue;
        auto text = prefix.substr(at + name.size());
        text = text.substr(0, text.find_first_of(name == "app=" ? "," : ", ]"));
        if (text != "[unknown]" && (out.*value).empty()) out.*value = trim(text);
    }
    if (!out.host.empty()) (void)take_endpoint(std::string_view{out.host}, out);
}

void read_prefix(std::string_view prefix, PostgresRecord& out) {
    read_keys(prefix, out);
    while (!prefix.empty()) read_token(take_until(prefix, ' '), out);
}

}  // namespace

std::optional<Timestamp> take_postgres_time(std::string_view& rest, const ParseContext& context) {
    if (rest.size() > 14 && rest[10] == '.' && digits_at<3>(rest, 11) >= 0) {  // %n
        const auto seconds = parse_number<std::int64_t>(rest.substr(0, 10));
        if (!seconds || *seconds < 0 || *seconds > 7'258'118'400) return std::nullopt;
        const auto ms = *seconds * 1000 + digits_at<3>(rest, 11);
        rest.remove_prefix(14);
        return from_nanoseconds(ms * 1'000'000);
    }
    if (rest.size() < 19 || rest[4] != '-' || rest[10] != ' ') return std::nullopt;
    std::size_t end = 19;
    if (end < rest.size() && rest[end] == '.')
        for (++end; end < rest.size() && is_digit(rest[end]);) ++end;
    const auto stamp = rest.substr(0, end);
    auto zone = context.zone;
    if (end < rest.size() && rest[end] == ' ') {
        auto name = rest.substr(end + 1);
        name = name.substr(0, std::min(name.find_first_of(" ,:[\t\""), name.size()));
        if (const auto known = zone_named(name)) {
            zone = *known;
            end += 1 + name.size();
        } else if (!name.empty() && name.size() <= 6 &&
                   std::ranges::all_of(name, [](char c) { return c >= 'A' && c <= 'Z'; })) {
            end += 1 + name.size();
        }
    }
    const auto time = parse_rfc3339(stamp, zone);
    if (time) rest.remove_prefix(end);
    return time;
}

bool begins_postgres_text(std::string_view line) {
    return begins_with_time(line) && split_at_label(line, kSeverities);
}

bool continues_postgres_text(std::string_view line) {
    if (line.starts_with('\t')) return true;
    return begins_with_time(line) && !split_at_label(line, kSeverities) &&
           split_at_label(line, kParts);
}

bool read_postgres_text(std::string_view record, const ParseContext& context, PostgresRecord& out) {
    auto rest = record;
    const auto first = take_until(rest, '\n');
    auto head = first;
    out.time = take_postgres_time(head, context);
    const auto split = split_at_label(head, kSeverities);
    if (!split || (!out.time && !split->prefix.empty())) return false;
    out.severity = split->label->name;
    out.message = split->text;
    read_prefix(split->prefix, out);
    std::string_view PostgresRecord::* part = &PostgresRecord::message;
    while (!rest.empty()) {
        const auto line = take_until(rest, '\n');
        const auto next = line.starts_with('\t') ? std::nullopt : split_at_label(line, kParts);
        if (next) {
            part = next->label->part;
            if (part != nullptr) out.*part = next->text;
        } else if (part != nullptr) {  // what follows in the record belongs to the same part
            const auto& begun = out.*part;
            out.*part = {begun.data(), static_cast<std::size_t>(line.end() - begun.begin())};
        }
    }
    return true;
}

}  // namespace kentongan::log
