// Recognises an input's format by its lines and keeps to it; twenty lines in a row that do not fit
// make it look again.
#include <algorithm>
#include <array>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/signs.hpp"

namespace kentongan::log {

namespace {

constexpr unsigned kPatience = 20;

/// A line, the object on it if it is one, and where it is from.
struct Look {
    std::string_view line;
    const json::object* object;
    std::string_view path;
};

/// A format and how a line shows to be of it. The first row that fits decides.
struct Row {
    std::string_view format;
    bool (*fits)(const Look&);
};

bool has(const Look& look, std::string_view key) { return look.object->contains(key); }

template <class... Keys>
bool has_any(const Look& look, Keys... keys) {
    return (has(look, keys) || ...);
}

bool is_sirekap(const Look& look) {
    const auto event = text_of(*look.object, "event");
    for (const std::string_view prefix :
         {"formc-image.", "auth.", "dokumen.", "wilayah.", "info.", "formd-", "rekap.", "admin."})
        if (event.starts_with(prefix)) return has_any(look, "account", "kodeTps", "http");
    return false;
}

bool is_zeek(const Look& look) {
    return has(look, "_path") ||
           (has(look, "ts") && has_any(look, "uid", "id.orig_h", "id_orig_h", "fuid", "note"));
}

bool is_routed(const Look& look) {
    const auto* source = look.object->if_contains("logsource");
    return source != nullptr && source->is_object();
}

/// The two servers' access logs look the same: the path decides (Debian's and Red Hat's names).
bool is_apaches(const Look& look) {
    return std::ranges::any_of(std::array<std::string_view, 3>{"apache", "httpd", "vhost"},
                               [&](auto sign) { return look.path.contains(sign); });
}

/// Lines that are a JSON object.
constexpr Row kObjects[] = {
    {"container", [](const Look& l) { return is_container(l.line); }},
    {"events", is_routed},
    {"journal", [](const Look& l) { return has(l, "__REALTIME_TIMESTAMP"); }},
    {"zeek", is_zeek},
    {"sirekap", is_sirekap},
    {"apache", [](const Look& l) { return is_apaches(l) && is_access_object(*l.object); }},
    {"nginx", [](const Look& l) { return is_access_object(*l.object); }},
    {"json", [](const Look&) { return true; }},
};

/// All other lines.
constexpr Row kLines[] = {
    {"container", [](const Look& l) { return is_container(l.line); }},
    {"audit", [](const Look& l) { return is_audit(l.line); }},
    {"nginx", [](const Look& l) { return is_nginx_error(l.line); }},
    {"apache", [](const Look& l) { return is_apache_error(l.line); }},
    {"cef", [](const Look& l) { return is_cef(l.line); }},
    {"syslog", [](const Look& l) { return is_syslog(l.line); }},
    {"apache", [](const Look& l) { return is_apaches(l) && is_access(l.line); }},
    {"nginx", [](const Look& l) { return is_access(l.line); }},
};

class AutoFormat final : public Format {
  public:
    explicit AutoFormat(const FormatOptions& options) : options_(options) {
        if (!options.resumed.empty() && options.resumed != "auto") settle(options.resumed);
    }

    Fit fit(std::string_view line) override {
        if (!settled_) settle(recognise(line));
        return settled_ ? settled_->fit(line) : Fit::alone;
    }
    void forget() override {
        if (settled_) settled_->forget();
    }
    ParseResult parse(std::string_view record, ParseContext& context, Event& out) override {
        if (!settled_) settle(recognise(record));
        if (!settled_) return ParseResult::unparsed;
        const auto result = settled_->parse(record, context, out);
        failures_ = result == ParseResult::unparsed ? failures_ + 1 : 0;
        if (failures_ < kPatience) return result;
        failures_ = 0;
        const auto other = recognise(record);
        if (other.empty() || other == settled_->name()) return result;
        settle(other);
        out.clear();
        out.set_raw(record);
        return settled_->parse(record, context, out);
    }
    bool another(ParseContext& context, Event& out) override {
        return settled_ && settled_->another(context, out);
    }
    LogSource logsource() const override { return settled_ ? settled_->logsource() : LogSource{}; }
    std::string_view name() const override { return settled_ ? settled_->name() : "auto"; }

  private:
    void settle(std::string_view name) {
        if (name.empty()) return;
        if (auto format = make_format(name, options_)) settled_ = std::move(*format);
    }

    /// The name of the format the record's first line is of; empty for none.
    std::string_view recognise(std::string_view record) {
        Look look{record.substr(0, record.find('\n')), nullptr, options_.path};
        std::span<const Row> rows = kLines;
        if (look.line.starts_with('{')) {
            look.object = json_.read(look.line);
            if (look.object == nullptr) return {};
            rows = kObjects;
        }
        const auto found = std::ranges::find_if(rows, [&](const Row& row) {
            return row.fits(look) && !(options_.nested && row.format == "container");
        });
        return found == rows.end() ? std::string_view{} : found->format;
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
