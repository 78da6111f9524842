// Suricata's EVE log (docs.suricata.io, "Eve JSON Format"; 4 to 8): alerts become notices, protocol
// records events of their kind. Every value has its ECS name or is kept as suricata.eve.<path>.
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "collectors/egress.hpp"
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/eve_fields.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

std::string_view text_in(const json::value& value) {
    const auto* text = value.if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

const json::object* object_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value == nullptr ? nullptr : value->if_object();
}

bool has_detailed_answers(const json::object& record) {
    const auto* dns = object_in(record, "dns");
    return dns != nullptr && (dns->contains("answers") || dns->contains("rdata"));
}

/// FTP's PASS: the password is kept neither as a field nor in the raw record.
bool says_password(const json::object& record) {
    const auto* ftp = object_in(record, "ftp");
    return ftp != nullptr && equals_ignoring_case(text_of(*ftp, "command"), "PASS");
}

std::string without_password(const json::object& record) {
    json::object harmless = record;
    harmless["ftp"].as_object()["command_data"] = "-";
    return json::serialize(harmless);
}

class EveFormat final : public Format {
  public:
    /// A `stats` record is no event: the sensor's counters, every eight seconds.
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* record = json_.read(line);
        if (record == nullptr) return ParseResult::unparsed;
        const auto event_type = text_of(*record, "event_type");
        const auto time = parse_rfc3339(text_of(*record, "timestamp"), context.zone);
        if (event_type.empty() || !time) return ParseResult::unparsed;
        if (event_type == "stats") return ParseResult::blank;
        out.time = *time;
        grouped_ = !has_detailed_answers(*record);
        const bool login = says_password(*record);
        const auto visit = [&](std::string_view path, const json::value& value) {
            if (!login || path != "ftp.command_data") set(path, value, context, out);
        };
        Flattening{context, path_, visit}.walk(*record);
        complete_web(out);
        classify(eve_type(event_type), out);
        if (login) out.set_raw(without_password(*record));
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {{}, "suricata", {}}; }
    std::string_view name() const override { return "eve"; }

  private:
    void set(std::string_view path, const json::value& value, ParseContext& context, Event& out) {
        if (const EveField* row = eve_field(path)) return set_known(*row, value, out);
        if (grouped_ && path.starts_with("dns.grouped."))
            set_value(Field::dns_answers_data, value, out);
        name_ = "suricata.eve.";
        name_ += path;
        set_unmapped(name_, value, context, out);
    }

    void set_known(const EveField& row, const json::value& value, Event& out) {
        const auto text = text_in(value);
        switch (row.how) {
            case EveConversion::copy:
                return set_value(row.field, value, out);
            case EveConversion::lower:
                name_.assign(text.substr(0, kMaximumPath));
                std::ranges::transform(name_, name_.begin(), ascii_lower);
                return out.set(row.field, std::string_view(name_));
            case EveConversion::http_version:
                return out.set(row.field, text.starts_with("HTTP/") ? text.substr(5) : text);
            case EveConversion::seconds:
                if (const auto* age = value.if_int64();
                    age != nullptr && *age >= 0 && *age < 1'000'000'000)
                    out.set(row.field, *age * 1'000'000'000);
                return;
            case EveConversion::dns_type:
                if (text == "request") return out.set(row.field, "query");
                return out.set(row.field, text == "response" ? "answer" : text);
            case EveConversion::skip:
                return;
        }
    }

    void complete_web(Event& out) {
        if (!out.has(Field::url_original)) return;
        name_.assign(out.text(Field::url_original));  // a copy: setting moves the bytes
        set_url_parts(name_, out);
        if (const auto status = out.integer(Field::http_response_status_code))
            out.set(Field::event_outcome, *status < 400 ? "success" : "failure");
    }

    static void classify(const EveType& type, Event& out) {
        out.kind = type.kind;
        out.logsource = {type.category, "suricata", type.name};
        if (type.kind == EventKind::web && is_egress(out)) out.logsource.category = "proxy";
        if (!type.network.empty()) out.also = {"network", {}, type.network};
        if (const auto source = out.ip(Field::source_ip))
            out.set(Field::network_type, source->is_v4() ? "ipv4" : "ipv6");
        if (type.kind == EventKind::notice) out.set(Field::event_category, "intrusion_detection");
        if (!out.has(Field::network_protocol) && type.kind != EventKind::notice &&
            type.kind != EventKind::conn && type.kind != EventKind::log)
            out.set(Field::network_protocol, type.name);
    }

    JsonLine json_;
    std::string path_;
    std::string name_;
    bool grouped_ = false;  // answers are listed by type only
};

}  // namespace

bool is_eve(std::string_view line) {
    return line.starts_with('{') && line.find("\"event_type\":\"") != std::string_view::npos &&
           line.find("\"timestamp\":\"") != std::string_view::npos &&
           (line.find("\"src_ip\":\"") != std::string_view::npos ||
            line.find("\"event_type\":\"stats\"") != std::string_view::npos);
}

std::unique_ptr<Format> make_eve(const FormatOptions&) { return std::make_unique<EveFormat>(); }

}  // namespace kentongan::log
