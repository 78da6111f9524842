#include "daemon/metrics/metric.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <type_traits>

namespace kentongan {

MetricRegistry::MetricRegistry() : registry_(std::make_shared<prometheus::Registry>()) {}
MetricRegistry::~MetricRegistry() = default;

std::string MetricRegistry::exposition() const {
    return prometheus::TextSerializer{}.Serialize(registry_->Collect());
}

void Counter::add(double amount) { series_->Increment(amount); }
double Counter::value() const { return series_->Value(); }
void Gauge::set(double value) { series_->Set(value); }
void Gauge::add(double amount) { series_->Increment(amount); }
double Gauge::value() const { return series_->Value(); }
void Histogram::observe(double value) { series_->Observe(value); }

namespace {

template <class Series>
struct Traits;
template <>
struct Traits<Counter> {
    using Native = prometheus::Counter;
    static constexpr auto kType = "counter";
    static auto build() { return prometheus::BuildCounter(); }
    static double value(const prometheus::ClientMetric& m) { return m.counter.value; }
};
template <>
struct Traits<Gauge> {
    using Native = prometheus::Gauge;
    static constexpr auto kType = "gauge";
    static auto build() { return prometheus::BuildGauge(); }
    static double value(const prometheus::ClientMetric& m) { return m.gauge.value; }
};
template <>
struct Traits<Histogram> {
    using Native = prometheus::Histogram;
    static constexpr auto kType = "histogram";
    static auto build() { return prometheus::BuildHistogram(); }
    static double value(const prometheus::ClientMetric& m) { return m.histogram.sample_sum; }
};

}  // namespace

// As PromQL's histogram_quantile does it.
std::optional<double> Histogram::quantile(double q) const {
    const prometheus::ClientMetric::Histogram seen = series_->Collect().histogram;
    if (seen.sample_count == 0) return std::nullopt;
    const double rank = q * static_cast<double>(seen.sample_count);
    double below = 0;
    double lower = 0;
    for (const auto& bucket : seen.bucket) {
        const auto upto = static_cast<double>(bucket.cumulative_count);
        if (upto >= rank && upto > below) {
            if (std::isinf(bucket.upper_bound)) return lower;
            return lower + (bucket.upper_bound - lower) * (rank - below) / (upto - below);
        }
        below = upto;
        if (!std::isinf(bucket.upper_bound)) lower = bucket.upper_bound;
    }
    return lower;
}

template <class Series>
struct MetricFamily<Series>::Impl {
    prometheus::Family<typename Traits<Series>::Native>* family;
    std::vector<std::string> labels;
    std::vector<double> buckets;

    [[nodiscard]] typename Traits<Series>::Native& series(
        std::initializer_list<std::string_view> values) const {
        if (values.size() != labels.size())
            throw std::logic_error("metric series named with the wrong number of labels");
        std::map<std::string, std::string> named;
        auto name = labels.begin();
        for (const auto value : values) named.emplace(*name++, value);
        if constexpr (std::is_same_v<Series, Histogram>)
            return family->Add(named, buckets);
        else
            return family->Add(named);
    }
};

template <class Series>
MetricFamily<Series>::MetricFamily(MetricRegistry& registry, std::string name, std::string help,
                                   std::vector<std::string> labels, std::vector<double> buckets)
    : impl_(std::make_unique<Impl>()) {
    registry.descriptions_.push_back({name, Traits<Series>::kType, help, labels});
    impl_->family = &Traits<Series>::build().Name(name).Help(help).Register(*registry.registry_);
    impl_->labels = std::move(labels);
    impl_->buckets = std::move(buckets);
    if (std::is_same_v<Series, Histogram> == impl_->buckets.empty())
        throw std::logic_error("buckets are for histograms, and each has its own");
    if constexpr (!std::is_same_v<Series, Histogram>)
        if (impl_->labels.empty()) (void)with();  // a known series is exported as 0
}

template <class Series>
MetricFamily<Series>::~MetricFamily() = default;

template <class Series>
Series MetricFamily<Series>::with(std::initializer_list<std::string_view> values) const {
    return Series{impl_->series(values)};
}

template <class Series>
void MetricFamily<Series>::remove(std::initializer_list<std::string_view> values) const {
    impl_->family->Remove(&impl_->series(values));
}

template <class Series>
std::vector<MetricSample> MetricFamily<Series>::samples() const {
    std::vector<MetricSample> out;
    for (const auto& family : impl_->family->Collect())
        for (const auto& metric : family.metric) {
            MetricSample& one = out.emplace_back();
            one.value = Traits<Series>::value(metric);
            for (const std::string& name : impl_->labels) {
                const auto label =
                    std::ranges::find(metric.label, name, &prometheus::ClientMetric::Label::name);
                one.labels.push_back(label == metric.label.end() ? "" : label->value);
            }
        }
    return out;
}

template <class Series>
std::size_t MetricFamily<Series>::size() const {
    std::size_t count = 0;
    for (const auto& family : impl_->family->Collect()) count += family.metric.size();
    return count;
}

template <class Series>
double MetricFamily<Series>::sum() const {
    double total = 0;
    for (const auto& family : impl_->family->Collect())
        for (const auto& metric : family.metric) total += Traits<Series>::value(metric);
    return total;
}

template class MetricFamily<Counter>;
template class MetricFamily<Gauge>;
template class MetricFamily<Histogram>;

}  // namespace kentongan
