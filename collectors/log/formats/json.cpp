// JSON lines of any shape (`json`), and events that already bear our names (`events`).
#include <algorithm>
#include <array>
#include <set>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"

namespace kentongan::log {

namespace {

/// Keys that hold a line's time, the best first.
constexpr std::array<std::string_view, 4> kTimeKeys{"@timestamp", "timestamp", "time", "ts"};
constexpr std::array<std::string_view, 7> kEventTimeKeys{
    "@timestamp", "UtcTime", "timestamp", "time", "ts", "EventTime", "TimeCreated"};

/// Keeps the time under the best key seen so far.
class TimeChoice {
  public:
    TimeChoice(std::span<const std::string_view> keys, const ParseContext& context, Event& out)
        : keys_(keys), zone_(context.zone), out_(out) {}

    /// True when the value was a time, so that it is no field as well.
    bool take(std::string_view path, const json::value& value) {
        const auto found = std::ranges::find(keys_, path);
        if (found == keys_.end()) return false;
        // Sysmon's UtcTime states no zone because it is always UTC.
        const auto time = time_of(value, path == "UtcTime" ? std::chrono::seconds{0} : zone_);
        if (!time) return false;
        const auto rank = found - keys_.begin();
        if (rank < rank_) {
            rank_ = rank;
            out_.time = *time;
        }
        return true;
    }

  private:
    std::span<const std::string_view> keys_;
    std::chrono::seconds zone_;
    Event& out_;
    std::ptrdiff_t rank_ = 100;
};

class JsonFormat final : public Format {
  public:
    explicit JsonFormat(const FormatOptions& options) {
        for (const auto& [path, name] : options.fields) {
            if (name == "@timestamp")
                time_path_ = path;
            else if (const auto field = intern_field(name))
                fields_.emplace(path, *field);
        }
    }

    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* object = json_.read(line);
        if (object == nullptr) return ParseResult::unparsed;
        TimeChoice time{kTimeKeys, context, out};
        std::optional<Timestamp> mapped;
        const auto visit = [&](std::string_view path, const json::value& value) {
            if (path == time_path_ && (mapped = time_of(value, context.zone))) return;
            if (const auto found = fields_.find(path); found != fields_.end())
                set_value(found->second, value, out);
            else if (!time.take(path, value))
                set_unmapped(path, value, context, out);
        };
        Flattening{context, path_, visit}.walk(*object);
        if (mapped) out.time = *mapped;
        complete(out);
        return ParseResult::parsed;
    }
    std::string_view name() const override { return "json"; }

  private:
    JsonLine json_;
    std::string path_;
    std::string time_path_;
    std::map<std::string, Field, std::less<>> fields_;
};

std::optional<EventKind> kind_named(std::string_view name) {
    // A heartbeat is ours alone: none may come in from outside.
    for (auto kind = EventKind::log; kind < EventKind::heartbeat;
         kind = static_cast<EventKind>(static_cast<int>(kind) + 1))
        if (name_of(kind) == name) return kind;
    return std::nullopt;
}

/// Sigma's names for whom and what an event is about, beside which the ECS field is set too, so
/// that alerts name their subject. The given names stay for the rules.
struct Alias {
    std::string_view sigma;
    Field ecs;
};
constexpr std::array kSubjects{Alias{"c-ip", Field::source_ip},
                               Alias{"src_ip", Field::source_ip},
                               Alias{"SourceIp", Field::source_ip},
                               Alias{"id.orig_h", Field::source_ip},
                               Alias{"src_port", Field::source_port},
                               Alias{"dst_ip", Field::destination_ip},
                               Alias{"DestinationIp", Field::destination_ip},
                               Alias{"id.resp_h", Field::destination_ip},
                               Alias{"dst_port", Field::destination_port},
                               Alias{"DestinationPort", Field::destination_port},
                               Alias{"cs-username", Field::user_name},
                               Alias{"User", Field::user_name},
                               Alias{"TargetFilename", Field::file_path},
                               Alias{"Computer", Field::host_hostname},
                               Alias{"cs-uri", Field::url_original}};

class EventsFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* object = json_.read(line);
        if (object == nullptr) return ParseResult::unparsed;
        const auto* source = object->if_contains("logsource");
        const bool routed = source != nullptr && source->is_object();
        if (routed) set_logsource(source->get_object(), out);
        const auto kind = kind_named(text_of(*object, "kind"));
        if (kind) out.kind = *kind;
        TimeChoice time{kEventTimeKeys, context, out};
        const auto visit = [&](std::string_view path, const json::value& value) {
            if (routed && path.starts_with("logsource.")) return;
            if (kind && path == "kind") return;
            for (const auto& [sigma, ecs] : kSubjects)
                if (path == sigma && !object->contains(name_of(ecs))) set_value(ecs, value, out);
            if (!time.take(path, value)) set_unmapped(path, value, context, out);
        };
        Flattening{context, path_, visit}.walk(*object);
        complete(out);
        return ParseResult::parsed;
    }
    std::string_view name() const override { return "events"; }

  private:
    /// Log sources live as long as the process, so input may name only so many.
    static constexpr std::size_t kMaximumTexts = 1024;

    std::string_view lasting(std::string_view text) {
        if (text.empty()) return {};
        if (const auto found = texts_.find(text); found != texts_.end()) return *found;
        if (texts_.size() >= kMaximumTexts || text.size() > kMaximumPath) return {};
        return *texts_.insert(intern_text(text)).first;
    }
    void set_logsource(const json::object& source, Event& out) {
        out.logsource = {lasting(text_of(source, "category")), lasting(text_of(source, "product")),
                         lasting(text_of(source, "service"))};
    }

    JsonLine json_;
    std::string path_;
    std::set<std::string_view> texts_;
};

}  // namespace

std::unique_ptr<Format> make_json(const FormatOptions& options) {
    return std::make_unique<JsonFormat>(options);
}
std::unique_ptr<Format> make_events(const FormatOptions&) {
    return std::make_unique<EventsFormat>();
}

}  // namespace kentongan::log
