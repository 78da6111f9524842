// What a daemon that was built without Node.js shows: one page, which says that the console is left
// out. Exit status 1 for anything else.
#include <cstdio>
#include <string>

#include "daemon/console/files.hpp"

int main() {
    const auto files = kentongan::console::files();
    for (const auto& file : files)
        std::printf("%s: %zu bytes\n", std::string(file.name).c_str(), file.content.size());
    const bool says = files.size() == 1 && files[0].name == "index.html" &&
                      files[0].content.find("Node.js") != std::string_view::npos;
    std::puts(says ? "it says that the console is left out" : "FAILED: this is not that page");
    return says ? 0 : 1;
}
