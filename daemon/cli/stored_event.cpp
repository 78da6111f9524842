// From an excerpt back to fields.
#include "daemon/cli/stored_event.hpp"

#include "collectors/log/read_text.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/detect/sigma/event_reader.hpp"

namespace kentongan::cli {

namespace {

const LogSettings* settings_of(const std::string& source, const Config& config) {
    for (const auto& [name, settings] : config.log)
        if (settings.path == source) return &settings;
    return nullptr;
}

void complete(LogSource& logsource, const LogSettings& settings) {
    if (logsource.category.empty()) logsource.category = intern_text(settings.category);
    if (logsource.product.empty()) logsource.product = intern_text(settings.product);
    if (logsource.service.empty()) logsource.service = intern_text(settings.service);
}

/// What to_json(Event) made for a record that had no raw form.
bool is_event_json(std::string_view text) {
    return text.starts_with("{\"@timestamp\":") && text.find("\"kind\":") != text.npos;
}

}  // namespace

Result<std::vector<Event>> events_of(const Evidence& evidence, const Config& config) {
    if (sha256_hex(evidence.excerpt) != evidence.sha256)
        return fail(ErrorCode::data, "the record was longer than its excerpt, or not all text");
    if (is_event_json(evidence.excerpt)) {
        auto event = sigma::read_event(evidence.excerpt);
        if (event) return std::vector{std::move(*event)};
    }
    const LogSettings* settings = settings_of(evidence.source, config);
    const bool json_events = settings == nullptr && evidence.excerpt.starts_with('{');
    auto events = log::read_text(settings != nullptr ? settings->format
                                 : json_events       ? "events"
                                                     : "auto",
                                 evidence.excerpt, evidence.source);
    if (!events) return std::unexpected(events.error());
    if (events->empty()) return fail(ErrorCode::data, "the record is no event");
    if (settings != nullptr)
        for (Event& event : *events) complete(event.logsource, *settings);
    return events;
}

}  // namespace kentongan::cli
