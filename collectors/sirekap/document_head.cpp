// Reads the head of a published file.
#include "collectors/sirekap/document_head.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace json = boost::json;

namespace {

constexpr std::chrono::hours kWib{7};
constexpr std::size_t kDepth = 16;

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

Result<json::value> parse(std::string_view text, json::storage_ptr memory) {
    if (text.size() > DocumentHead::kMaximumBytes)
        return fail(ErrorCode::data, "larger than {} bytes", DocumentHead::kMaximumBytes);
    json::parse_options options;
    options.max_depth = kDepth;
    options.allow_invalid_utf8 = true;
    boost::system::error_code error;
    auto value = json::parse({text.data(), text.size()}, error, std::move(memory), options);
    if (error) return fail(ErrorCode::data, "not JSON: {}", error.message());
    return value;
}

void read_images(const json::object& from, std::vector<std::string>& out) {
    const auto* found = from.if_contains("images");
    const auto* list = found == nullptr ? nullptr : found->if_array();
    if (list == nullptr) return;
    for (const json::value& entry : *list)
        if (const auto* url = entry.if_string();
            url != nullptr && out.size() < DocumentHead::kMaximumImages)
            out.push_back(printable_utf8(view(*url), 1024));
}

void read_children(const json::object& from, std::vector<std::string>& out) {
    const auto* found = from.if_contains("table");
    const auto* table = found == nullptr ? nullptr : found->if_object();
    if (table == nullptr) return;
    for (const auto& row : *table)
        if (is_area_or_tps(view(row.key())) && out.size() < DocumentHead::kMaximumChildren)
            out.emplace_back(view(row.key()));
    std::ranges::sort(out);
    const auto repeated = std::ranges::unique(out);
    out.erase(repeated.begin(), repeated.end());
}

}  // namespace

Result<DocumentHead> DocumentHead::read(std::string_view text) {
    json::monotonic_resource memory;
    const auto value = parse(text, &memory);
    if (!value) return std::unexpected(value.error());
    const auto* root = value->if_object();
    if (root == nullptr) return fail(ErrorCode::data, "not a JSON object");
    DocumentHead out;
    if (const auto* ts = root->if_contains("ts"); ts != nullptr && ts->is_string()) {
        out.ts = printable_utf8(view(ts->get_string()), 40);
        out.made = parse_rfc3339(out.ts, kWib);
    }
    read_images(*root, out.images);
    read_children(*root, out.children);
    const auto* inside = root->if_contains("tungsura");
    if (const auto* numbers = inside == nullptr ? nullptr : inside->if_object()) {
        if (out.images.empty()) read_images(*numbers, out.images);
        if (out.children.empty()) read_children(*numbers, out.children);
    }
    return out;
}

bool is_area_or_tps(std::string_view code) {
    constexpr std::array<std::size_t, 5> kLengths{2, 4, 6, 10, 13};
    if (std::ranges::find(kLengths, code.size()) == kLengths.end()) return false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const bool digit = code[i] >= '0' && code[i] <= '9';
        const bool overseas =
            code.starts_with("99") && (i == 2 || i == 3) && code[i] >= 'A' && code[i] <= 'Z';
        if (!digit && !overseas) return false;
    }
    return true;
}

bool is_race(std::string_view name) {
    constexpr std::array<std::string_view, 7> kRaces{"ppwp",   "pdpr",  "pdpd", "pdprdp",
                                                     "pdprdk", "pkwkp", "pkwkk"};
    return std::ranges::find(kRaces, name) != kRaces.end();
}

std::string_view race_of_image(std::string_view url) {
    while (!url.empty())
        if (const auto part = take_until(url, '/'); is_race(part)) return part;
    return {};
}

}  // namespace kentongan::sirekap
