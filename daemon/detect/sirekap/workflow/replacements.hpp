#pragma once
// Replacements: whom the application let work for which TPS after the list of assignments was made.
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/sirekap/workflow/app_event.hpp"

namespace kentongan::sirekap {

/// From admin.assignment.edit events that were accepted. Kept over a restart, for a forgotten
/// replacement would accuse the one who stepped in.
class Replacements {
  public:
    Replacements(std::int64_t capacity, std::uint64_t seed);

    void note(const AppEvent& app);
    [[nodiscard]] bool allows(std::string_view account, TpsCode tps);
    [[nodiscard]] bool allows_device(std::string_view device, TpsCode tps);
    /// Some may have been forgotten: the rest proves nothing against anybody.
    [[nodiscard]] bool incomplete() const { return table_.evicted() != 0; }
    [[nodiscard]] std::uint64_t evicted() const { return table_.evicted(); }

    /// Lines of name<tab>code, when there are new ones since the last call.
    [[nodiscard]] std::optional<std::string> save();
    Result<> restore(std::string_view saved);

  private:
    void add(std::string_view name, TpsCode tps, Timestamp time);
    [[nodiscard]] bool find(std::string_view name, TpsCode tps);

    anomaly::LruTable<std::string, std::vector<std::uint64_t>> table_;  // "a:" or "d:" and the name
    bool changed_ = false;
};

}  // namespace kentongan::sirekap
