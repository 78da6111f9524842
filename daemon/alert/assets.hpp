#pragma once
// Assets: which machines matter most, so that a finding about one of them is more severe.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/alert/finding.hpp"

namespace kentongan {

enum class Criticality { normal = 0, high, critical };
[[nodiscard]] std::string_view name_of(Criticality criticality);
[[nodiscard]] std::optional<Criticality> parse_criticality(std::string_view name);

struct Asset {
    std::string name;
    Criticality criticality = Criticality::normal;
    std::vector<std::string> hosts;  ///< names in any case
    std::vector<IpNetwork> networks;
};

/// Immutable; safe from any thread.
class Assets {
  public:
    Assets() = default;
    explicit Assets(std::vector<Asset> assets);

    /// The most critical asset that the finding is about: its host, its entity, or one of its
    /// addresses. Null when it is about none. Of equals, the first by name.
    [[nodiscard]] const Asset* of(const Finding& finding) const;

  private:
    std::vector<Asset> assets_;  // most critical first
    std::unordered_map<std::string, std::size_t> by_host_;
};

}  // namespace kentongan
