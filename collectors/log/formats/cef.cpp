// CEF and LEEF: the header, the escapes, and where one pair ends and the next begins.
#include "collectors/log/formats/cef.hpp"

#include <algorithm>
#include <array>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/cef_fields.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kMaximumPairs = 256;

/// One part of the header: up to a `|` that no backslash escapes.
std::optional<std::string_view> take_part(std::string_view& rest) {
    for (std::size_t at = 0; at < rest.size(); ++at) {
        if (rest[at] == '\\') {
            ++at;
        } else if (rest[at] == '|') {
            const auto part = rest.substr(0, at);
            rest.remove_prefix(at + 1);
            return part;
        }
    }
    return std::nullopt;
}

bool is_key_character(char c) {
    const char lower = ascii_lower(c);
    return is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '_' || c == '.' || c == '-' ||
           c == '[' || c == ']';
}

/// Where the key of the next `key=` begins at or after `from`, and its `=`. A key stands behind a
/// space (or at the front); an `=` inside a value is escaped.
struct KeyPlace {
    std::size_t begin = std::string_view::npos;
    std::size_t equals = std::string_view::npos;
};
KeyPlace next_key(std::string_view text, std::size_t from) {
    std::size_t begin = from;
    bool possible = from == 0;
    for (std::size_t at = from; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '=' && possible && begin < at) return {begin, at};
        if (c == '\\') ++at;
        if (c == ' ') begin = at + 1;
        possible = c == ' ' || (possible && is_key_character(c));
    }
    return {};
}

/// cs1, cn2, cfp1, c6a2, deviceCustomDate1, flexString1: named by the key with "Label" behind.
bool is_custom(std::string_view key) {
    static constexpr std::array<std::string_view, 8> kCustom{
        "cs", "cn", "cfp", "c6a", "deviceCustomDate", "flexString", "flexNumber", "flexDate"};
    return !key.empty() && is_digit(key.back()) && std::ranges::any_of(kCustom, [&](auto start) {
        return key.starts_with(start) && key.size() == start.size() + 1;
    });
}

/// The value that stands from `begin` on.
std::string_view value_at(std::string_view text, std::size_t begin) {
    const auto end = std::min(next_key(text, begin).begin, text.size());
    return trim(text.substr(begin, end - begin));
}

bool is_time(std::string_view key) {
    return key == "rt" || key == "devTime" || key == "start" || key == "end";
}

/// LEEF 2.0's delimiter: a character, or its code as `x09` or `0x09`.
std::optional<char> delimiter_of(std::string_view text) {
    if (text.empty()) return '\t';
    if (text.size() == 1) return text[0];
    if (!take(text, "0x") && !take(text, "x")) return std::nullopt;
    unsigned code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code, 16);
    if (error != std::errc{} || end != text.data() + text.size() || code == 0 || code > 255)
        return std::nullopt;
    return static_cast<char>(code);
}

}  // namespace

std::string_view CefReader::unescape(std::string_view text) {
    if (!text.contains('\\')) return text;
    scratch_.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            scratch_ += text[i];
            continue;
        }
        const char c = text[++i];
        if (c == 'n' || c == 'r') {
            scratch_ += c == 'n' ? '\n' : '\r';
        } else {
            if (c != '\\' && c != '=' && c != '|') scratch_ += '\\';  // C:\Windows, unescaped
            scratch_ += c;
        }
    }
    return scratch_;
}

void CefReader::set_pair(std::string_view key, std::string_view value, ParseContext& context,
                         Event& out) {
    if (key.empty() || value.empty()) return;
    if (is_time(key)) {
        const auto time = cef_time(value, context);
        if (time && (out.time == Timestamp{} || key == "rt" || key == "devTime")) out.time = *time;
        if (time && key != "start" && key != "end") return;
    }
    if (!set_cef_key(key, value, out)) set_native(key, value, context, out);
}

void CefReader::set_native(std::string_view key, std::string_view value, ParseContext& context,
                           Event& out) {
    const auto field = key.size() <= 64 ? intern_field(key) : std::nullopt;
    if (field)
        out.set(*field, value);
    else
        ++context.left_out;
}

void CefReader::read_extension(std::string_view rest, ParseContext& context, Event& out) {
    std::size_t count = 0;
    for (auto place = next_key(rest, 0); place.begin != std::string_view::npos;
         place = next_key(rest, place.equals + 1)) {
        if (++count > kMaximumPairs) {
            ++context.left_out;
            return;
        }
        const auto key = rest.substr(place.begin, place.equals - place.begin);
        const auto value = value_at(rest, place.equals + 1);
        set_pair(key, unescape(value), context, out);
        if (is_custom(key)) set_labelled(rest, key, value, context, out);
    }
}

/// A custom field bears the name its label gives it too, without the spaces.
void CefReader::set_labelled(std::string_view rest, std::string_view key, std::string_view value,
                             ParseContext& context, Event& out) {
    name_.assign(" ").append(key).append("Label=");
    auto at = rest.find(name_);
    if (at == std::string_view::npos) {
        if (!rest.starts_with(std::string_view(name_).substr(1))) return;
        at = 0;
    }
    const auto label = value_at(rest, rest.find('=', at) + 1);
    name_.clear();
    for (const char c : label.substr(0, 64))
        if (is_key_character(c)) name_ += c;
    if (!name_.empty() && name_ != key) set_native(name_, unescape(value), context, out);
}

void CefReader::read_attributes(std::string_view rest, char delimiter, ParseContext& context,
                                Event& out) {
    for (std::size_t count = 0; !rest.empty(); ++count) {
        auto pair = take_until(rest, delimiter);
        const auto key = trim(take_until(pair, '='));
        if (count >= kMaximumPairs) {
            ++context.left_out;
        } else if (key == "sev") {
            if (const auto severity = cef_severity(pair)) out.set(Field::event_severity, *severity);
        } else {
            set_pair(key, pair, context, out);
        }
    }
}

bool CefReader::read(std::string_view text, ParseContext& context, Event& out) {
    const bool leef = take(text, "LEEF:");
    if (!leef && !take(text, "CEF:")) return false;
    std::array<std::string_view, 7> parts{};
    const std::size_t wanted = leef ? 5 : 7;
    for (std::size_t i = 0; i < wanted; ++i) {
        const auto part = take_part(text);
        if (!part) return false;
        parts[i] = *part;
    }
    static constexpr std::array kFields{Field::observer_vendor, Field::observer_product,
                                        Field::observer_version, Field::event_code};
    for (std::size_t i = 0; i < kFields.size(); ++i)
        if (!parts[i + 1].empty()) out.set(kFields[i], unescape(parts[i + 1]));
    if (leef) {
        std::optional<char> delimiter = '\t';
        if (parts[0].starts_with('2')) {
            std::string_view after = text;
            const auto named = take_part(after);
            if (named && named->size() <= 4 && (delimiter = delimiter_of(*named)))
                text = after;
            else
                delimiter = '\t';
        }
        read_attributes(text, *delimiter, context, out);
        return true;
    }
    out.set(Field::rule_name, unescape(parts[5]));
    if (const auto severity = cef_severity(parts[6])) out.set(Field::event_severity, *severity);
    read_extension(text, context, out);
    if (!out.has(Field::message)) out.set(Field::message, unescape(parts[5]));
    return true;
}

namespace {

class CefFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        SyslogHeader header;
        (void)take_syslog_headers(line, context, header);
        if (!reader_.read(cef_text(header, line), context, out)) return ParseResult::unparsed;
        if (out.time == Timestamp{} && header.time) out.time = *header.time;
        if (!header.host.empty() && !out.has(Field::host_hostname))
            out.set(Field::host_hostname, header.host);
        if (header.priority) out.set(Field::log_syslog_priority, *header.priority);
        return ParseResult::parsed;
    }
    std::string_view name() const override { return "cef"; }

  private:
    CefReader reader_;
};

}  // namespace

std::string_view cef_text(const SyslogHeader& header, std::string_view rest) {
    if (header.tag == "CEF" || header.tag == "LEEF") {
        const auto length = rest.data() + rest.size() - header.tag.data();
        return {header.tag.data(), static_cast<std::size_t>(length)};
    }
    return rest.starts_with("CEF:") || rest.starts_with("LEEF:") ? rest : std::string_view{};
}

bool is_cef(std::string_view line) {
    const auto at = std::min(line.find("CEF:"), line.find("LEEF:"));
    if (at == std::string_view::npos) return false;
    const auto pipes = line.substr(at, 256);
    return (at == 0 || line[at - 1] == ' ') && std::ranges::count(pipes, '|') >= 4;
}

std::unique_ptr<Format> make_cef(const FormatOptions&) { return std::make_unique<CefFormat>(); }

}  // namespace kentongan::log
