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

TEST(Metrics, EachHistogramHasBucketsForWhatItMeasures) {
    Metrics metrics;
    metrics.delivery_latency.with({"bssn"}).observe(2 * 3600.0);
    metrics.rule_eval.with({"sigma"}).observe(3e-6);
    const std::string page = metrics.registry.exposition();
    const auto holds = [&](const std::string& line) {
        return page.find(line + "\n") != std::string::npos;
    };
    // An agency that was away for two hours is told from one that was away for six.
    EXPECT_TRUE(
        holds(R"(kentongan_delivery_latency_seconds_bucket{destination="bssn",le="3600"} 0)"));
    EXPECT_TRUE(
        holds(R"(kentongan_delivery_latency_seconds_bucket{destination="bssn",le="7200"} 1)"));
    EXPECT_TRUE(holds(R"(kentongan_rule_eval_seconds_bucket{engine="sigma",le="5e-06"} 1)"));
}

TEST(Metrics, AQuantileIsReadFromTheBuckets) {
    MetricRegistry registry;
    const MetricFamily<Histogram> family{registry, "kentongan_x_seconds", "x", {}, {1, 2, 4}};
    auto series = family.with();
    EXPECT_FALSE(series.quantile(0.5));
    for (int i = 0; i < 10; ++i) series.observe(i < 5 ? 0.5 : 3);
    EXPECT_DOUBLE_EQ(*series.quantile(0.5), 1);
    EXPECT_DOUBLE_EQ(*series.quantile(0.25), 0.5);
    EXPECT_DOUBLE_EQ(*series.quantile(0.75), 3);
    for (int i = 0; i < 90; ++i) series.observe(100);
    EXPECT_DOUBLE_EQ(*series.quantile(0.99), 4) << "the highest bound that is known";
}

TEST(Metrics, AHistogramWithoutBucketsIsAMistake) {
    MetricRegistry registry;
    EXPECT_THROW((MetricFamily<Histogram>{registry, "kentongan_x_seconds", "x"}), std::logic_error);
}

TEST(Metrics, AnInfoSeriesIsReplacedAndNotAddedTo) {
    Metrics metrics;
    metrics.rule_bundle.with({"rules", "aa"}).set(1);
    metrics.rule_bundle.remove({"rules", "aa"});
    metrics.rule_bundle.with({"rules", "bb"}).set(1);
    const auto samples = metrics.rule_bundle.samples();
    ASSERT_EQ(samples.size(), 1u);
    EXPECT_EQ(samples[0].labels, (std::vector<std::string>{"rules", "bb"}));
}

}  // namespace
}  // namespace kentongan
