#pragma once
// Whether published totals are the sums of their parts (R12): of a file's own table, and of a
// parent's row against its child's file.
//
// One mismatch may be a read across a publication: only after two snapshots, which means two
// different `ts` of the file or of its parent, it is no such thing. What is compared belongs
// together: equal `ts`, or a child seen to be still the newest after its parent's version came out.
#include <functional>
#include <map>
#include <string>

#include "daemon/detect/sirekap/published/node_table.hpp"

namespace kentongan::sirekap::published {

class AggregateCheck {
  public:
    static constexpr Duration kSettle = std::chrono::minutes{5};
    static constexpr std::size_t kPending = 10'000;

    /// What is said of a node; `snapshots` is at least 1.
    struct Mismatch {
        const Node& node;
        const Node* parent = nullptr;  ///< null: the node's own table is what does not fit
        Difference difference;         ///< table (or the parent's row) minus the node's total
        int snapshots = 1;
    };
    using Tell = std::function<void(const Mismatch&)>;

    AggregateCheck(NodeTable& nodes, Tell tell) : nodes_(nodes), tell_(std::move(tell)) {}

    /// A new version is in the table, `before` being the one it replaced.
    void version(Node& node, const Node* before, Timestamp now);
    /// The version in the table was seen again.
    void confirmed(Node& node, Timestamp now);
    /// Speaks about own tables that did not fit and were not explained by a child in the meantime.
    void advance(Timestamp now);
    void end();
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

  private:
    struct Pending {
        std::string race;
        std::string code;
        Timestamp ts{};
    };

    void compare_inside(Node& node, Timestamp now, bool is_new);
    void compare_with_parent(Node& child);
    void compare(const Node& parent, Node& child);
    void settle(const Pending& pending);
    [[nodiscard]] bool is_explained(const Node& node, const Difference& difference);

    NodeTable& nodes_;
    Tell tell_;
    std::multimap<Timestamp, Pending> pending_;  // by the time they are due
    std::uint64_t left_out_ = 0;
};

}  // namespace kentongan::sirekap::published
