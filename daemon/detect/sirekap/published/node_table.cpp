// The table of published files.
#include "daemon/detect/sirekap/published/node_table.hpp"

#include <algorithm>

namespace kentongan::sirekap::published {

const Row* Node::row(std::string_view child) const {
    const auto found = std::ranges::lower_bound(rows, child, {}, &Row::code);
    return found != rows.end() && found->code == child ? &*found : nullptr;
}

std::string_view parent_of(std::string_view code) {
    switch (code.size()) {
        case 2:
            return "0";
        case 4:
        case 6:
            return code.substr(0, code.size() - 2);
        case 10:
            return code.substr(0, 6);
        case 13:
            return code.substr(0, 10);
        default:
            return {};
    }
}

std::string NodeTable::key(std::string_view race, std::string_view code) {
    return std::string(race) + '\n' + std::string(code);
}

Node* NodeTable::find(std::string_view race, std::string_view code) {
    const auto found = nodes_.find(key(race, code));
    return found == nodes_.end() ? nullptr : &found->second.node;
}

Node& NodeTable::put(Node node) {
    const std::string at = key(node.race, node.code);
    rows_ += node.rows.size();
    auto found = nodes_.find(at);
    if (found == nodes_.end()) {
        order_.push_back(at);
        found = nodes_.emplace(at, Entry{std::move(node), std::prev(order_.end())}).first;
    } else {
        rows_ -= found->second.node.rows.size();
        found->second.node = std::move(node);
        order_.splice(order_.end(), order_, found->second.used);
    }
    while ((nodes_.size() > limits_.nodes || rows_ > limits_.rows) && nodes_.size() > 1) {
        drop(nodes_.find(order_.front()));
        ++evicted_;
    }
    return found->second.node;
}

void NodeTable::use(const Node& node) {
    const auto found = nodes_.find(key(node.race, node.code));
    if (found != nodes_.end()) order_.splice(order_.end(), order_, found->second.used);
}

void NodeTable::erase(std::string_view race, std::string_view code) {
    const auto found = nodes_.find(key(race, code));
    if (found != nodes_.end()) drop(found);
}

void NodeTable::drop(Nodes::iterator it) {
    rows_ -= it->second.node.rows.size();
    order_.erase(it->second.used);
    nodes_.erase(it);
}

}  // namespace kentongan::sirekap::published
