#pragma once
// Where the project's own files and the shared test data are.
#include <cstdlib>
#include <filesystem>

namespace kentongan {

/// The folder with CMakePresets.json, at or above the working directory.
[[nodiscard]] inline std::filesystem::path project_root() {
    auto folder = std::filesystem::current_path();
    while (!std::filesystem::exists(folder / "CMakePresets.json") && folder.has_relative_path())
        folder = folder.parent_path();
    return folder;
}

/// $KENTONGAN_SHARED, else shared/ beside the project root. It need not exist.
[[nodiscard]] inline std::filesystem::path shared_folder() {
    const char* named = std::getenv("KENTONGAN_SHARED");
    return named != nullptr ? std::filesystem::path(named)
                            : project_root().parent_path() / "shared";
}

}  // namespace kentongan
