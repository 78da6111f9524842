#pragma once
// What is remembered of every published file: its newest version, as sums and hashes.
#include <list>
#include <map>

#include "daemon/base/digest.hpp"
#include "daemon/detect/sirekap/published/difference.hpp"

namespace kentongan::sirekap::published {

/// For how many snapshots something has not added up.
struct Suspicion {
    Timestamp own{};     ///< ts of the node when it was last counted
    Timestamp parent{};  ///< ts of its parent then
    int snapshots = 0;   ///< distinct ts; 0: all is well
};

struct Node {
    std::string race;
    std::string code;  ///< "0" is the country
    Document::Level level = Document::Level::area;
    Timestamp ts{};          ///< when the file was made, as it says
    std::string ts_text;     ///< the same as given
    Timestamp version_at{};  ///< when this version was first seen
    Timestamp seen{};        ///< when it was last seen to be the newest
    bool doubtful = false;   ///< the last fetch failed: it may be out of date
    Sha256Digest body{};
    std::string_view source;     ///< of the version: interned
    std::uint64_t position = 0;  ///< of the version
    std::optional<Votes> chart;
    std::optional<Progress> progress;
    std::vector<Row> rows;              // by code
    std::vector<std::uint64_t> images;  // a hash each, 0 for none
    std::optional<bool> status_votes;
    Suspicion inside;   ///< chart against the sum of its own table
    Suspicion outside;  ///< its chart against its parent's row
    bool told = false;  ///< a critical finding about either was made
    bool zeroed = false;

    [[nodiscard]] const Row* row(std::string_view child) const;
    [[nodiscard]] std::int64_t votes() const { return chart ? sum_of(*chart) : 0; }
};

/// The code above: 3171 for 317101, "0" for a province, nothing for the country.
[[nodiscard]] std::string_view parent_of(std::string_view code);

/// Capped by files and by rows in them (some 150 bytes each); what was left alone for longest makes
/// room and is counted. In order of race and code. Pointers stay valid until the node is pushed out
/// by put().
class NodeTable {
  public:
    struct Limits {
        std::size_t nodes = 200'000;
        std::size_t rows = 1'500'000;
    };
    explicit NodeTable(Limits limits) : limits_(limits) {}

    [[nodiscard]] Node* find(std::string_view race, std::string_view code);
    /// Takes the place of the node of the same race and code, and counts as used now.
    Node& put(Node node);
    void use(const Node& node);
    void erase(std::string_view race, std::string_view code);

    template <class Visit>
    void for_each(std::string_view race, Visit&& visit) {
        for (auto it = nodes_.lower_bound(key(race, "")); it != nodes_.end(); ++it) {
            if (it->second.node.race != race) break;
            visit(it->second.node);
        }
    }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Entry {
        Node node;
        std::list<std::string>::iterator used;  // in order_
    };
    using Nodes = std::map<std::string, Entry, std::less<>>;
    [[nodiscard]] static std::string key(std::string_view race, std::string_view code);
    void drop(Nodes::iterator it);

    Limits limits_;
    Nodes nodes_;
    std::list<std::string> order_;  // keys, the one used last at the end
    std::size_t rows_ = 0;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan::sirekap::published
