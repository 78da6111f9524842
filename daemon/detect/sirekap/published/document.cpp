// Names, sums and codes of published documents.
#include "daemon/detect/sirekap/published/document.hpp"

#include <algorithm>

namespace kentongan::sirekap::published {

namespace {
constexpr std::array<std::string_view, kNumbers> kNames{
    "suara_sah",          "suara_tidak_sah",    "suara_total",        "pemilih_dpt_j",
    "pemilih_dpt_l",      "pemilih_dpt_p",      "pengguna_dpt_j",     "pengguna_dpt_l",
    "pengguna_dpt_p",     "pengguna_dptb_j",    "pengguna_dptb_l",    "pengguna_dptb_p",
    "pengguna_non_dpt_j", "pengguna_non_dpt_l", "pengguna_non_dpt_p", "pengguna_total_j",
    "pengguna_total_l",   "pengguna_total_p"};
}  // namespace

std::string_view name_of(Number number) { return kNames[static_cast<std::size_t>(number)]; }

std::optional<Number> parse_number_name(std::string_view name) {
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<Number>(found - kNames.begin());
}

std::string_view name_of(Oddity::Kind kind) {
    switch (kind) {
        case Oddity::Kind::unknown_key:
            return "unknown key";
        case Oddity::Kind::wrong_type:
            return "wrong type";
        case Oddity::Kind::missing_key:
            return "missing key";
        case Oddity::Kind::out_of_range:
            return "number out of range";
        case Oddity::Kind::bad_code:
            return "not a code";
        case Oddity::Kind::too_many:
            return "too many entries";
    }
    return "";
}

std::int64_t sum_of(const Votes& votes) {
    std::int64_t out = 0;
    for (const Vote& vote : votes) out += vote.votes;
    return out;
}

std::int64_t votes_of(const Votes& votes, std::uint64_t candidate) {
    const auto found = std::ranges::lower_bound(votes, candidate, {}, &Vote::candidate);
    return found != votes.end() && found->candidate == candidate ? found->votes : 0;
}

bool is_code(std::string_view text) {
    switch (text.size()) {
        case 2:
        case 4:
        case 6:
        case 10:
        case 13:
            break;
        default:
            return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        const bool overseas =
            text.starts_with("99") && (i == 2 || i == 3) && text[i] >= 'A' && text[i] <= 'Z';
        if (!digit && !overseas) return false;
    }
    return true;
}

}  // namespace kentongan::sirekap::published
