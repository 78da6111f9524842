// Takes addresses of photographs apart.
#include "daemon/detect/sirekap/image_address.hpp"

#include <algorithm>
#include <array>
#include <utility>
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
    const auto end = std::ranges::find_if(address, [](char c) { return c == '?' || c == '#'; });
    return {address.begin(), end};
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

/// So many decimal digits; negative when one is none.
int number_in(std::string_view text, std::size_t at, std::size_t length) {
    int out = 0;
    for (std::size_t i = at; i < at + length; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        out = out * 10 + (text[i] - '0');
    }
    return out;
}

/// "YYYYMMDD-HHMMSS", WIB.
std::optional<Timestamp> parse_stamp(std::string_view text) {
    if (text.size() != 15 || text[8] != '-') return std::nullopt;
    return from_civil(number_in(text, 0, 4), number_in(text, 4, 2), number_in(text, 6, 2),
                      number_in(text, 9, 2), number_in(text, 11, 2), number_in(text, 13, 2), kWib);
}

/// By character: its value as a hexadecimal digit, or -1.
constexpr auto kHexDigits = [] {
    std::array<std::int8_t, 256> out{};
    out.fill(-1);
    for (int i = 0; i < 10; ++i)
        out[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
    for (int i = 0; i < 6; ++i)
        out[static_cast<std::size_t>('a' + i)] = out[static_cast<std::size_t>('A' + i)] =
            static_cast<std::int8_t>(10 + i);
    return out;
}();

/// Eight bytes of hexadecimal digits at these places; negative digits are gathered in `all`.
template <std::size_t... Places>
std::uint64_t half_of(std::string_view text, int& all, std::index_sequence<Places...>) {
    std::uint64_t out = 0;
    unsigned shift = 0;
    const auto take = [&](std::size_t place) {
        const int high = kHexDigits[static_cast<unsigned char>(text[place])];
        const int low = kHexDigits[static_cast<unsigned char>(text[place + 1])];
        all |= high | low;
        out |= static_cast<std::uint64_t>((high & 15) << 4 | (low & 15)) << shift;
        shift += 8;
    };
    (take(Places), ...);
    return out;
}

/// Version 4, variant 1 (RFC 9562 §5.4).
std::optional<Uuid> parse_uuid4(std::string_view text) {
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-')
        return std::nullopt;
    int all = 0;  // negative when one is no digit
    const std::uint64_t first =
        half_of(text, all, std::index_sequence<0, 2, 4, 6, 9, 11, 14, 16>{});
    const std::uint64_t second =
        half_of(text, all, std::index_sequence<19, 21, 24, 26, 28, 30, 32, 34>{});
    if (all < 0 || text[14] != '4' || (second & 0xFF) >> 6 != 2) return std::nullopt;
    return Uuid{first, second};
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

namespace {

/// The last part of a path.
std::string_view name_in(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// The TPS with whose code a name begins that may be a photograph's.
std::optional<TpsCode> tps_of_name(std::string_view name) {
    if (name.size() <= kTpsLength + 4 || name[kTpsLength] != '-' ||
        name.find('.', kTpsLength) == std::string_view::npos)
        return std::nullopt;
    return TpsCode::parse(name.substr(0, kTpsLength));
}

}  // namespace

bool may_be_image_address(std::string_view path) {
    return tps_of_name(name_in(without_query(path))).has_value();
}

std::optional<ImageAddress> parse_image_address(std::string_view address) {
    std::optional<ImageAddress> out;
    read_image_address(address, out);
    return out;
}

void read_image_address(std::string_view address, std::optional<ImageAddress>& out) {
    out.reset();
    if (address.size() > kLongestAddress) return;
    const std::string_view path = without_query(address);
    std::string_view name = name_in(path);
    const auto tps = tps_of_name(name);
    const bool bare = name.size() == path.size();
    const std::string_view folders = path.substr(0, path.size() - name.size());
    if (!tps || !is_picture(take_extension(name))) return;
    const std::string_view code = name.substr(0, kTpsLength);
    out.emplace();
    out->tps = *tps;
    if (!bare) out->fault = judge_folders(folders, code, *out);
    const auto fault = [&](AddressFault found) {
        if (out->fault == AddressFault::none) out->fault = found;
    };
    name.remove_prefix(kTpsLength + 1);
    const auto dashes = name.find("--");
    if (const auto stamp = parse_stamp(name.substr(0, dashes)))
        out->stamp = *stamp;
    else
        fault(AddressFault::stamp);
    const auto uuid = dashes == std::string_view::npos ? "" : name.substr(dashes + 2);
    if (const auto parsed = parse_uuid4(uuid))
        out->uuid = *parsed;
    else
        fault(AddressFault::uuid);
}

}  // namespace kentongan::sirekap
