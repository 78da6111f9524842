// Coverage as text, and back: "2:<register>:<base64>", where the bytes are the number of pages, the
// second all others count from, how many TPS have sent something, and for each of these: how many
// TPS were passed over, a bit for each page that is there, its first page's second, and for each
// page first, last and repetitions; numbers as LEB128, differences wherever they are smaller.
#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/coverage.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::string_view kVersion = "2";

void put_number(std::string& out, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        out += static_cast<char>(static_cast<unsigned char>(number | 0x80));
    out += static_cast<char>(static_cast<unsigned char>(number));
}

/// Zero past the end, and then ok() is false.
class NumberReader {
  public:
    explicit NumberReader(std::string_view bytes) : rest_(bytes) {}
    std::uint32_t take() {
        std::uint64_t out = 0;
        for (unsigned shift = 0; shift < 35; shift += 7) {
            if (rest_.empty()) break;
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            out |= std::uint64_t{byte & 0x7Fu} << shift;
            if (byte < 0x80 && out <= UINT32_MAX) return static_cast<std::uint32_t>(out);
        }
        ok_ = false;
        rest_ = {};
        return 0;
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

  private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace

std::string Coverage::save() const {
    std::string bytes;
    std::uint32_t base = UINT32_MAX;
    for (const auto& first : first_)
        if (const auto second = first.load(std::memory_order_relaxed); second != 0)
            base = std::min(base, second);
    put_number(bytes, static_cast<std::uint64_t>(pages_));
    put_number(bytes, base);
    put_number(bytes, at(kWhole).received);
    const auto pages = static_cast<std::size_t>(pages_);
    std::uint32_t passed_over = 0;
    for (std::uint32_t tps = 0; tps < list_->size(); ++tps, ++passed_over) {
        const std::uint32_t first = first_[tps].load(std::memory_order_relaxed);
        if (first == 0) continue;
        put_number(bytes, passed_over);
        passed_over = UINT32_MAX;  // so that the next one counts from 0
        std::uint64_t there = 0;
        for (std::size_t page = 0; page < pages; ++page)
            there |= std::uint64_t{page_[tps * pages + page].first != 0} << page;
        put_number(bytes, there);
        put_number(bytes, first - base);
        for (std::size_t page = 0; page < pages; ++page) {
            const Page& one = page_[tps * pages + page];
            if (one.first == 0) continue;
            put_number(bytes, one.first - first);
            put_number(bytes, one.last - one.first);
            put_number(bytes, again_[tps * pages + page]);
        }
    }
    return fmt::format("{}:{}:{}", kVersion, fingerprint_, to_base64(as_bytes(bytes)));
}

Result<> Coverage::restore(std::string_view saved) {
    if (take_until(saved, ':') != kVersion)
        return fail(ErrorCode::data, "coverage kept from before is of another version");
    if (take_until(saved, ':') != fingerprint_)
        return fail(ErrorCode::data, "coverage kept from before is of another TPS register");
    const std::string bytes = from_base64(saved);
    NumberReader in{bytes};
    if (const auto pages = in.take(); pages != static_cast<std::uint32_t>(pages_))
        return fail(ErrorCode::data, "coverage kept from before has {} pages a TPS instead of {}",
                    pages, pages_);
    const std::uint32_t base = in.take();
    std::uint32_t missing = in.take();
    std::uint64_t tps = 0;
    while (in.ok() && !in.empty()) {
        tps += in.take();
        const std::uint32_t there = in.take();
        const std::uint32_t first = base + in.take();
        if (!in.ok() || tps >= list_->size()) break;
        const auto index = static_cast<std::uint32_t>(tps++);
        --missing;
        put(index, 0, first, first, 0);
        for (int page = 1; page <= pages_; ++page) {
            if ((there >> (page - 1) & 1) == 0) continue;
            const std::uint32_t begun = first + in.take();
            const std::uint32_t last = begun + in.take();
            put(index, page, begun, last, static_cast<std::uint8_t>(in.take()));
        }
    }
    if (!in.ok() || !in.empty() || missing != 0)
        return fail(ErrorCode::data, "coverage kept from before is damaged");
    return {};
}

/// As receive() would have left it.
void Coverage::put(std::uint32_t tps_index, int page, std::uint32_t first, std::uint32_t last,
                   std::uint8_t again) {
    const auto time = [](std::uint32_t second) { return Timestamp{std::chrono::seconds{second}}; };
    if (time(last) > now()) advance(time(last));
    receive(tps_index, page, time(first));
    if (page == 0) return;
    const auto at =
        tps_index * static_cast<std::size_t>(pages_) + static_cast<std::size_t>(page - 1);
    page_[at].last = last;
    again_[at] = again;
    const auto areas = list_->areas();
    const auto add_again = [&](std::uint32_t area) {
        auto& total = counters_[area].again;
        total.store(total.load(std::memory_order_relaxed) + again, std::memory_order_relaxed);
    };
    for (std::uint32_t area = list_->kelurahan_of(tps_index); area != Register::kNone;
         area = areas[area].parent)
        add_again(area);
    add_again(static_cast<std::uint32_t>(areas.size()));
}

}  // namespace kentongan::sirekap
