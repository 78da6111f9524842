#include "collectors/log/formats/zeek_tsv.hpp"

#include <algorithm>
#include <cmath>

#include "collectors/log/formats/scan.hpp"
#include "collectors/zeek/native.hpp"
#include "collectors/zeek/record.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kColumnCap = 256;
constexpr std::size_t kElementCap = 256;
constexpr std::size_t kValueCap = 512;
constexpr std::size_t kSignCap = 16;  // of a separator or mark
constexpr double kLastSecond = 9'223'372'035.0;

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The byte that `\xNN` at `at` stands for; -1 where there is no such escape.
int escaped_byte(std::string_view text, std::size_t at) {
    if (at + 4 > text.size() || text[at] != '\\' || text[at + 1] != 'x') return -1;
    const int high = hex_digit(text[at + 2]);
    const int low = hex_digit(text[at + 3]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// All escapes undone, as a header line wants it.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < std::min(text.size(), kSignCap * 4); ++i) {
        const int byte = escaped_byte(text, i);
        out += byte < 0 ? text[i] : static_cast<char>(byte);
        if (byte >= 0) i += 3;
    }
    return out.substr(0, kSignCap);
}

/// What escapes of printable characters stand for (`\x5c` is Zeek's backslash). Others stay, as in
/// Zeek's JSON and as rules are written: `\x00`.
std::string_view printable(std::string_view text, std::string& scratch) {
    auto at = text.find("\\x");
    if (at == std::string_view::npos) return text;
    scratch.clear();
    for (; at != std::string_view::npos; at = text.find("\\x")) {
        const int byte = escaped_byte(text, at);
        const bool plain = byte >= 0x20 && byte <= 0x7e;
        scratch += text.substr(0, at);
        scratch += plain ? std::string_view{} : text.substr(at, 2);
        if (plain) scratch += static_cast<char>(byte);
        text.remove_prefix(at + (plain ? 4 : 2));
    }
    scratch += text;
    return scratch;
}

std::optional<Timestamp> time_in(std::string_view text) {
    const auto seconds = parse_number<double>(text);
    if (!seconds || !(*seconds >= 0 && *seconds < kLastSecond)) return std::nullopt;
    return from_nanoseconds(std::llround(*seconds * 1e6) * 1000);
}

}  // namespace

ZeekTsv::ZeekTsv(std::string_view stream) { name_stream(stream); }

void ZeekTsv::name_stream(std::string_view path) {
    name_ = zeek::stream_name(path);
    stream_ = &zeek::stream_called(name_);
}

void ZeekTsv::read_header(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (take(line, "#separator ")) {
        separator_ = unescaped(line);
        if (separator_.empty()) separator_ = "\t";
        return;
    }
    const auto end = line.find(separator_);
    if (end == std::string_view::npos) return;
    const auto name = line.substr(0, end);
    line.remove_prefix(end + separator_.size());
    if (name == "#set_separator") set_separator_ = unescaped(line);
    if (name == "#empty_field") empty_ = unescaped(line);
    if (name == "#unset_field") unset_ = unescaped(line);
    if (name == "#path") name_stream(line);
    if (name == "#fields") set_fields(line);
    if (name == "#types") set_types(line);
}

void ZeekTsv::read_head(std::string_view lines) {
    while (lines.starts_with('#')) read_header(take_until(lines, '\n'));
}

void ZeekTsv::set_fields(std::string_view names) {
    columns_.clear();
    for (bool more = true; more && columns_.size() < kColumnCap;) {
        const auto name = take_column(names, more);
        Column column;
        column.field = zeek::native_field(name);
        column.secret = zeek::is_secret(name);
        column.time = name == "ts";
        column.duration = name == "duration";
        columns_.push_back(column);
    }
}

void ZeekTsv::set_types(std::string_view types) {
    bool more = true;
    for (auto& column : columns_) {
        if (!more) return;
        auto type = take_column(types, more);
        column.list = take(type, "set[") || take(type, "vector[");
        if (column.list) (void)take_back(type, "]");
        if (type == "bool") column.type = Type::boolean;
        if (type == "count" || type == "int" || type == "port") column.type = Type::integer;
        if (type == "double" || type == "interval" || type == "time") column.type = Type::real;
    }
}

std::string_view ZeekTsv::take_column(std::string_view& rest, bool& more) const {
    const auto end = rest.find(separator_);
    more = end != std::string_view::npos;
    const auto column = rest.substr(0, end);
    rest.remove_prefix(more ? end + separator_.size() : rest.size());
    return column;
}

bool ZeekTsv::read(std::string_view line, Event& out) {
    if (columns_.empty()) return false;
    zeek::begin_event(*stream_, out);
    std::optional<Timestamp> start;
    std::optional<double> duration;
    bool secret = false;
    bool more = true;
    auto rest = line;
    for (const auto& column : columns_) {
        if (!more) return false;
        const auto value = take_column(rest, more);
        if (value == unset_) continue;
        if (column.time && !(start = time_in(value))) return false;
        if (column.duration) duration = parse_number<double>(value);
        secret = secret || column.secret;
        if (column.field) set_column(column, value, out);
    }
    if (more) return false;
    if (start) zeek::set_event_time(*stream_, *start, duration, out);
    zeek::complete_event(*stream_, name_, out);
    if (secret) keep_no_secret(line, out);
    return true;
}

void ZeekTsv::set_column(const Column& column, std::string_view value, Event& out) {
    if (!column.list || set_separator_.empty()) return set_scalar(column, value, out);
    if (value == empty_) return;
    for (std::size_t i = 0; i < kElementCap && !value.empty(); ++i) {
        const auto end = std::min(value.find(set_separator_), value.size());
        const auto element = value.substr(0, end);
        if (element != unset_) set_scalar(column, element, out);
        value.remove_prefix(std::min(end + set_separator_.size(), value.size()));
    }
}

/// A value that is not of its type is kept as text.
void ZeekTsv::set_scalar(const Column& column, std::string_view value, Event& out) {
    const Field field = *column.field;
    if (out.size() >= kValueCap) return;
    if (value == empty_) return out.set(field, std::string_view{});
    if (column.type == Type::boolean && (value == "T" || value == "F"))
        return out.set(field, value == "T");
    if (column.type == Type::integer)
        if (const auto number = parse_number<std::int64_t>(value)) return out.set(field, *number);
    if (column.type == Type::real)
        if (const auto number = parse_number<double>(value); number && std::isfinite(*number))
            return out.set(field, *number);
    out.set(field, printable(value, text_));
}

void ZeekTsv::keep_no_secret(std::string_view line, Event& out) {
    text_.clear();
    bool more = true;
    for (const auto& column : columns_) {
        const auto value = take_column(line, more);
        text_ += column.secret ? std::string_view(unset_) : value;
        if (more) text_ += separator_;
    }
    out.set_raw(text_);
}

}  // namespace kentongan::log
