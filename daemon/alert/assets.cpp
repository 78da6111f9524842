#include "daemon/alert/assets.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace {
constexpr std::array<std::string_view, 3> kNames{"normal", "high", "critical"};

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}
}  // namespace

std::string_view name_of(Criticality criticality) {
    return kNames[static_cast<std::size_t>(criticality)];
}

std::optional<Criticality> parse_criticality(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (equals_ignoring_case(kNames[i], name)) return static_cast<Criticality>(i);
    return std::nullopt;
}

Assets::Assets(std::vector<Asset> assets) : assets_(std::move(assets)) {
    std::ranges::sort(assets_, [](const Asset& a, const Asset& b) {
        return std::tuple{-static_cast<int>(a.criticality), std::string_view{a.name}} <
               std::tuple{-static_cast<int>(b.criticality), std::string_view{b.name}};
    });
    for (std::size_t i = 0; i < assets_.size(); ++i)
        for (const std::string& host : assets_[i].hosts) by_host_.try_emplace(lower(host), i);
}

const Asset* Assets::of(const Finding& finding) const {
    if (assets_.empty()) return nullptr;
    std::size_t best = assets_.size();
    if (!by_host_.empty())
        for (const std::string* name : {&finding.subject.host, &finding.entity}) {
            if (name->empty()) continue;
            if (const auto found = by_host_.find(lower(*name)); found != by_host_.end())
                best = std::min(best, found->second);
        }
    for (const auto& address : {finding.subject.source_ip, finding.subject.destination_ip}) {
        if (!address) continue;
        for (std::size_t i = 0; i < best; ++i)
            if (std::ranges::any_of(assets_[i].networks,
                                    [&](const IpNetwork& n) { return n.contains(*address); }))
                best = i;
    }
    return best == assets_.size() ? nullptr : &assets_[best];
}

}  // namespace kentongan
