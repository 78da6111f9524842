// Counts letters, pairs and triples of a word list.
#include "daemon/detect/anomaly/dns/trigram_model.hpp"

#include <array>
#include <cmath>

namespace kentongan::anomaly {

namespace {

constexpr double kTriples = 0.6;
constexpr double kPairs = 0.3;
constexpr double kSingles = 0.09;  // and .01 for any letter at all

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

std::size_t TrigramModel::letter(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a') + 1;
    if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0') + 27;
    return c == '-' ? 37 : 38;
}

TrigramModel::TrigramModel(std::span<const std::string_view> words)
    : log_(kLetters * kLetters * kLetters) {
    std::vector<double> triples(log_.size());
    std::vector<double> pairs(kLetters * kLetters);
    std::array<double, kLetters> singles{};
    double all = 0;
    const auto count = [&](std::size_t a, std::size_t b, std::size_t c) {
        ++triples[(a * kLetters + b) * kLetters + c];
        ++pairs[b * kLetters + c];
        ++singles[c];
        ++all;
    };
    for (const std::string_view word : words) {
        std::size_t a = 0;
        std::size_t b = 0;
        for (const char each : word) {
            count(a, b, letter(each));
            a = b;
            b = letter(each);
        }
        count(a, b, 0);
    }
    for (std::size_t ab = 0; ab < kLetters * kLetters; ++ab) {
        const std::size_t b = ab % kLetters;
        double after_two = 0;
        double after_one = 0;
        for (std::size_t c = 0; c < kLetters; ++c) {
            after_two += triples[ab * kLetters + c];
            after_one += pairs[b * kLetters + c];
        }
        for (std::size_t c = 0; c < kLetters; ++c)
            log_[ab * kLetters + c] = static_cast<float>(
                std::log(kTriples * share(triples[ab * kLetters + c], after_two) +
                         kPairs * share(pairs[b * kLetters + c], after_one) +
                         kSingles * share(singles[c], all) + 0.01 / kLetters));
    }
}

double TrigramModel::score(std::string_view name) const {
    if (name.empty()) return 0;
    double sum = 0;
    std::size_t a = 0;
    std::size_t b = 0;
    for (const char each : name) {
        const std::size_t c = letter(each);
        sum += log_[(a * kLetters + b) * kLetters + c];
        a = b;
        b = c;
    }
    sum += log_[(a * kLetters + b) * kLetters];
    return sum / static_cast<double>(name.size() + 1);
}

const TrigramModel& TrigramModel::built_in() {
    static const TrigramModel kModel{word_list()};
    return kModel;
}

}  // namespace kentongan::anomaly
