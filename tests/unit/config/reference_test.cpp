// The settings page of daemon/config/README.md is generated; KENTONGAN_REFRESH=1 rewrites it.
#include <gmock/gmock.h>

#include <cstdlib>

#include "daemon/base/file.hpp"
#include "daemon/config/reader.hpp"

namespace kentongan {
namespace {

constexpr std::string_view kMarker = "<!-- generated: KENTONGAN_REFRESH=1 unit_config -->\n";

/// The folder above this program that holds the settings' declarations.
std::filesystem::path project_root() {
    auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    while (folder != folder.root_path() && !exists(folder / "daemon/config/config.hpp"))
        folder = folder.parent_path();
    return folder;
}

TEST(ConfigReference, TheReadmeHoldsEverySettingAsDeclared) {
    const auto page = project_root() / "daemon/config/README.md";
    const auto text = read_file(page);
    ASSERT_TRUE(text) << text.error().message;
    const auto at = text->find(kMarker);
    ASSERT_NE(at, std::string::npos) << "the marker line is gone from " << page;
    const std::string expected = text->substr(0, at) + std::string{kMarker} + reference_markdown();
    if (std::getenv("KENTONGAN_REFRESH") != nullptr) {
        const auto written = replace_file(page, expected);
        ASSERT_TRUE(written) << written.error().message;
        std::filesystem::permissions(page, std::filesystem::perms{0644});
        return;
    }
    EXPECT_EQ(*text, expected) << "run KENTONGAN_REFRESH=1 unit_config and review the difference";
}

TEST(ConfigReference, NamesTypeDefaultAndRange) {
    EXPECT_THAT(reference_markdown(),
                ::testing::HasSubstr(
                    "| `lanes` | whole number | `0` | 0 to 64 | lane threads; 0: one per core |"));
}

}  // namespace
}  // namespace kentongan
