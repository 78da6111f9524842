// Where in which file a log is to be taken up again.
#include "collectors/log/position.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

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

}  // namespace

// The format's name and the digest need no escapes.
std::string to_json(const Position& p) {
    return fmt::format(
        R"({{"inode":{},"offset":{},"fingerprint":"{}","fingerprint_bytes":{},"lines":{},)"
        R"("passing_over":{},"time":{},"format":"{}"}})",
        p.inode, p.offset, p.fingerprint, p.fingerprint_bytes, p.lines, p.passing_over, p.time,
        p.format);
}

std::optional<Position> parse_position(std::string_view json) {
    boost::system::error_code error;
    const auto value = boost::json::parse({json.data(), json.size()}, error);
    const auto* object = error ? nullptr : value.if_object();
    if (object == nullptr) return std::nullopt;
    Position out;
    if (!read(*object, "inode", out.inode) || !read(*object, "offset", out.offset) ||
        !read(*object, "fingerprint_bytes", out.fingerprint_bytes) ||
        !read(*object, "lines", out.lines) || !read(*object, "time", out.time) ||
        out.fingerprint_bytes > kFingerprintBytes)
        return std::nullopt;
    out.fingerprint = text(*object, "fingerprint");
    out.format = text(*object, "format");
    const auto* passing = object->if_contains("passing_over");
    out.passing_over = passing != nullptr && passing->is_bool() && passing->get_bool();
    return out;
}

std::string fingerprint_of(std::string_view head) {
    return head.empty() ? std::string{} : sha256_hex(head);
}

}  // namespace kentongan::log
