// Where in which file a log is to be taken up again.
#include "collectors/log/position.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <iterator>

#include "daemon/base/digest.hpp"

namespace kentongan::log {

namespace {

template <class Number>
bool read(const boost::json::object& object, std::string_view key, Number& out) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_number()) return false;
    boost::system::error_code error;
    out = value->to_number<Number>(error);
    return !error;
}

std::string text(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

/// The members of a position's object, without its braces.
std::string members(const Position& p) {
    auto out = fmt::format(
        R"("inode":{},"offset":{},"fingerprint":"{}","fingerprint_bytes":{},"lines":{},)"
        R"("passing_over":{},"time":{},"format":"{}")",
        p.inode, p.offset, p.fingerprint, p.fingerprint_bytes, p.lines, p.passing_over, p.time,
        p.format);
    if (p.known)
        fmt::format_to(std::back_inserter(out), R"(,"known":{{"begin":{},"end":{},"sha256":"{}"}})",
                       p.known->begin, p.known->end, to_hex(p.known->digest));
    if (p.born != 0) fmt::format_to(std::back_inserter(out), R"(,"born":{})", p.born);
    if (p.done) out += R"(,"done":true)";
    return out;
}

bool flag(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::optional<Stretch> stretch_from(const boost::json::object& object) {
    const auto* value = object.if_contains("known");
    const auto* known = value == nullptr ? nullptr : value->if_object();
    Stretch out;
    if (known == nullptr || !read(*known, "begin", out.begin) || !read(*known, "end", out.end) ||
        out.end < out.begin || out.end - out.begin > ReadTrail::kChunk)
        return std::nullopt;
    const auto hex = text(*known, "sha256");
    if (hex.size() != 2 * out.digest.size()) return std::nullopt;
    for (std::size_t i = 0; i < out.digest.size(); ++i)
        if (std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, out.digest[i], 16).ptr !=
            hex.data() + 2 * i + 2)
            return std::nullopt;
    return out;
}

std::optional<Position> position_from(const boost::json::object& object) {
    Position out;
    if (!read(object, "inode", out.inode) || !read(object, "offset", out.offset) ||
        !read(object, "fingerprint_bytes", out.fingerprint_bytes) ||
        !read(object, "lines", out.lines) || !read(object, "time", out.time) ||
        out.fingerprint_bytes > kFingerprintBytes)
        return std::nullopt;
    out.fingerprint = text(object, "fingerprint");
    out.format = text(object, "format");
    out.passing_over = flag(object, "passing_over");
    out.known = stretch_from(object);
    if (!read(object, "born", out.born)) out.born = 0;
    out.done = flag(object, "done");
    return out;
}

std::optional<boost::json::object> parse_object(std::string_view json) {
    boost::system::error_code error;
    boost::json::parse_options options;
    options.allow_invalid_utf8 = true;  // a path may be any bytes
    auto value = boost::json::parse({json.data(), json.size()}, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

}  // namespace

// The format's name and the digests need no escapes.
std::string to_json(const Position& position) { return "{" + members(position) + "}"; }

std::string to_json(std::string_view path, const Position& position) {
    return fmt::format(R"({{"path":{},{}}})",
                       boost::json::serialize(boost::json::string_view{path.data(), path.size()}),
                       members(position));
}

std::optional<Position> parse_position(std::string_view json) {
    const auto object = parse_object(json);
    return object ? position_from(*object) : std::nullopt;
}

std::optional<std::vector<FilePosition>> parse_positions(std::string_view json) {
    const auto object = parse_object(json);
    if (!object) return std::nullopt;
    std::vector<FilePosition> out;
    const auto* files = object->if_contains("files");
    if (files == nullptr) {
        auto position = position_from(*object);
        if (!position) return std::nullopt;
        out.push_back({"", std::move(*position)});
        return out;
    }
    if (!files->is_array()) return std::nullopt;
    for (const auto& file : files->get_array()) {
        auto position = file.is_object() ? position_from(file.get_object()) : std::nullopt;
        if (!position) return std::nullopt;
        out.push_back({text(file.get_object(), "path"), std::move(*position)});
    }
    return out;
}

std::string fingerprint_of(std::string_view head) {
    return head.empty() ? std::string{} : sha256_hex(head);
}

}  // namespace kentongan::log
