#pragma once
// The correlations of a rule set, their references resolved: which rule feeds which correlation,
// and with which fields.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/detect/hit.hpp"
#include "daemon/detect/sigma/correlation_syntax.hpp"
#include "daemon/detect/sigma/program.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumChain = 10;      ///< correlations on correlations
constexpr std::size_t kMaximumHitValue = 256;  ///< bytes; longer values are cut and hashed

struct Correlation {
    std::shared_ptr<const Rule> rule;  ///< with the authors of the rules it names, too
    std::string file;
    CorrelationSyntax syntax;
    std::string content;  ///< hash of its text and of what it refers to: equal means unchanged
    std::vector<std::string> false_positives;
};

/// How one reference of a correlation is fed.
struct Feed {
    std::uint32_t correlation = 0;     ///< index in correlations()
    std::uint16_t position = 0;        ///< of the reference in its list
    std::vector<std::uint16_t> group;  ///< for each group-by field, its place in a hit's values
    std::vector<std::uint16_t> value;  ///< the same of the condition's fields
};

/// A rule or correlation as correlations see it.
struct CorrelationNode {
    std::vector<std::string> names;          ///< of the values a hit carries
    std::vector<std::vector<Field>> fields;  ///< rules only: event fields that may hold each
    std::vector<std::vector<std::string>>
        folded;                   ///< the same by group_name(), for other spellings
    std::vector<bool> addresses;  ///< rules only: whether each is an address
    std::vector<Feed> feeds;
    bool alerts = true;  ///< false: it is only counted
};

/// Immutable. Nodes are numbered as the program's rules, then the correlations.
class CorrelationSet {
  public:
    CorrelationSet() = default;

    [[nodiscard]] const std::vector<Correlation>& correlations() const { return correlations_; }
    [[nodiscard]] const std::vector<CorrelationNode>& nodes() const { return nodes_; }
    [[nodiscard]] std::uint32_t node_of_correlation(std::size_t index) const {
        return static_cast<std::uint32_t>(rules_ + index);
    }
    /// Null for a rule that no correlation counts.
    [[nodiscard]] const CorrelationNode* node_of_rule(std::size_t rule) const {
        return rule < nodes_.size() && !nodes_[rule].feeds.empty() ? &nodes_[rule] : nullptr;
    }
    /// Sets loaded later have greater numbers.
    [[nodiscard]] std::uint64_t serial() const { return serial_; }

  private:
    friend class CorrelationResolver;
    std::vector<Correlation> correlations_;
    std::vector<CorrelationNode> nodes_;
    std::size_t rules_ = 0;
    std::uint64_t serial_ = 0;
};

/// The hit of a rule on an event.
[[nodiscard]] std::shared_ptr<const Hit> hit_of(const std::shared_ptr<const CorrelationSet>& set,
                                                std::uint32_t rule, const Event& event,
                                                KeptEvent& kept);

/// The field by which the rule at a position of the list knows what the correlation calls `field`.
[[nodiscard]] const std::string& aliased(const CorrelationSyntax& syntax, const std::string& field,
                                         std::size_t position);

/// "event_count gte 10 within 60s by source.ip", for people.
[[nodiscard]] std::string describe(const Correlation& correlation);

/// Whether a field names an address, or a person or account: a hit without it is left out of a
/// correlation that groups by it, since one group of all that lack it would swallow everything.
[[nodiscard]] bool is_identity(std::string_view field);
[[nodiscard]] bool is_address(std::string_view field);

}  // namespace kentongan::sigma
