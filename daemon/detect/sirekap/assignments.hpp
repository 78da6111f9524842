#pragma once
// Which accounts and devices may upload for which TPS, as KPU hands them out before the election.
#include <cstdint>
#include <filesystem>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/sirekap/tps_code.hpp"

namespace kentongan::sirekap {

/// One line of the list; the texts live as long as the list, and may be empty.
struct Assignment {
    TpsCode tps;
    std::string_view account;
    std::string_view device;
};

/// Immutable once loaded; safe from any thread. About 24 bytes an assignment and its texts.
class Assignments {
  public:
    static constexpr std::size_t kMaximum = 8'000'000;

    /// Lines of tps,account,device; the device, or the account, may be left out. A first line that
    /// starts with "tps" is a heading. A TPS has as many lines as it has accounts. Messages name
    /// file and line.
    [[nodiscard]] static Result<Assignments> parse(std::string_view csv, std::string_view file);
    [[nodiscard]] static Result<Assignments> load(const std::filesystem::path& path);

    /// The assignments of a TPS, as listed; none for a TPS that is not in the list.
    [[nodiscard]] auto of(TpsCode tps) const {
        return rows_of(tps) | std::views::transform([this](const Row& row) { return read(row); });
    }
    /// Those of an account or of a device, by TPS; none for a name that is not in the list.
    [[nodiscard]] std::vector<Assignment> of_account(std::string_view account) const;
    [[nodiscard]] std::vector<Assignment> of_device(std::string_view device) const;

    [[nodiscard]] std::size_t size() const { return rows_.size(); }

  private:
    /// A text is a length byte and so many bytes in texts_.
    struct Row {
        TpsCode tps;
        std::uint32_t account = 0;
        std::uint32_t device = 0;
    };
    [[nodiscard]] std::span<const Row> rows_of(TpsCode tps) const;
    [[nodiscard]] std::string_view text_at(std::uint32_t offset) const;
    [[nodiscard]] Assignment read(const Row& row) const;
    [[nodiscard]] std::vector<Assignment> named(std::string_view name,
                                                const std::vector<std::uint32_t>& order,
                                                std::uint32_t Row::* member) const;
    [[nodiscard]] std::vector<std::uint32_t> order_by(std::uint32_t Row::* member) const;
    [[nodiscard]] std::uint32_t keep(std::string_view text);

    std::vector<Row> rows_;  // by TPS
    std::vector<std::uint32_t> by_account_;
    std::vector<std::uint32_t> by_device_;
    std::string texts_;
};

}  // namespace kentongan::sirekap
