// One withdrawal, or numbers that vanish in single places.
#include "daemon/detect/sirekap/published/withdrawal.hpp"

#include <algorithm>

namespace kentongan::sirekap::published {

namespace {

/// How many different areas of the level there are among nodes, and in how many of them votes went
/// to nothing.
struct Units {
    std::set<std::string, std::less<>> all;
    std::set<std::string, std::less<>> zeroed;
};

Units units_of(std::string_view race, NodeTable& nodes, std::size_t length) {
    Units out;
    nodes.for_each(race, [&](const Node& node) {
        if (node.code.size() < length || (!node.zeroed && node.votes() <= 0)) return;
        out.all.insert(node.code.substr(0, length));
        if (node.zeroed) out.zeroed.insert(node.code.substr(0, length));
    });
    return out;
}

}  // namespace

void WithdrawalWatch::zeroed(const Node&, Timestamp now, Finding alone) {
    if (files_ == 0) first_ = now;
    ++files_;
    last_ = std::max(last_, now);
    if (!withdrawn_ && waiting_.size() < kKept) waiting_.push_back(std::move(alone));
}

void WithdrawalWatch::has_votes(const Node&) {
    withdrawn_ = false;
    files_ = 0;
}

/// In at least half of the highest areas that tell files apart: provinces, else kabupaten, and so
/// on; of a single file its rows say it, and they went with the total.
bool WithdrawalWatch::is_everywhere(std::string_view race, NodeTable& nodes) {
    for (const std::size_t length : {2u, 4u, 6u, 10u, 13u}) {
        const Units units = units_of(race, nodes, length);
        if (units.all.size() < 2) continue;
        return 2 * units.zeroed.size() >= units.all.size() && units.zeroed.size() >= 2;
    }
    bool everything = true;
    std::size_t rows = 0;
    nodes.for_each(race, [&](const Node& node) {
        everything = everything && node.zeroed;
        rows += node.rows.size();
    });
    return everything && rows >= 2;
}

std::optional<WithdrawalWatch::Verdict> WithdrawalWatch::decide(std::string_view race,
                                                                NodeTable& nodes, Timestamp now,
                                                                bool at_once) {
    if (withdrawn_ || files_ == 0) return std::nullopt;
    if (!at_once && now < last_ + kQuiet && now < first_ + kLongest) return std::nullopt;
    Verdict out;
    out.withdrawn = withdrawn_ = is_everywhere(race, nodes);
    out.files = std::exchange(files_, 0);
    if (!out.withdrawn) out.alone = std::move(waiting_);
    waiting_.clear();
    return out;
}

}  // namespace kentongan::sirekap::published
