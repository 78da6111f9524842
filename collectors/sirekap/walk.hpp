#pragma once
// Walk: in which order the tree of published files is fetched, and how far it has come.
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::sirekap {

/// A code's length at a depth named country, province, kabupaten, kecamatan, kelurahan or tps;
/// nothing for another name. The country's code is "0".
[[nodiscard]] std::optional<std::size_t> depth_of(std::string_view name);

/// Pure. Parents before children and areas by code, so a position is one code: all before it is
/// done. Memory is what lies beside the way, some hundred codes.
class Walk {
  public:
    static constexpr std::size_t kPending = 100'000;

    /// `areas` are roots (empty: the country); codes longer than `longest` are left alone. `from`
    /// is the position of an earlier walk that did not end; empty: from the beginning.
    Walk(const std::vector<std::string>& areas, std::size_t longest, std::string from = {});

    /// The next file to fetch; nothing while none is known or all are under way.
    [[nodiscard]] std::optional<std::string> next();
    /// A file was dealt with; these are below it.
    void done(const std::string& code, const std::vector<std::string>& children);

    [[nodiscard]] bool finished() const { return pending_.empty() && under_way_.empty(); }
    /// The first code that is not done; empty when all is.
    [[nodiscard]] std::string position() const;
    [[nodiscard]] std::size_t waiting() const { return pending_.size() + under_way_.size(); }

  private:
    void add(const std::string& code);

    std::size_t longest_;
    std::string from_;
    std::set<std::string> pending_;
    std::set<std::string> under_way_;
};

/// Where a race's file is below its folder: "" + ".json" for the country, "/31.json",
/// "/31/3171/317101/3171011006.json".
[[nodiscard]] std::string path_of(std::string_view code);

}  // namespace kentongan::sirekap
