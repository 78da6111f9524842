#pragma once
// Who is told what: the routing file as a table from rule class to agencies, each with its TLP
// label, its least severity and what is kept from it.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/alert.hpp"
#include "daemon/alert/pseudonym.hpp"
#include "daemon/base/error.hpp"

namespace kentongan {

/// One agency's row in a class. Paths are those of the alert's JSON, dots for nesting.
struct Route {
    std::string agency;
    Tlp tlp = Tlp::amber;
    Severity minimum = Severity::info;
    std::vector<std::string> only;      ///< when not empty, all other paths are left out
    std::vector<std::string> withhold;  ///< left out, and their values blotted out of other text
    std::vector<std::string> hash;      ///< pseudonyms in their place, and in other text
    std::vector<std::string> prefix;    ///< addresses as their network (/16, /48), counted
    bool after_review = false;          ///< only by a person's act, never by itself
    bool daily = false;                 ///< no single alerts: figures, once a day
    bool full = false;                  ///< the owner of the data (KPU): gets texts as they are
    bool personal = false;              ///< numbers and addresses of people may be read
    bool tallies = false;               ///< numbers of votes may be read
    bool candidates = false;            ///< which candidate may be read; else pseudonyms
    /// Of the pseudonyms; null: masks instead of them.
    std::shared_ptr<const PseudonymKey> key{};
    /// Names that stand for candidates, wherever they are written.
    std::shared_ptr<const std::vector<std::string>> names{};
};

/// Immutable; safe from any thread.
///
///     agencies = ["kpu", "bssn"]         # the order in which they are named
///     owner = "kpu"                      # gives an alert its own TLP label
///     advisory = ["kpu"]                 # who gets rules that carry no accusation
///     [class.attack.bssn]
///     tlp = "AMBER"                      # CLEAR, GREEN, AMBER, AMBER+STRICT or RED
///     minimum = "medium"                 # default "info"
///     after_review = true                # default false: a person has to share each alert
///     daily = true                       # default false: figures once a day, and no alert
///     only = [...]                       # default: everything
///     withhold = ["user", "message"]     # default: nothing
///     hash = ["user", "related.user"]    # pseudonyms under the agency's key
///     prefix = ["source.ip"]             # the address's network instead of it
///     key = "bssn"                       # whose key; default: the agency's
///     personal = true                    # default, as for the two below: only the owner
///     tallies = true
///     candidates = true
///
/// `candidate_names = [...]` at the top lists names of candidates that texts may hold.
/// A class without a table of its own is routed as [class.default], which must be there.
class Routing {
  public:
    /// `file` is for messages, which name the line.
    [[nodiscard]] static Result<Routing> parse(std::string_view toml, std::string_view file);

    /// Who gets this alert at its present severity, in the order of `agencies`.
    [[nodiscard]] std::vector<Route> route(const Alert& alert) const;
    /// The agency's row for an alert that a person shares with it: whatever the row's least
    /// severity, and also one that waits for a review. Null: it has no row in the class, or the
    /// rule carries no accusation and the agency is not among those who get such. Valid as long as
    /// the table.
    [[nodiscard]] const Route* share(const Alert& alert, std::string_view agency) const;
    /// An agency's row in a class; null: no alert of the class reaches it. Valid as long as the
    /// table.
    [[nodiscard]] const Route* row(std::string_view rule_class, std::string_view agency) const;
    /// The same, where the agency gets daily figures instead.
    [[nodiscard]] const Route* daily(std::string_view rule_class, std::string_view agency) const;
    /// Whether a rule's alerts are for the agency: those without accusation are only for some.
    [[nodiscard]] bool may_have(const Rule& rule, std::string_view agency) const;
    /// Its own label: the owner's in its class.
    [[nodiscard]] Tlp tlp(const Alert& alert) const;
    /// Whether the class has a table of its own; the loader reports those that have not.
    [[nodiscard]] bool knows(std::string_view rule_class) const;
    [[nodiscard]] const std::vector<std::string>& agencies() const { return agencies_; }
    /// The same table with keys for its pseudonyms, by agency or by what a row calls its key.
    [[nodiscard]] std::shared_ptr<const Routing> with_keys(const PseudonymKeys& keys) const;
    /// Keys that rows ask for and `keys` does not have: they get masks.
    [[nodiscard]] std::vector<std::string> missing_keys(const PseudonymKeys& keys) const;
    [[nodiscard]] std::vector<std::string> classes() const;

  private:
    friend class RoutingReader;
    using Rows = std::vector<Route>;  // in the order of agencies_
    [[nodiscard]] const Rows& rows(std::string_view rule_class) const;
    [[nodiscard]] const Route* find(std::string_view rule_class, std::string_view agency) const;

    std::vector<std::string> agencies_;
    std::vector<std::string> advisory_;
    std::string owner_;
    std::map<std::string, Rows, std::less<>> classes_;
    std::map<std::string, std::map<std::string, std::string>> key_of_;  // class -> agency -> key
};

/// What may be withheld or named in `only`: every path of an alert's JSON that is not needed to
/// tell alerts apart.
[[nodiscard]] bool is_redactable(std::string_view path);
/// Those paths.
[[nodiscard]] const std::vector<std::string_view>& redactable_paths();

}  // namespace kentongan
