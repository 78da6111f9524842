// Takes addresses of photographs apart.
#include "daemon/detect/sirekap/image_address.hpp"

#include <algorithm>
#include <vector>

#include "daemon/base/digest.hpp"
#include "daemon/base/md5.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kLongestAddress = 2048;
constexpr std::size_t kKelurahanFolders = 5;
constexpr auto kWib = std::chrono::hours{7};

std::string_view without_query(std::string_view address) {
    return address.substr(0, address.find_first_of("?#"));
}

std::string_view take_extension(std::string_view& name) {
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) return {};
    const auto extension = name.substr(dot + 1);
    name = name.substr(0, dot);
    return extension;
}

bool is_picture(std::string_view extension) {
    return equals_ignoring_case(extension, "jpg") || equals_ignoring_case(extension, "jpeg") ||
           equals_ignoring_case(extension, "png");
}

/// The first four hex digits of the MD5 of a TPS code.
std::string prefix_of(std::string_view code) { return to_hex(md5(code)).substr(0, 4); }

/// "YYYYMMDD-HHMMSS", WIB.
std::optional<Timestamp> parse_stamp(std::string_view text) {
    if (text.size() != 15 || text[8] != '-') return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t length) {
        const auto digits = text.substr(at, length);
        const bool all = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
        return all ? parse_number<int>(digits).value_or(-1) : -1;
    };
    return from_civil(number(0, 4), number(4, 2), number(6, 2), number(9, 2), number(11, 2),
                      number(13, 2), kWib);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Version 4, variant 1 (RFC 9562 §5.4).
std::optional<Uuid> parse_uuid4(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid out{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const int digit = hex_digit(text[i]);
        if (dash ? text[i] != '-' : digit < 0) return std::nullopt;
        if (dash) continue;
        out[digits / 2] = static_cast<std::uint8_t>(out[digits / 2] << 4 | digit);
        ++digits;
    }
    if (out[6] >> 4 != 4 || out[8] >> 6 != 2) return std::nullopt;
    return out;
}

/// The last `count` folders before the name, nearest last; fewer when there are fewer.
std::vector<std::string_view> last_folders(std::string_view path, std::size_t count) {
    std::vector<std::string_view> out;
    while (!path.empty() && out.size() < count) {
        path.remove_suffix(path.ends_with('/') ? 1 : 0);
        const auto slash = path.rfind('/');
        out.push_back(slash == std::string_view::npos ? path : path.substr(slash + 1));
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash + 1);
    }
    std::ranges::reverse(out);
    return out;
}

AddressFault judge_folders(std::string_view folders, std::string_view code, ImageAddress& out) {
    constexpr std::size_t kAll = kKelurahanFolders + 3;  // prefix, election, race
    const auto parts = last_folders(folders, kAll);
    if (parts.size() < kAll) return AddressFault::folders;
    out.race = parts[2];
    std::string kelurahan;
    for (std::size_t i = 3; i < kAll; ++i) kelurahan += parts[i];
    if (kelurahan != code.substr(0, 10)) return AddressFault::folders;
    return parts[0] == prefix_of(code) ? AddressFault::none : AddressFault::prefix;
}

}  // namespace

std::string_view name_of(AddressFault fault) {
    switch (fault) {
        case AddressFault::none:
            return "none";
        case AddressFault::folders:
            return "folders of another kelurahan";
        case AddressFault::prefix:
            return "a prefix that is not its TPS's";
        case AddressFault::stamp:
            return "no time in its name";
        case AddressFault::uuid:
            return "no UUID of version 4";
    }
    return "none";
}

bool may_be_image_address(std::string_view path) {
    path = without_query(path);
    const auto slash = path.rfind('/');
    const auto name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    return name.size() > kTpsLength + 4 && name[kTpsLength] == '-' &&
           name[name.size() - 1] != '/' && name.find('.', kTpsLength) != std::string_view::npos &&
           TpsCode::parse(name.substr(0, kTpsLength)).has_value();
}

std::optional<ImageAddress> parse_image_address(std::string_view address) {
    if (address.size() > kLongestAddress || !may_be_image_address(address)) return std::nullopt;
    const std::string_view path = without_query(address);
    const auto slash = path.rfind('/');
    const bool bare = slash == std::string_view::npos;
    std::string_view name = bare ? path : path.substr(slash + 1);
    if (!is_picture(take_extension(name))) return std::nullopt;
    const std::string_view code = name.substr(0, kTpsLength);
    ImageAddress out;
    out.tps = TpsCode::parse(code).value();
    if (!bare) out.fault = judge_folders(path.substr(0, slash + 1), code, out);
    const auto fault = [&](AddressFault found) {
        if (out.fault == AddressFault::none) out.fault = found;
    };
    name.remove_prefix(kTpsLength + 1);
    const auto dashes = name.find("--");
    if (const auto stamp = parse_stamp(name.substr(0, dashes)))
        out.stamp = *stamp;
    else
        fault(AddressFault::stamp);
    const auto uuid = dashes == std::string_view::npos ? "" : name.substr(dashes + 2);
    if (const auto parsed = parse_uuid4(uuid))
        out.uuid = *parsed;
    else
        fault(AddressFault::uuid);
    return out;
}

}  // namespace kentongan::sirekap
