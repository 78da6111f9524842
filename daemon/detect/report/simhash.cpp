#include "daemon/detect/report/simhash.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/keyed_hash.hpp"

namespace kentongan::report {

namespace {

constexpr std::size_t kMostWords = 2000;

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Sums of ±1 for each bit.
class Votes {
  public:
    explicit Votes(std::uint64_t seed) : key_{seed, ~seed} {}

    void add(std::string_view shingle) {
        const std::uint64_t hash = anomaly::siphash(key_, as_bytes(shingle));
        for (std::size_t bit = 0; bit < votes_.size(); ++bit)
            votes_[bit] += (hash >> bit & 1) != 0 ? 1 : -1;
    }
    [[nodiscard]] std::uint64_t decide() const {
        std::uint64_t out = 0;
        for (std::size_t bit = 0; bit < votes_.size(); ++bit)
            if (votes_[bit] > 0) out |= std::uint64_t{1} << bit;
        return out;
    }

  private:
    anomaly::SipKey key_;
    std::array<int, 64> votes_{};
};

}  // namespace

std::uint64_t simhash(std::string_view text, std::uint64_t seed) {
    const std::string lower = to_lower(text);
    Votes votes{seed};
    std::string before;
    std::size_t words = 0;
    for (std::size_t at = 0; at < lower.size() && words < kMostWords;) {
        if (!is_word(lower[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < lower.size() && is_word(lower[end])) ++end;
        std::string word = lower.substr(at, end - at);
        if (std::ranges::all_of(word, is_digit)) word = "#";
        votes.add(word);
        if (!before.empty()) votes.add(before + " " + word);
        before = std::move(word);
        at = end;
        ++words;
    }
    return words == 0 ? 0 : votes.decide();
}

}  // namespace kentongan::report
