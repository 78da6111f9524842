// The only reader of the process's environment.
#include <unistd.h>

#include <cstdlib>

#include <string_view>

#include "daemon/config/reader.hpp"

namespace kentongan {

std::map<std::string, std::string> kentongan_environment() {
    std::map<std::string, std::string> out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const std::string_view name = text.substr(0, text.find('='));
        if (name.starts_with("KENTONGAN_") && name.contains("__") && name.size() < text.size())
            out.emplace(name, text.substr(name.size() + 1));
    }
    return out;
}

std::string credential_file(const std::string& name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || *folder != '/') return {};
    const std::string file = std::string(folder) + "/" + name;
    return ::access(file.c_str(), F_OK) == 0 ? file : "";
}

std::string user_cache_folder() {
    const auto absolute = [](const char* name) -> std::string {
        const char* value = std::getenv(name);
        return value != nullptr && *value == '/' ? value : "";
    };
    if (const auto cache = absolute("XDG_CACHE_HOME"); !cache.empty()) return cache + "/kentongan";
    if (const auto home = absolute("HOME"); !home.empty()) return home + "/.cache/kentongan";
    return {};
}

}  // namespace kentongan
