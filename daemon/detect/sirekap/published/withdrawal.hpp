#pragma once
// Tells a withdrawal of the whole tabulation, as KPU's on 28 November 2024, from numbers that
// vanish in one place: the first is one event, the second is one for each place.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/published/node_table.hpp"

namespace kentongan::sirekap::published {

/// Pure. Of one race. Waits until no further file has been zeroed for a while, then decides.
class WithdrawalWatch {
  public:
    static constexpr Duration kQuiet = std::chrono::minutes{5};
    static constexpr Duration kLongest = std::chrono::hours{1};
    static constexpr std::size_t kKept = 1000;  ///< findings that wait

    /// A file whose votes went to nothing; `alone` is what to say if it stays the only one.
    void zeroed(const Node& node, Timestamp now, Finding alone);
    /// A file of a withdrawn race has votes again.
    void has_votes(const Node& node);

    struct Verdict {
        bool withdrawn = false;
        std::uint64_t files = 0;
        std::vector<Finding> alone;  ///< when not withdrawn
    };
    /// Nothing while there is nothing to decide yet; `at_once` when no more will come.
    [[nodiscard]] std::optional<Verdict> decide(std::string_view race, NodeTable& nodes,
                                                Timestamp now, bool at_once);
    /// The tabulation was withdrawn and is not back.
    [[nodiscard]] bool is_withdrawn() const { return withdrawn_; }

  private:
    [[nodiscard]] static bool is_everywhere(std::string_view race, NodeTable& nodes);

    std::vector<Finding> waiting_;
    std::uint64_t files_ = 0;
    Timestamp first_{};
    Timestamp last_{};
    bool withdrawn_ = false;
};

}  // namespace kentongan::sirekap::published
