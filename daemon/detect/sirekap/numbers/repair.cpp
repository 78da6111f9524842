// Tries every digit of every number.
#include "daemon/detect/sirekap/numbers/repair.hpp"

#include <fmt/format.h>

#include <array>

#include "daemon/detect/sirekap/numbers/arithmetic.hpp"

namespace kentongan::sirekap::numbers {

namespace {

constexpr std::array<std::int64_t, 4> kBoxes{1, 10, 100, 1000};  // worth of each box

class Search {
  public:
    explicit Search(const TpsRecord& record) : record_(record) {}

    std::optional<Repair> run() {
        if (record_.votes)
            for (Vote& vote : *record_.votes)
                try_digits(vote.votes, [&] { return fmt::format("candidate {}", vote.candidate); });
        for (std::size_t i = 0; record_.administration && i < published::kNumbers; ++i)
            if (auto& number = (*record_.administration)[i])
                try_digits(*number,
                           [&] { return std::string(published::name_of(static_cast<Number>(i))); });
        return found_;
    }

  private:
    template <class Name>
    void try_digits(std::int64_t& number, Name name) {
        const std::int64_t from = number;
        if (from < 0 || from > 9999) return;
        const std::size_t boxes = from > 999 ? 4 : 3;
        for (std::size_t box = 0; box < boxes; ++box) {
            const std::int64_t without = from - from / kBoxes[box] % 10 * kBoxes[box];
            for (std::int64_t digit = 0; digit <= 9; ++digit) {
                number = without + digit * kBoxes[box];
                if (number == from || !holds(record_)) continue;
                if (found_)
                    ++found_->ways;
                else
                    found_ = Repair{name(), from, number, 1};
            }
        }
        number = from;
    }

    TpsRecord record_;
    std::optional<Repair> found_;
};

}  // namespace

std::optional<Repair> single_digit_repair(const TpsRecord& record) {
    if (holds(record)) return std::nullopt;
    return Search{record}.run();
}

std::string describe(const Repair& repair) {
    return fmt::format(
        "1 digit of {}: {} -> {}{}", repair.what, repair.from, repair.to,
        repair.ways > 1 ? fmt::format(" (or one of {} others)", repair.ways - 1) : std::string{});
}

}  // namespace kentongan::sirekap::numbers
