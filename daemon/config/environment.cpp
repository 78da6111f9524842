// The only reader of the process's environment.
#include <unistd.h>

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

}  // namespace kentongan
