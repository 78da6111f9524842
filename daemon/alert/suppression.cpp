// Which suppression covers an alert: those of its rule and those of any rule, in the list's order.
#include "daemon/alert/suppression.hpp"

#include <algorithm>
#include <utility>

namespace kentongan {

namespace {

/// A network; an address alone is the network of itself.
std::optional<IpNetwork> network_of(const std::string& text) {
    if (auto network = IpNetwork::parse(text)) return network;
    const auto address = IpAddress::parse(text);
    return address ? IpNetwork::parse(text + (address->is_v4() ? "/32" : "/128")) : std::nullopt;
}

}  // namespace

Suppressions::Suppressions(std::vector<Suppression> list) {
    for (Suppression& item : list) {
        const bool names_nothing =
            item.rule_id.empty() && item.entity.empty() && item.source_ip.empty();
        auto network = network_of(item.source_ip);
        if (names_nothing || (!item.source_ip.empty() && !network)) continue;
        (item.rule_id.empty() ? of_any_rule_ : by_rule_[item.rule_id]).push_back(list_.size());
        list_.push_back({std::move(item), network});
    }
}

bool Suppressions::covers(const Compiled& item, std::string_view entity,
                          const std::optional<IpAddress>& source, Timestamp now) {
    const Suppression& what = item.suppression;
    if (now < what.begins || now >= what.expires) return false;
    if (item.network && !(source && item.network->contains(*source))) return false;
    return what.entity.empty() || matches_glob(what.entity, entity);
}

const Suppression* Suppressions::find(const Alert& alert, Timestamp now) const {
    return find(alert.rule->id, alert.entity, alert.subject.source_ip, now);
}

const Suppression* Suppressions::find(std::string_view rule_id, std::string_view entity,
                                      const std::optional<IpAddress>& source, Timestamp now) const {
    if (list_.empty()) return nullptr;
    std::size_t first = list_.size();
    const auto look_in = [&](const std::vector<std::size_t>& places) {
        const auto found = std::ranges::find_if(places, [&](std::size_t place) {
            return place < first && covers(list_[place], entity, source, now);
        });
        if (found != places.end()) first = *found;
    };
    if (const auto of_rule = by_rule_.find(std::string(rule_id)); of_rule != by_rule_.end())
        look_in(of_rule->second);
    look_in(of_any_rule_);
    return first == list_.size() ? nullptr : &list_[first].suppression;
}

bool matches_glob(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;  // the last star, and where its run would go on
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace kentongan
