#include "collectors/log/formats/application.hpp"

#include <algorithm>

#include "collectors/log/formats/database.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

void set_application(std::string_view product, std::string_view record, Event& out) {
    const auto mentions = [&](std::string_view sign) {
        return record.find(sign) != std::string_view::npos;
    };
    out.logsource = {"application", product, {}};
    if (product == "jvm" && mentions("org.springframework"))
        out.also = {"application", "spring", {}};
    else if (product == "jvm" && mentions("org.apache.velocity"))
        out.also = {"application", "velocity", {}};
    else if (product == "python" && mentions("django"))
        out.also = {"application", "django", {}};
    else
        out.also = {"application", "sql", {}};
}

void set_origin(std::string_view place, Event& out) {
    const auto colon = place.rfind(':');
    const auto line = colon == std::string_view::npos
                          ? std::nullopt
                          : parse_number<std::int64_t>(place.substr(colon + 1));
    set_once(Field::log_origin_file_name, line ? place.substr(0, colon) : place, out);
    if (line && !out.has(Field::log_origin_file_line)) out.set(Field::log_origin_file_line, *line);
}

void set_exception(std::string_view trace, Event& out) {
    const auto first = take_until(trace, '\n');
    const auto colon = std::min(first.find(':'), first.size());
    const auto name = first.substr(0, colon);
    if (name.empty() || name.find(' ') != std::string_view::npos) return;
    set_once(Field::error_type, name, out);
    set_once(Field::error_message, trim(first.substr(std::min(colon + 1, first.size()))), out);
}

bool ApplicationJson::read(std::string_view line, ParseContext& context, Event& out) {
    const auto* object = json_.read(line);
    if (object == nullptr) return false;
    best_time_ = std::ssize(preset_.time_paths);
    const auto visit = [&](std::string_view path, const json::value& value) {
        if (!set_time(path, value, context, out)) set(path, value, context, out);
    };
    Flattening{context, path_, visit}.walk(*object);
    if (!out.has(Field::message) || !out.has(Field::log_level)) return false;
    set_error(out);
    set_application(preset_.product, line, out);
    complete(out);
    return true;
}

void ApplicationJson::set_error(Event& out) {
    if (preset_.product != "jvm" && preset_.product != "python") return;
    std::string_view trace = out.text(Field::error_stack_trace);
    if (preset_.product == "python") {
        while (trace.ends_with('\n')) trace.remove_suffix(1);
        trace.remove_prefix(trace.rfind('\n') + 1);
    }
    path_.assign(trace);  // a copy: setting moves the bytes
    set_exception(path_, out);
}

/// Python's logging writes "16:31:05,120".
std::optional<Timestamp> ApplicationJson::time_with_comma(const json::value& value,
                                                          const ParseContext& context) {
    const auto* text = value.if_string();
    if (text == nullptr || text->size() != 23 || (*text)[19] != ',') return std::nullopt;
    std::array<char, 23> stamp{};
    std::ranges::copy(*text, stamp.begin());
    stamp[19] = '.';
    return parse_rfc3339({stamp.data(), stamp.size()}, context.zone);
}

bool ApplicationJson::set_time(std::string_view path, const json::value& value,
                               const ParseContext& context, Event& out) {
    const auto found = std::ranges::find(preset_.time_paths, path);
    const auto rank = found - preset_.time_paths.begin();
    if (found == preset_.time_paths.end()) return false;
    auto time = time_of(value, context.zone);
    if (!time) time = time_with_comma(value, context);
    if (!time) return false;
    if (rank < best_time_) {
        best_time_ = rank;
        out.time = *time;
    }
    return true;
}

void ApplicationJson::set(std::string_view path, const json::value& value, ParseContext& context,
                          Event& out) {
    const auto row = std::ranges::find(preset_.rows, path, &ApplicationPreset::Row::path);
    if (row == preset_.rows.end()) return set_unmapped(path, value, context, out);
    const auto* text = value.if_string();
    if (row->field == Field::log_origin_file_name && text != nullptr)
        return set_origin({text->data(), text->size()}, out);
    set_value(row->field, value, out);
}

namespace {

class PresetFormat final : public Format {
  public:
    PresetFormat(std::string_view name, const ApplicationPreset& preset)
        : name_(name), preset_(preset), json_(preset) {}

    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        return json_.read(line, context, out) ? ParseResult::parsed : ParseResult::unparsed;
    }
    LogSource logsource() const override { return {"application", preset_.product, {}}; }
    std::string_view name() const override { return name_; }

  private:
    std::string_view name_;
    const ApplicationPreset& preset_;
    ApplicationJson json_;
};

}  // namespace

std::unique_ptr<Format> make_preset(std::string_view name, const ApplicationPreset& preset) {
    return std::make_unique<PresetFormat>(name, preset);
}

}  // namespace kentongan::log
