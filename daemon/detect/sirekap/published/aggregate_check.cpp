// Totals against tables, rows against files.
#include "daemon/detect/sirekap/published/aggregate_check.hpp"

namespace kentongan::sirekap::published {

namespace {

/// Table minus total; none for a file without either.
Difference inside_of(const Node& node) {
    if (node.level != Document::Level::area || !node.chart || node.rows.empty()) return {};
    return difference(sum_of_rows(node.rows), *node.chart);
}

bool belong_together(const Node& parent, const Node& child) {
    if (child.doubtful || child.ts > parent.ts) return false;
    return child.ts == parent.ts || child.seen >= parent.version_at;
}

}  // namespace

void AggregateCheck::version(Node& node, const Node* before, Timestamp now) {
    if (before != nullptr) {
        node.inside = before->inside;
        node.outside = before->outside;
        node.told = before->told;
    }
    compare_inside(node, now, true);
    compare_with_parent(node);
    for (const Row& row : node.rows)
        if (Node* child = nodes_.find(node.race, row.code)) compare(node, *child);
}

void AggregateCheck::confirmed(Node& node, Timestamp now) {
    if (node.inside.snapshots > 0) compare_inside(node, now, false);
    compare_with_parent(node);
}

/// Counts a snapshot when the node's own ts is another one, or that of its parent is: a file that
/// does not change keeps its ts while the tree goes on.
void AggregateCheck::compare_inside(Node& node, Timestamp now, bool is_new) {
    if (inside_of(node).none()) {
        node.inside = {};
        if (node.outside.snapshots == 0) node.told = false;
        return;
    }
    const Node* parent = nodes_.find(node.race, parent_of(node.code));
    const Timestamp parent_ts = parent == nullptr ? Timestamp{} : parent->ts;
    Suspicion& suspicion = node.inside;
    const bool own_is_new = is_new && (suspicion.snapshots == 0 || suspicion.own != node.ts);
    const bool parent_is_new = suspicion.parent != Timestamp{} && parent_ts > suspicion.parent;
    suspicion.own = node.ts;
    suspicion.parent = std::max(suspicion.parent, parent_ts);
    if (!own_is_new && !parent_is_new) return;
    ++suspicion.snapshots;
    if (pending_.size() < kPending)
        pending_.emplace(now + kSettle, Pending{node.race, node.code, node.ts});
    else
        ++left_out_;
}

void AggregateCheck::compare_with_parent(Node& child) {
    if (const Node* parent = nodes_.find(child.race, parent_of(child.code)))
        compare(*parent, child);
}

void AggregateCheck::compare(const Node& parent, Node& child) {
    const Row* row = parent.row(child.code);
    if (row == nullptr || !row->counted || !child.chart || !belong_together(parent, child)) return;
    Difference apart = difference(row->votes, *child.chart);
    Suspicion& suspicion = child.outside;
    if (apart.none()) {
        suspicion = {};
        if (child.inside.snapshots == 0) child.told = false;
        return;
    }
    if (suspicion.snapshots > 0 && suspicion.parent == parent.ts) return;
    suspicion.parent = parent.ts;
    tell_({child, &parent, std::move(apart), ++suspicion.snapshots});
}

void AggregateCheck::advance(Timestamp now) {
    while (!pending_.empty() && pending_.begin()->first <= now) {
        const Pending due = std::move(pending_.begin()->second);
        pending_.erase(pending_.begin());
        settle(due);
    }
}

void AggregateCheck::end() { advance(Timestamp::max()); }

void AggregateCheck::settle(const Pending& pending) {
    const Node* node = nodes_.find(pending.race, pending.code);
    if (node == nullptr || node->ts != pending.ts || node->inside.snapshots == 0) return;
    Difference apart = inside_of(*node);
    if (apart.none() || is_explained(*node, apart)) return;
    tell_({*node, nullptr, std::move(apart), node->inside.snapshots});
}

/// A row that is not what its child's file says explains as much of the table.
bool AggregateCheck::is_explained(const Node& node, const Difference& apart) {
    Difference by_children;
    for (const Row& row : node.rows) {
        const Node* child = nodes_.find(node.race, row.code);
        // It may not have been looked at since, but was suspect when it was.
        if (child == nullptr || !child->chart || child->outside.snapshots == 0) continue;
        by_children += difference(row.votes, *child->chart);
    }
    return by_children == apart;
}

}  // namespace kentongan::sirekap::published
