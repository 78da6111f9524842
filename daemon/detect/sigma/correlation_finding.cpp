// One sentence, the group as entity, a few pieces of evidence.
#include "daemon/detect/sigma/correlation_finding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kFirstShown = 3;
constexpr std::size_t kLastShown = 5;
constexpr std::size_t kShownBytes = 120;

std::string shown(std::string_view text) { return printable_utf8(text, kShownBytes); }

/// " (source.ip 203.0.113.9, user.name budi)"; nothing without a group.
std::string group_words(const Correlation& correlation, const std::vector<std::string>& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i)
        out += fmt::format("{}{} {}", i == 0 ? " (" : ", ", shown(correlation.syntax.group_by[i]),
                           shown(values[i]));
    return values.empty() ? out : out + ")";
}

std::string entity_of(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) out += (out.empty() ? "" : " | ") + shown(value);
    return values.empty() ? "all" : out;
}

std::string measured(const CorrelationSyntax& syntax, double value) {
    const std::string field =
        syntax.fields.empty() ? "" : shown(fmt::format("{}", fmt::join(syntax.fields, " + ")));
    const auto& span = syntax.timespan_text;
    switch (syntax.type) {
        case CorrelationType::event_count:
            return fmt::format("{} event{} within {}", value, value == 1 ? "" : "s", span);
        case CorrelationType::value_count:
            return fmt::format("{} different values of {} within {}", value, field, span);
        case CorrelationType::temporal:
            return fmt::format("{} of {} rules matched within {}", value, syntax.rules.size(),
                               span);
        case CorrelationType::temporal_ordered:
            return fmt::format("{} of {} rules matched in order within {}", value,
                               syntax.rules.size(), span);
        case CorrelationType::value_sum:
            return fmt::format("{} adds up to {} within {}", field, value, span);
        case CorrelationType::value_avg:
            return fmt::format("the average of {} is {:.6g} over {}", field, value, span);
        case CorrelationType::value_percentile:
            return fmt::format("percentile {} of {} is {} over {}", syntax.percentile, field, value,
                               span);
    }
    return {};
}

template <class T>
void keep_common(T& out, const T& other) {
    if (out != other) out = {};
}

void keep_common(Subject& out, const Subject& other) {
    keep_common(out.source_ip, other.source_ip);
    keep_common(out.source_port, other.source_port);
    keep_common(out.destination_ip, other.destination_ip);
    keep_common(out.destination_port, other.destination_port);
    keep_common(out.user, other.user);
    keep_common(out.host, other.host);
    keep_common(out.file_path, other.file_path);
    keep_common(out.file_sha256, other.file_sha256);
    keep_common(out.url, other.url);
    keep_common(out.tps, other.tps);
    keep_common(out.area, other.area);
}

Finding finding_about(const Correlation& correlation, const std::vector<std::string>& values,
                      const Hit& newest) {
    Finding out;
    out.rule = correlation.rule;
    out.time = newest.time;
    out.entity = entity_of(values);
    out.subject = newest.subject();
    out.lasts = correlation.syntax.timespan;
    return out;
}

}  // namespace

std::vector<std::string> group_values(const Correlation& correlation, const Feed& feed,
                                      const Hit& hit) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < correlation.syntax.group_by.size(); ++i)
        out.push_back(hit.values[feed.group[i]].value_or("-"));
    return out;
}

Finding fired_finding(const Correlation& correlation, const Feed& feed,
                      const std::vector<std::shared_ptr<const Hit>>& hits, double value,
                      std::uint64_t count) {
    const auto values = group_values(correlation, feed, *hits.back());
    Finding out = finding_about(correlation, values, *hits.back());
    for (const auto& hit : hits) keep_common(out.subject, hit->subject());
    for (std::size_t i = 0; i < hits.size(); ++i)
        if (i < kFirstShown || i + kLastShown >= hits.size())
            out.evidence.push_back(hits[i]->evidence());
    out.count = count;
    out.message =
        fmt::format("{}: {}{}", correlation.rule->name, measured(correlation.syntax, value),
                    group_words(correlation, values));
    return out;
}

Finding again_finding(const Correlation& correlation, const Feed& feed, const Hit& hit,
                      std::uint64_t more, std::uint64_t total) {
    const auto values = group_values(correlation, feed, hit);
    Finding out = finding_about(correlation, values, hit);
    out.evidence.push_back(hit.evidence());
    out.count = more;
    out.message =
        fmt::format("{}: goes on, {} more event{} since it began{}", correlation.rule->name, total,
                    total == 1 ? "" : "s", group_words(correlation, values));
    return out;
}

}  // namespace kentongan::sigma
