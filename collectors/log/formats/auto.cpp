// Recognises an input's format by its lines and keeps to it; twenty lines in a row that do not fit
// make it look again.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"

namespace kentongan::log {

namespace {

constexpr unsigned kPatience = 20;

bool looks_like_sirekap(const json::object& object) {
    const auto event = text_of(object, "event");
    for (const std::string_view prefix :
         {"formc-image.", "auth.", "dokumen.", "wilayah.", "info.", "formd-", "rekap.", "admin."})
        if (event.starts_with(prefix))
            return object.contains("account") || object.contains("kodeTps") ||
                   object.contains("http");
    return false;
}

bool looks_like_zeek(const json::object& object) {
    if (object.contains("_path")) return true;
    if (!object.contains("ts")) return false;
    for (const std::string_view key : {"uid", "id.orig_h", "id_orig_h", "fuid", "note"})
        if (object.contains(key)) return true;
    return false;
}

std::string_view json_format(const json::object& object) {
    if (looks_like_zeek(object)) return "zeek";
    if (looks_like_sirekap(object)) return "sirekap";
    const auto* source = object.if_contains("logsource");
    return source != nullptr && source->is_object() ? "events" : "json";
}

class AutoFormat final : public Format {
  public:
    explicit AutoFormat(const FormatOptions& options) : options_(options) {
        if (!options.resumed.empty() && options.resumed != "auto") settle(options.resumed);
    }

    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        if (!settled_) settle(recognise(line, context));
        if (!settled_) return ParseResult::unparsed;
        auto result = settled_->parse(line, context, out);
        failures_ = result == ParseResult::unparsed ? failures_ + 1 : 0;
        if (failures_ < kPatience) return result;
        failures_ = 0;
        const auto other = recognise(line, context);
        if (other.empty() || other == settled_->name()) return result;
        settle(other);
        out.clear();
        out.set_raw(line);
        return settled_->parse(line, context, out);
    }
    LogSource logsource() const override { return settled_ ? settled_->logsource() : LogSource{}; }
    std::string_view name() const override { return settled_ ? settled_->name() : "auto"; }

  private:
    void settle(std::string_view name) {
        if (name.empty()) return;
        if (auto format = make_format(name, options_)) settled_ = std::move(*format);
    }

    /// The name of the format this line is of; empty for none.
    std::string_view recognise(std::string_view line, const ParseContext& context) {
        if (line.starts_with('{')) {
            const auto* object = json_.read(line);
            return object == nullptr ? std::string_view{} : json_format(*object);
        }
        for (const std::string_view name : {std::string_view{"syslog"}, access_format()}) {
            ParseContext trial = context;
            Event event;
            if ((*make_format(name, options_))->parse(line, trial, event) == ParseResult::parsed)
                return name;
        }
        return {};
    }

    /// The two servers' logs look the same: the path decides (Debian's and Red Hat's names).
    std::string_view access_format() const {
        for (const std::string_view sign : {"apache", "httpd", "vhost"})
            if (options_.path.find(sign) != std::string::npos) return "apache";
        return "nginx";
    }

    FormatOptions options_;
    JsonLine json_;
    std::unique_ptr<Format> settled_;
    unsigned failures_ = 0;
};

}  // namespace

std::unique_ptr<Format> make_auto(const FormatOptions& options) {
    return std::make_unique<AutoFormat>(options);
}

}  // namespace kentongan::log
