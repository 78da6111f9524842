#pragma once
// What the commands that ask the daemon share.
#include <boost/json.hpp>

#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

/// The daemon of the settings.
[[nodiscard]] inline Result<ApiClient> daemon_of(const Common& common) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    return ApiClient::from(loaded->config);
}

/// A member as text; "-" for none.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name);

/// The list `name` of an answer: a table of these members, or JSON as asked for.
void print_list(const boost::json::value& answer, std::string_view name,
                const std::vector<std::pair<std::string, std::string>>& columns,
                const std::string& when_empty, const Output& out);

}  // namespace kentongan::cli
