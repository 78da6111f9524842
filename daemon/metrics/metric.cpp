#include "daemon/metrics/metric.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

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

const prometheus::Histogram::BucketBoundaries kSecondsBuckets{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

}  // namespace

template <class Series>
struct MetricFamily<Series>::Impl {
    prometheus::Family<typename Traits<Series>::Native>* family;
    std::vector<std::string> labels;
};

template <class Series>
MetricFamily<Series>::MetricFamily(MetricRegistry& registry, std::string name, std::string help,
                                   std::vector<std::string> labels)
    : impl_(std::make_unique<Impl>()) {
    registry.descriptions_.push_back({name, Traits<Series>::kType, help, labels});
    impl_->family = &Traits<Series>::build().Name(name).Help(help).Register(*registry.registry_);
    impl_->labels = std::move(labels);
    if constexpr (!std::is_same_v<Series, Histogram>)
        if (impl_->labels.empty()) (void)with();  // a known series is exported as 0
}

template <class Series>
MetricFamily<Series>::~MetricFamily() = default;

template <class Series>
Series MetricFamily<Series>::with(std::initializer_list<std::string_view> values) const {
    if (values.size() != impl_->labels.size())
        throw std::logic_error("metric series named with the wrong number of labels");
    std::map<std::string, std::string> labels;
    auto name = impl_->labels.begin();
    for (const auto value : values) labels.emplace(*name++, value);
    if constexpr (std::is_same_v<Series, Histogram>)
        return Series{impl_->family->Add(labels, kSecondsBuckets)};
    else
        return Series{impl_->family->Add(labels)};
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
