#pragma once
// Looks up what correlations refer to, and refuses those whose references cannot be had.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/detect/sigma/correlation_set.hpp"
#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::sigma {

/// Where ids and names lead.
struct Reference {
    enum class Kind : std::uint8_t { rule, correlation, refused, ambiguous };
    Kind kind = Kind::refused;
    std::uint32_t index = 0;  ///< in the program, or in the resolver
};
using References = std::map<std::string, Reference, std::less<>>;

/// Refused, each with a reason in its document: a reference to nothing, to a refused rule or to a
/// name that two rules have; an alias for a rule without a name or not in the list; a circle; more
/// than kMaximumChain correlations on one another.
class CorrelationResolver {
  public:
    CorrelationResolver(const Program& program, const References& references)
        : program_(program), references_(references) {}

    /// `document` holds a correlation, and stays until the end. In the order of the indexes in
    /// References.
    void add(RuleDocument& document, std::string file);
    /// `serial` tells sets apart: see CorrelationSet::serial().
    [[nodiscard]] std::shared_ptr<const CorrelationSet> resolve(std::uint64_t serial);

  private:
    struct Candidate {
        RuleDocument* document;
        std::string file;
        std::vector<Reference> children;
        std::size_t level = 0;    // 0: not resolved
        std::uint32_t index = 0;  // in the set
    };

    void look_up(Candidate& candidate);
    void check_aliases(Candidate& candidate) const;
    void find_levels();
    void refuse_unresolved();
    [[nodiscard]] std::string circle_from(const Candidate& start) const;
    void build(CorrelationSet& set) const;
    void add_correlation(const Candidate& candidate, CorrelationSet& set) const;
    void connect(const Candidate& candidate, CorrelationSet& set) const;
    [[nodiscard]] std::uint32_t node_of(const Reference& reference,
                                        const CorrelationSet& set) const;
    [[nodiscard]] std::uint16_t want(const Reference& reference, const std::string& name,
                                     CorrelationSet& set) const;

    const Program& program_;
    const References& references_;
    std::vector<Candidate> candidates_;
};

}  // namespace kentongan::sigma
