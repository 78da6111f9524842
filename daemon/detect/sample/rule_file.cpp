// Runs the samples of a rule's file.
#include "daemon/detect/sample/rule_file.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/brute_force_detector.hpp"
#include "daemon/detect/anomaly/network_detectors.hpp"
#include "daemon/detect/anomaly/scan_detector.hpp"
#include "daemon/detect/anomaly/series/log_gap_detector.hpp"
#include "daemon/detect/anomaly/series/login_ratio_detector.hpp"
#include "daemon/detect/anomaly/series/series_detector.hpp"
#include "daemon/detect/anomaly/syn_flood_detector.hpp"
#include "daemon/detect/anomaly/volume_detector.hpp"
#include "daemon/detect/report/population.hpp"
#include "daemon/detect/report/report_detector.hpp"
#include "daemon/detect/sirekap/numbers/numbers_detector.hpp"
#include "daemon/detect/sirekap/published/published_detector.hpp"
#include "daemon/detect/sirekap/upload_detector.hpp"
#include "daemon/detect/sirekap/workflow/detectors.hpp"

namespace kentongan {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;
using Detectors = std::vector<std::unique_ptr<Detector>>;

class FindingsOf final : public FindingSink {
  public:
    explicit FindingsOf(std::string_view rule_id) : rule_id_(rule_id) {}
    void report(Finding finding) override {
        if (finding.rule->id == rule_id_) all.push_back(std::move(finding));
    }
    std::vector<Finding> all;

  private:
    std::string_view rule_id_;
};

Result<Detectors> all_detectors(std::string_view list_csv, std::string_view file,
                                const std::optional<sirekap::ChangeWindow>& window) {
    const anomaly::AnomalyOptions options;
    Detectors out;
    out.push_back(std::make_unique<anomaly::ScanDetector>(options));
    out.push_back(std::make_unique<anomaly::SynFloodDetector>(options));
    out.push_back(std::make_unique<anomaly::BruteForceDetector>(options));
    out.push_back(std::make_unique<anomaly::SeriesDetector>(options));
    out.push_back(std::make_unique<anomaly::LoginRatioDetector>(options));
    out.push_back(std::make_unique<anomaly::LogGapDetector>(options));
    out.push_back(std::make_unique<anomaly::VolumeDetector>(options));
    for (auto& detector : anomaly::network_detectors(options)) out.push_back(std::move(detector));
    sirekap::WorkflowOptions workflow;
    if (window) workflow.windows = sirekap::ChangeWindows{{*window}};
    for (auto& detector : sirekap::workflow_detectors(std::move(workflow)))
        out.push_back(std::move(detector));
    out.push_back(std::make_unique<sirekap::numbers::NumbersDetector>(sirekap::Election{}));
    if (list_csv.empty()) {
        out.push_back(std::make_unique<sirekap::published::PublishedDetector>());
        out.push_back(std::make_unique<report::ReportDetector>(report::ReportDetector::Options{}));
        return out;
    }
    auto parsed = sirekap::Register::parse(list_csv, file);
    if (!parsed) return std::unexpected(parsed.error());
    const auto list = std::make_shared<const sirekap::Register>(std::move(*parsed));
    out.push_back(std::make_unique<sirekap::published::PublishedDetector>(list));
    out.push_back(std::make_unique<sirekap::UploadDetector>(
        std::make_shared<sirekap::Coverage>(list), sirekap::UploadOptions{}));
    out.push_back(std::make_unique<report::ReportDetector>(
        report::ReportDetector::Options{report::population_of(*list), 0}));
    return out;
}

std::string filled(std::string text, std::int64_t n) {
    for (auto at = text.find("{n3}"); at != std::string::npos; at = text.find("{n3}", at))
        text.replace(at, 4, fmt::format("{:03}", n));
    for (auto at = text.find("{n}"); at != std::string::npos; at = text.find("{n}", at))
        text.replace(at, 3, fmt::format("{}", n));
    return text;
}

/// The fields of one repetition, taken by name.
class Values {
  public:
    Values(const Fields& fields, std::int64_t n) {
        for (const auto& [key, text] : fields) values_.emplace_back(key, filled(text, n));
    }
    std::string text(std::string_view key) const {
        for (const auto& [name, value] : values_)
            if (name == key) return value;
        return {};
    }
    IpAddress ip(std::string_view key) const {
        return IpAddress::parse(text(key)).value_or(IpAddress{});
    }
    template <class Number>
    Number number(std::string_view key) const {
        return parse_number<Number>(text(key)).value_or(Number{});
    }
    const Fields& all() const { return values_; }

  private:
    Fields values_;
};

Event an_event(const Values& values, Timestamp time, std::uint64_t position) {
    Event out;
    out.time = time;
    out.origin = {"sample", position};
    for (int kind = 0; kind <= static_cast<int>(EventKind::heartbeat); ++kind)
        if (name_of(static_cast<EventKind>(kind)) == values.text("kind"))
            out.kind = static_cast<EventKind>(kind);
    out.set_raw(values.text("raw"));
    for (const auto& [key, text] : values.all()) {
        if (key == "kind" || key == "raw") continue;
        if (key == "product")
            out.logsource.product = intern_text(text);
        else if (key == "category")
            out.logsource.category = intern_text(text);
        else if (const auto field = intern_field(key))
            out.set(*field, text);
    }
    return out;
}

TrafficSecond a_second(const Values& values, std::string_view what, Timestamp time) {
    TrafficSecond out;
    out.second = std::chrono::floor<std::chrono::seconds>(time);
    out.source = "sample";
    if (what == "attempt")
        out.attempts.push_back({values.ip("source"), values.ip("destination"),
                                values.number<std::uint16_t>("port"),
                                values.text("succeeded") == "true"});
    else if (what == "prefix")
        out.prefixes.push_back({values.ip("network"), values.number<std::uint8_t>("protocol"),
                                values.number<std::uint64_t>("packets"),
                                values.number<std::uint64_t>("bytes"),
                                values.number<std::uint32_t>("hosts")});
    else if (what == "reflection")
        out.reflections.push_back(
            {values.ip("victim"), values.number<std::uint64_t>("packets"),
             values.number<std::uint64_t>("unsolicited"), values.number<std::uint64_t>("bytes"),
             values.number<std::uint32_t>("reflectors"), values.number<std::uint16_t>("port"),
             values.number<std::uint64_t>("dns"), values.number<std::uint64_t>("dns_bytes")});
    else if (what == "amplifier")
        out.amplifiers.push_back(
            {values.ip("server"), values.ip("client"), values.number<std::uint16_t>("port"),
             values.number<std::uint64_t>("query_bytes"), values.number<std::uint64_t>("answers"),
             values.number<std::uint64_t>("answer_bytes")});
    else if (what == "held")
        out.held.push_back(
            {values.ip("source"), values.ip("destination"), values.number<std::uint16_t>("port"),
             values.number<std::uint32_t>("dribbling"), values.number<std::uint32_t>("silent")});
    else
        out.services.push_back(
            {values.ip("destination"), values.number<std::uint16_t>("port"),
             values.number<std::uint32_t>("syns"), values.number<std::uint32_t>("completed"),
             values.number<std::uint32_t>("ends"), values.number<std::uint32_t>("sources")});
    return out;
}

LogSecond a_log_second(const Values& values, Timestamp time, std::uint64_t position) {
    LogSecond out;
    out.second = std::chrono::floor<std::chrono::seconds>(time);
    out.source = intern_text(values.text("log"));
    out.last = {out.source, position};
    out.line = values.text("line");
    out.logins_failed = values.number<std::uint32_t>("logins_failed");
    out.logins_succeeded = values.number<std::uint32_t>("logins_succeeded");
    out.stepped_back = std::chrono::seconds{values.number<std::int64_t>("stepped_back")};
    out.ended = values.text("ended") == "true";
    LogSecond::Route route;
    route.name = std::make_shared<const std::string>(values.text("route"));
    route.requests = values.number<std::uint32_t>("requests");
    route.client_errors = values.number<std::uint32_t>("client_errors");
    route.server_errors = values.number<std::uint32_t>("server_errors");
    route.bytes = values.number<std::uint64_t>("bytes");
    for (std::uint32_t i = 0; i < route.requests && !values.text("latency_ms").empty(); ++i)
        route.latency.add(1000 * values.number<std::uint64_t>("latency_ms"));
    out.events = std::max(values.number<std::uint32_t>("lines"),
                          route.requests + out.logins_failed + out.logins_succeeded);
    if (route.requests != 0) out.routes.push_back(std::move(route));
    return out;
}

}  // namespace

Result<RuleFile::SampleResult> RuleFile::run(const Sample& sample) const {
    auto detectors = all_detectors(register_, file_, window_);
    if (!detectors) return std::unexpected(detectors.error());
    FindingsOf out{rule_->id};
    Timestamp time = *parse_rfc3339("2024-11-27T06:00:00Z");
    std::uint64_t position = 0;
    const auto hand_over = [&](const Values& values, const Step& step) {
        const Event event = an_event(values, time, ++position);
        const TrafficSecond second = a_second(values, step.what, time);
        const LogSecond log = a_log_second(values, time, position);
        for (auto& detector : *detectors) {
            detector->advance(time, out);
            if (step.what == "second")
                detector->inspect(log, out);
            else if (step.what != "event")
                detector->inspect(second, out);
            else if (detector->wants(event.kind))
                detector->inspect(event, out);
        }
    };
    for (const Step& step : sample.steps) {
        if (step.at) time = *step.at;
        for (std::int64_t n = 1; n <= step.repeat; ++n) {
            hand_over(Values{step.fields, n}, step);
            time += Duration{static_cast<std::int64_t>(step.every_seconds * 1e9)};
        }
    }
    for (auto& detector : *detectors) detector->advance(time + std::chrono::hours{1}, out);
    return SampleResult{sample.name, sample.fires, std::move(out.all)};
}

Result<std::vector<RuleFile::SampleResult>> RuleFile::run_samples() const {
    std::vector<SampleResult> out;
    for (const Sample& sample : samples_) {
        auto result = run(sample);
        if (!result) return std::unexpected(result.error());
        out.push_back(std::move(*result));
    }
    return out;
}

RuleStatus check_rule_file(std::string_view toml, std::string_view file) {
    RuleStatus out{std::string(file), {}, {}, RuleStatus::State::failed, {}};
    const auto parsed = RuleFile::parse(toml, file);
    if (!parsed) {
        out.reason = parsed.error().message;
        return out;
    }
    out.engine = name_of(parsed->rule()->ruleset);
    out.rule = parsed->rule()->name;
    out.state = RuleStatus::State::ok;
    return out;
}

}  // namespace kentongan
