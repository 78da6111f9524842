#pragma once
// Which pages of which TPS have arrived and when, and how many of each area: written by one thread,
// read by any.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/detect/sirekap/register.hpp"

namespace kentongan::sirekap {

struct AreaCoverage {
    std::string code;  ///< 2, 4, 6 or 10 characters; empty: all of the register
    std::string name;
    std::uint32_t expected = 0;  ///< TPS in the register
    std::uint32_t received = 0;  ///< of these, TPS with at least one page
    std::uint32_t complete = 0;  ///< of these, TPS with all pages
    std::uint32_t pages = 0;     ///< pages there
    std::uint32_t again = 0;     ///< uploads of a page that was there
};

/// Nine bytes a page and four a TPS, sixteen an area, and 200 more for each province, kabupaten and
/// kecamatan. Readers see each number as it is now, never a lock.
class Coverage {
  public:
    static constexpr std::uint32_t kBinSeconds = 300;
    static constexpr std::size_t kBins = 48;  ///< four hours
    /// Stands for all of the register where a position in areas() is asked for.
    static constexpr std::uint32_t kWhole = UINT32_MAX;

    explicit Coverage(std::shared_ptr<const Register> list, int pages = 3);

    // --- the writing thread only

    struct Outcome {
        bool first = false;     ///< the first page of its TPS
        bool new_page = false;  ///< a page that was not there
        bool complete = false;  ///< the last page that was missing
    };
    /// A page arrived; page 0, or one past the last, says only that the TPS has sent something.
    Outcome receive(std::uint32_t tps_index, int page, Timestamp time);
    /// Event time has reached `now`.
    void advance(Timestamp now);

    /// All of it as text for a bookmark, and back into an empty one of the same register; an error
    /// when it was another one or is damaged.
    [[nodiscard]] std::string save() const;
    Result<> restore(std::string_view saved);

    // --- any thread

    /// receive() follows: what it needs of the TPS is on the way from memory.
    void expect(std::uint32_t tps_index) const {
        list_->expect(tps_index);
        __builtin_prefetch(&first_[tps_index], 1);
        __builtin_prefetch(&page_[tps_index * static_cast<std::size_t>(pages_)], 1);
    }
    [[nodiscard]] const Register& list() const { return *list_; }
    [[nodiscard]] int pages() const { return pages_; }
    [[nodiscard]] Timestamp now() const;
    /// `area`: position in areas(), or kWhole.
    [[nodiscard]] AreaCoverage at(std::uint32_t area) const;
    /// The same without code and name.
    [[nodiscard]] AreaCoverage numbers_of(std::uint32_t area) const;
    [[nodiscard]] std::optional<AreaCoverage> of(std::string_view area_code) const;
    /// Areas whose code has `code_length` characters and starts with `within`, in order of code.
    [[nodiscard]] std::vector<AreaCoverage> snapshot(std::size_t code_length,
                                                     std::string_view within = {}) const;
    /// TPS of an area that sent their first page within the newest `bins` bins (the one at hand
    /// counts as one). Nothing for a kelurahan.
    [[nodiscard]] std::optional<std::uint32_t> recent(std::uint32_t area, std::size_t bins) const;
    /// TPS of an area whose first page had arrived by then; looks at each of them.
    [[nodiscard]] std::uint32_t received_by(std::uint32_t area, Timestamp time) const;
    /// When the first page of a TPS arrived; nothing while none has.
    [[nodiscard]] std::optional<Timestamp> first_of(std::uint32_t tps_index) const;

  private:
    struct Counters {
        std::atomic<std::uint32_t> received{0};
        std::atomic<std::uint32_t> complete{0};
        std::atomic<std::uint32_t> pages{0};
        std::atomic<std::uint32_t> again{0};
    };
    struct Page {
        std::uint32_t first = 0;  // seconds since 1970; 0: not there
        std::uint32_t last = 0;
    };
    using Series = std::array<std::atomic<std::uint16_t>, kBins>;

    void add(std::uint32_t tps_index, const Outcome& outcome, bool again, std::uint32_t second);
    void count_first(std::uint32_t area, std::uint32_t second);
    [[nodiscard]] bool is_complete(std::uint32_t tps_index) const;
    void put(std::uint32_t tps_index, int page, std::uint32_t first, std::uint32_t last,
             std::uint8_t again);

    std::shared_ptr<const Register> list_;
    const int pages_;
    const std::string fingerprint_;
    std::vector<std::atomic<std::uint32_t>> first_;  // page of each TPS, seconds since 1970
    std::vector<Page> page_;                         // pages_ of each TPS
    std::vector<std::uint8_t> again_;                // the same
    std::vector<Counters> counters_;                 // by area; the last one is the whole
    std::vector<std::uint32_t> series_of_;           // place in series_ of an area, or kNone
    std::vector<Series> series_;                     // the last one is the whole
    std::atomic<std::uint32_t> bin_{0};              // the newest, since 1970
    std::atomic<std::int64_t> now_{0};               // seconds
};

}  // namespace kentongan::sirekap
