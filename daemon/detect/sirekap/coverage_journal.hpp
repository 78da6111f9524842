#pragma once
// Coverage kept over a restart in parts: all of it now and then, and with each batch only what
// came.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/detect/sirekap/coverage.hpp"

namespace kentongan::sirekap {

/// The bookmark `key` holds all of it, behind a number that grows; `key/0`, `key/1` and so on what
/// came since, behind the same number. A part of another number is of an earlier whole. For the
/// whole country that is some 17 MB once in a while, and a dozen bytes an upload. One thread.
class CoverageJournal {
  public:
    static constexpr std::size_t kMostParts = 4096;
    static constexpr std::size_t kMostWaiting = 1'000'000;  ///< uploads; then all is written anew

    void note(std::uint32_t tps_index, int page, Timestamp time);
    /// Adds what has to be written since the last call; nothing when nothing came.
    void save(const Coverage& coverage, const std::string& key,
              std::map<std::string, std::string>& bookmarks);
    /// Fills an empty coverage; an error leaves it as far as it came.
    Result<> restore(const std::map<std::string, std::string>& bookmarks, const std::string& key,
                     Coverage& coverage);

  private:
    struct Arrival {
        std::uint32_t tps = 0;
        std::uint32_t page = 0;
        std::uint32_t second = 0;
    };
    Result<> take_part(std::string_view part, Coverage& coverage) const;

    std::vector<Arrival> waiting_;
    std::uint64_t number_ = 0;  // of the whole that was written last
    std::size_t parts_ = 0;
    std::size_t part_bytes_ = 0;
    std::size_t whole_bytes_ = 0;
    bool begin_anew_ = true;
};

}  // namespace kentongan::sirekap
