#include "daemon/metrics/metrics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

constexpr std::string_view kMarker = "<!-- generated: KENTONGAN_REFRESH=1 unit_metrics -->\n";

std::string reference() {
    const Metrics metrics;
    std::string out = "\n| name | type | labels | meaning |\n|---|---|---|---|\n";
    for (const auto& metric : metrics.registry.descriptions())
        out += fmt::format("| `{}` | {} | {} | {} |\n", metric.name, metric.type,
                           fmt::join(metric.labels, ", "), metric.help);
    return out;
}

TEST(Metrics, TheReadmeHoldsEveryMetricAsDeclared) {
    const auto page = project_root() / "daemon/metrics/README.md";
    const auto text = read_file(page);
    ASSERT_TRUE(text) << text.error().message;
    const auto at = text->find(kMarker);
    ASSERT_NE(at, std::string::npos) << "the marker line is gone from " << page;
    const std::string expected = text->substr(0, at) + std::string{kMarker} + reference();
    if (std::getenv("KENTONGAN_REFRESH") != nullptr) {
        ASSERT_TRUE(replace_file(page, expected));
        std::filesystem::permissions(page, std::filesystem::perms{0644});
        return;
    }
    EXPECT_EQ(*text, expected) << "run KENTONGAN_REFRESH=1 unit_metrics and review the difference";
}

TEST(Metrics, NamesFollowPrometheusHabits) {
    const Metrics metrics;
    for (const auto& metric : metrics.registry.descriptions()) {
        EXPECT_TRUE(metric.name.starts_with("kentongan_")) << metric.name;
        EXPECT_EQ(metric.type == "counter", metric.name.ends_with("_total")) << metric.name;
        EXPECT_FALSE(metric.help.empty()) << metric.name;
    }
}

TEST(Metrics, ASeriesWithoutLabelsIsExportedAsZero) {
    Metrics metrics;
    EXPECT_NE(metrics.registry.exposition().find("kentongan_stream_gap_bytes_total 0"),
              std::string::npos);
    metrics.stream_gap_bytes.with().add(3);
    EXPECT_EQ(metrics.stream_gap_bytes.sum(), 3);
}

TEST(Metrics, ASeriesNamedWithTooFewLabelsIsAMistake) {
    const Metrics metrics;
    EXPECT_THROW((void)metrics.log_lines.with({"only one"}), std::logic_error);
}

}  // namespace
}  // namespace kentongan
