#include "daemon/deliver/net/taxii_status.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::size_t kIdBytes = 128;

std::uint64_t count_at(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return 0;
    if (const auto* number = value->if_int64())
        return *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
    if (const auto* number = value->if_uint64()) return *number;
    return 0;
}

std::string text_of(const json::object& from, std::string_view name, std::size_t cap) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return printable_utf8(std::string_view(value->as_string()), cap);
}

std::string first_failure(const json::object& from) {
    const auto* list = from.if_contains("failures");
    if (list == nullptr || !list->is_array() || list->as_array().empty()) return {};
    const auto& first = list->as_array().front();
    return first.is_object() ? text_of(first.as_object(), "message", 256) : "";
}

/// It becomes part of a request's target.
bool is_safe(std::string_view id) {
    return !id.empty() && id.size() <= kIdBytes && std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_';
    });
}

}  // namespace

Result<TaxiiStatus> parse_taxii_status(std::string_view body) {
    boost::system::error_code code;
    json::parse_options options;
    options.max_depth = 16;
    const json::value value = json::parse(body, code, {}, options);
    if (code) return fail(ErrorCode::data, "TAXII status: not JSON: {}", code.message());
    if (!value.is_object()) return fail(ErrorCode::data, "TAXII status: not an object");
    const json::object& from = value.as_object();
    TaxiiStatus out;
    const std::string state = text_of(from, "status", 32);
    if (state != "complete" && state != "pending")
        return fail(ErrorCode::data, "TAXII status: it is \"{}\", neither complete nor pending",
                    state);
    out.complete = state == "complete";
    out.id = text_of(from, "id", kIdBytes);
    if (!out.complete && !is_safe(out.id))
        return fail(ErrorCode::data, "TAXII status: it has no id to ask for it again");
    out.succeeded = count_at(from, "success_count");
    out.failed = count_at(from, "failure_count");
    out.pending = count_at(from, "pending_count");
    out.failure = first_failure(from);
    return out;
}

Result<std::string> taxii_root(std::string_view target) {
    const auto at = target.rfind("/collections/");
    std::string_view rest = at == std::string_view::npos ? "" : target.substr(at + 13);
    const std::string_view id = take_until(rest, '/');
    if (id.empty() || (rest != "objects/" && rest != "objects"))
        return fail(ErrorCode::config,
                    "taxii url: the path {} does not end in /collections/ID/objects/", target);
    return std::string(target.substr(0, at + 1));
}

}  // namespace kentongan
