// Runs a fuzz target once over every file of a folder, where libFuzzer is not linked in.
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "daemon/base/file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
    std::size_t runs = 0;
    for (int i = 1; i < argc; ++i)
        for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
            if (!entry.is_regular_file()) continue;
            const auto content = kentongan::read_file(entry.path());
            if (!content) {
                std::fprintf(stderr, "%s\n", content.error().message.c_str());
                return 1;
            }
            LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content->data()),
                                   content->size());
            ++runs;
        }
    std::printf("%zu inputs\n", runs);
    return runs == 0 ? 1 : 0;  // an empty corpus tests nothing
}
