#pragma once
// The lists that `expand` puts in the place of %name%.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::sigma {

/// Names and their values, which are Sigma strings: wildcards and escapes count. Immutable once
/// read.
class Placeholders {
  public:
    static constexpr std::size_t kMaximumBytes = std::size_t{1} << 20;
    static constexpr std::size_t kMaximumExpansions = 10'000;  ///< of one value

    Placeholders() = default;
    explicit Placeholders(std::map<std::string, std::vector<std::string>, std::less<>> lists)
        : lists_(std::move(lists)) {}

    /// A TOML file of `name = ["value", …]`; numbers are taken as text. The error names the line.
    [[nodiscard]] static Result<Placeholders> parse(std::string_view toml, std::string_view file);
    [[nodiscard]] static Result<Placeholders> load(const std::filesystem::path& file);

    /// Null when the name is unknown or its list is empty: rules that need it are refused.
    [[nodiscard]] const std::vector<std::string>* find(std::string_view name) const;

    /// `text` with every %name% replaced by each of its values in turn, and `\%` by a percent sign.
    /// An error is the message for people: which name has no value.
    [[nodiscard]] std::expected<std::vector<std::string>, std::string> expand(
        std::string_view text) const;

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

/// The file to use when settings name none: `placeholders.toml`, or `sigma/placeholders.toml`, in
/// the first of these folders that has one.
[[nodiscard]] std::optional<std::filesystem::path> find_placeholders(
    const std::vector<std::filesystem::path>& folders);

}  // namespace kentongan::sigma
