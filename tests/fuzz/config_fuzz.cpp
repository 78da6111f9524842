// Settings files of any bytes: no crash, and what is accepted survives show() unchanged.
#include <cstdlib>

#include "daemon/config/apply.hpp"
#include "daemon/config/reader.hpp"

namespace {

using namespace kentongan;

/// The file as the only layer; nothing when it is refused.
std::optional<LoadedConfig> load(std::string_view text) {
    const auto layer = config::parse_text(text, "fuzz.toml");
    if (!layer) return std::nullopt;
    config::Problems problems;
    LoadedConfig loaded;
    config::apply(*layer, loaded.config, loaded.origins, problems);
    config::check(loaded.config, loaded.origins, false, problems);
    if (!problems.empty() && problems.error().message.empty()) std::abort();
    return problems.empty() ? std::optional{std::move(loaded)} : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const Sources sources{.set = {std::string{text}}, .open_files = false};
    if (const auto set = load_config(sources); !set && set.error().message.empty()) std::abort();
    const auto first = load(text);
    if (!first) return 0;
    const std::string shown = show(*first, true);
    for (std::string_view rest = shown; !rest.empty();)  // past the reader's cap for one line
        if (const auto end = rest.find('\n'); end > 8192) return 0;
        else rest.remove_prefix(end + 1);
    const auto second = load(shown);
    if (shown.size() < 60000 && (!second || second->config != first->config)) std::abort();
    return 0;
}
