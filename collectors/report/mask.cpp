// Finds groups of digits, tries what a few of them make together, and masks the longest find.
#include "collectors/report/mask.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace kentongan::report {

namespace {

constexpr std::size_t kNikLength = 16;
constexpr std::size_t kTpsLength = 13;
constexpr std::size_t kMostGroups = 8;  // of one number

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int two_digits(std::string_view digits, std::size_t at) {
    return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
}

bool is_province(int code) {
    constexpr std::array<int, 38> kCodes{11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33,
                                         34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65, 71, 72,
                                         73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96};
    return code == 97 || std::ranges::binary_search(kCodes, code);
}

bool is_identity(std::string_view digits) {
    if (digits.size() != kNikLength) return false;
    const int day = two_digits(digits, 6) > 40 ? two_digits(digits, 6) - 40 : two_digits(digits, 6);
    const int month = two_digits(digits, 8);
    return is_province(two_digits(digits, 0)) && day >= 1 && day <= 31 && month >= 1 &&
           month <= 12 && digits.substr(12) != "0000";
}

bool is_phone(std::string_view digits, bool plus) {
    const std::size_t size = digits.size();
    if (plus) return size >= 8 && size <= 15 && digits[0] != '0';
    if (digits.starts_with("628")) return size >= 10 && size <= 14;
    return digits[0] == '0' && digits.size() > 1 && digits[1] != '0' && size >= 9 && size <= 13;
}

/// Digits without anything between them.
struct Group {
    std::size_t begin = 0;
    std::size_t end = 0;
    [[nodiscard]] std::size_t size() const { return end - begin; }
};

/// The separator between two groups of one number: one of these, alone or with blanks around a
/// dash. 0 when they belong to different numbers.
char separator_between(std::string_view text, const Group& left, const Group& right) {
    std::string_view gap = text.substr(left.end, right.begin - left.end);
    if (gap == " - " || gap == ") ") return gap[0] == ')' ? ')' : '-';
    constexpr std::string_view kSeparators = " -./)";
    return gap.size() == 1 && kSeparators.contains(gap[0]) ? gap[0] : '\0';
}

enum class What { nothing, identity, phone };
struct Found {
    What what = What::nothing;
    std::size_t groups = 0;
};

class Digits {
  public:
    explicit Digits(std::string_view text) : text_(text) {
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (!is_digit(text[at])) continue;
            Group group{at, at};
            while (group.end < text.size() && is_digit(text[group.end])) ++group.end;
            at = group.end;
            groups_.push_back(group);
        }
    }

    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

    /// The longest number that begins with group `first`.
    [[nodiscard]] Found find(std::size_t first) const {
        Found best;
        std::string digits;
        char used = '\0';
        bool one_separator = true;
        bool long_groups = true;  // those behind the first
        for (std::size_t i = first; i < groups_.size() && i - first < kMostGroups; ++i) {
            const Group& group = groups_[i];
            if (i > first) {
                const char separator = separator_between(text_, groups_[i - 1], group);
                if (separator == '\0' || group.size() == kTpsLength) break;
                one_separator = one_separator && (used == '\0' || used == separator);
                used = separator;
                long_groups = long_groups && group.size() >= 3;
            }
            digits += text_.substr(group.begin, group.size());
            if (digits.size() > kNikLength) break;
            if (const What what = judge(first, i, digits, one_separator, long_groups);
                what != What::nothing)
                best = {what, i - first + 1};
            if (i == first && group.size() == kTpsLength) break;
        }
        return best;
    }

    /// Where a telephone number whose first digits are this group begins: with its + or (.
    [[nodiscard]] std::size_t begin_of(std::size_t group, std::size_t not_before) const {
        std::size_t at = groups_[group].begin;
        while (at > not_before && (text_[at - 1] == '+' || text_[at - 1] == '(')) --at;
        return at;
    }

  private:
    What judge(std::size_t first, std::size_t last, std::string_view digits, bool one_separator,
               bool long_groups) const {
        const bool whole = first == last;
        if ((whole || one_separator) && is_identity(digits)) return What::identity;
        const std::size_t begin = groups_[first].begin;
        const bool plus = begin > 0 && text_[begin - 1] == '+';
        const bool country = plus || digits.starts_with("62");
        const bool grouped = long_groups && (groups_[first].size() >= 3 || country);
        if ((whole || grouped) && is_phone(digits, plus)) return What::phone;
        return What::nothing;
    }

    std::string_view text_;
    std::vector<Group> groups_;
};

std::string without_numbers(std::string_view text, Masked& counts) {
    const Digits digits{text};
    std::string out;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < digits.groups().size();) {
        const Found found = digits.find(i);
        if (found.what == What::nothing) {
            ++i;
            continue;
        }
        const std::size_t begin =
            found.what == What::phone ? digits.begin_of(i, copied) : digits.groups()[i].begin;
        out += text.substr(copied, begin - copied);
        out += found.what == What::identity ? "[NIK]" : "[TELEPON]";
        ++(found.what == What::identity ? counts.identities : counts.phones);
        copied = digits.groups()[i + found.groups - 1].end;
        i += found.groups;
    }
    return out += text.substr(copied);
}

bool is_local_part(char c) {
    constexpr std::string_view kOthers = "._%+-";
    return is_letter(c) || is_digit(c) || kOthers.contains(c);
}
bool is_domain(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-'; }

/// Whether "example.co.id" names a host: a dot, and two letters or more behind the last one.
bool names_a_host(std::string_view domain) {
    const auto dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    const std::string_view top = domain.substr(dot + 1);
    return top.size() >= 2 && std::ranges::all_of(top, is_letter);
}

std::string without_mails(std::string_view text, Masked& counts) {
    std::string out;
    std::size_t copied = 0;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        std::size_t begin = at;
        while (begin > copied && is_local_part(text[begin - 1])) --begin;
        std::size_t end = at + 1;
        while (end < text.size() && is_domain(text[end])) ++end;
        while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
        if (begin == at || !names_a_host(text.substr(at + 1, end - at - 1))) continue;
        out += text.substr(copied, begin - copied);
        out += "[EMAIL]";
        ++counts.mails;
        copied = end;
        at = end - 1;
    }
    return out += text.substr(copied);
}

}  // namespace

Masked mask_personal(std::string_view text) {
    Masked out;
    const std::string plain = without_mails(text, out);
    out.text = without_numbers(plain, out);
    return out;
}

}  // namespace kentongan::report
