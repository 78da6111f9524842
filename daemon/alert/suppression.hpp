#pragma once
// Suppressions: what people have decided not to be told of for a while. An alert that one covers is
// stored all the same, with the suppression's id in it.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/alert/alert.hpp"

namespace kentongan {

struct Suppression {
    std::string id;
    std::string rule_id;    ///< empty: any
    std::string entity;     ///< a glob of * and ?; empty: any
    std::string source_ip;  ///< a network or one address; empty: any
    std::string reason;
    std::string owner;
    Timestamp begins{};
    Timestamp expires{};  ///< from here on it covers nothing
};

/// Immutable; safe from any thread. A suppression that names neither a rule nor an entity nor a
/// network covers nothing, nor does one whose network is no network: a slip never silences more
/// than was meant.
class Suppressions {
  public:
    explicit Suppressions(std::vector<Suppression> list);

    /// The first in the list that covers the alert at `now`; null when none does.
    [[nodiscard]] const Suppression* find(const Alert& alert, Timestamp now) const;
    /// The same for one finding of an alert, whose source may be another than the first's.
    [[nodiscard]] const Suppression* find(std::string_view rule_id, std::string_view entity,
                                          const std::optional<IpAddress>& source,
                                          Timestamp now) const;
    [[nodiscard]] std::size_t size() const { return list_.size(); }

  private:
    struct Compiled {
        Suppression suppression;
        std::optional<IpNetwork> network;
    };
    [[nodiscard]] static bool covers(const Compiled& item, std::string_view entity,
                                     const std::optional<IpAddress>& source, Timestamp now);

    std::vector<Compiled> list_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_rule_;  // places in list_
    std::vector<std::size_t> of_any_rule_;
};

/// Whether `pattern` covers all of `text`: * any run, ? one byte, all else itself. Linear memory,
/// at most |pattern| x |text| steps.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace kentongan
