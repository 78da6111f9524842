#pragma once
// The three kinds of metric, as thin families over prometheus-cpp: a family has a name, a help
// text and label names; `with` gives the series of some label values. Thread-safe; look a series
// up once and keep the reference, then add in batches.
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
template <typename T>
class Family;
}  // namespace prometheus

namespace kentongan {

/// What a family is, for the generated reference page.
struct MetricDescription {
    std::string name;
    std::string type;
    std::string help;
    std::vector<std::string> labels;
};

/// Owns the series; families are made from it.
class MetricRegistry {
  public:
    MetricRegistry();
    ~MetricRegistry();
    /// Prometheus text format 0.0.4.
    [[nodiscard]] std::string exposition() const;
    [[nodiscard]] const std::vector<MetricDescription>& descriptions() const {
        return descriptions_;
    }

  private:
    template <class Series>
    friend class MetricFamily;
    std::shared_ptr<prometheus::Registry> registry_;
    std::vector<MetricDescription> descriptions_;
};

class Counter {
  public:
    explicit Counter(prometheus::Counter& series) : series_(&series) {}
    void add(double amount = 1);
    [[nodiscard]] double value() const;

  private:
    prometheus::Counter* series_;
};

class Gauge {
  public:
    explicit Gauge(prometheus::Gauge& series) : series_(&series) {}
    void set(double value);
    void add(double amount);
    [[nodiscard]] double value() const;

  private:
    prometheus::Gauge* series_;
};

class Histogram {
  public:
    explicit Histogram(prometheus::Histogram& series) : series_(&series) {}
    void observe(double value);
    /// The value below which a share `q` (0 to 1) of what was observed lies, within its bucket by
    /// rule of three; the highest bound for what lies above it. Nothing before an observation.
    [[nodiscard]] std::optional<double> quantile(double q) const;

  private:
    prometheus::Histogram* series_;
};

/// One series: the values of its labels, in the order of the label names, and its own.
struct MetricSample {
    std::vector<std::string> labels;
    double value = 0;
};

/// `Series` is Counter, Gauge or Histogram. `buckets`: a histogram's upper bounds, ascending.
template <class Series>
class MetricFamily {
  public:
    MetricFamily(MetricRegistry& registry, std::string name, std::string help,
                 std::vector<std::string> labels = {}, std::vector<double> buckets = {});
    ~MetricFamily();
    /// The series with these label values, in the order of the label names. Values must be bounded
    /// by settings or code, never by input.
    [[nodiscard]] Series with(std::initializer_list<std::string_view> values = {}) const;
    /// Forgets that series: of an info metric whose labels have changed. Nobody may hold it.
    void remove(std::initializer_list<std::string_view> values) const;
    /// Every series there is (counters and gauges).
    [[nodiscard]] std::vector<MetricSample> samples() const;
    /// Series there are.
    [[nodiscard]] std::size_t size() const;
    /// Over all series (counters and gauges).
    [[nodiscard]] double sum() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan
