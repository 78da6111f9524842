// The log of the Sirekap application: JSON lines, one API call each. README.md beside this file
// gives the layout, which is ours: no public one exists.
#include <algorithm>
#include <array>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

struct Mapping {
    std::string_view path;
    Field field;
};
constexpr std::array kMappings{
    Mapping{"level", Field::log_level},
    Mapping{"message", Field::message},
    Mapping{"event", Field::event_action},
    Mapping{"requestId", Field::http_request_id},
    Mapping{"device", Field::sirekap_device},
    Mapping{"ip", Field::source_ip},
    Mapping{"jenisImage", Field::sirekap_form},
    Mapping{"noLembar", Field::sirekap_page},
    Mapping{"idImage", Field::sirekap_image},
    Mapping{"namaFile", Field::file_name},
    Mapping{"bytes", Field::http_request_body_bytes},
    Mapping{"contentType", Field::http_request_mime_type},
    Mapping{"body", Field::http_request_body_content},
    Mapping{"http.method", Field::http_request_method},
    Mapping{"http.status", Field::http_response_status_code},
    Mapping{"http.userAgent", Field::user_agent_original},
    Mapping{"http.bytes", Field::http_response_body_bytes},
};

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

/// What an account did to whom and from where, as far as its server logs it.
const std::array kActs{
    Mapping{"session", named("sirekap.session")},
    Mapping{"scope", named("sirekap.scope")},
    Mapping{"area", Field::sirekap_area},
    Mapping{"role", named("user.roles")},
    Mapping{"targetAccount", Field::user_target_name},
    Mapping{"targetRole", named("sirekap.target_role")},
    Mapping{"approver", named("sirekap.approver")},
    Mapping{"reason", Field::event_reason},
    Mapping{"statusFrom", named("sirekap.status_from")},
    Mapping{"statusTo", named("sirekap.status_to")},
    Mapping{"object", Field::db_object},
    Mapping{"rows", Field::db_rows},
    Mapping{"subject", named("sirekap.subject")},
    Mapping{"deviceKnown", named("sirekap.device_known")},
    Mapping{"attested", named("sirekap.app_attested")},
    Mapping{"asn", named("source.as.number")},
    Mapping{"country", named("source.geo.country_iso_code")},
    Mapping{"ageSeconds", named("sirekap.age_seconds")},
    Mapping{"offline", named("sirekap.offline")},
    Mapping{"sinceOpenMs", named("sirekap.since_open_ms")},
};

/// The service a call belongs to, by the first part of its event's name.
std::string_view service_of(std::string_view event) {
    static constexpr std::array<std::array<std::string_view, 2>, 10> kServices{
        {{"auth.", "auth"},
         {"otp.", "auth"},
         {"formc-image.", "upload"},
         {"dokumen.", "upload"},
         {"formd-", "recap"},
         {"rekap.", "recap"},
         {"recap.", "recap"},
         {"tps.", "recap"},
         {"admin.", "admin"},
         {"db.", "admin"}}};
    for (const auto& [prefix, service] : kServices)
        if (event.starts_with(prefix)) return service;
    return {};
}

std::string_view service_named(std::string_view name) {
    for (const std::string_view known : {"upload", "auth", "admin", "recap"})
        if (known == name) return known;
    return {};
}

/// Province to TPS in 13 digits (2 + 2 + 2 + 4 + 3); no level is number zero.
bool is_tps_code(std::string_view code) {
    if (code.size() != 13) return false;
    for (const char c : code)
        if (!is_digit(c)) return false;
    return code[0] != '0' && code.substr(2, 2) != "00" && code.substr(4, 2) != "00" &&
           code.substr(6, 4) != "0000" && code.substr(10) != "000";
}

std::int64_t status_of(const json::object& call) {
    const auto* http = call.if_contains("http");
    const auto* object = http == nullptr ? nullptr : http->if_object();
    const auto* status = object == nullptr ? nullptr : object->if_contains("status");
    const auto* number = status == nullptr ? nullptr : status->if_int64();
    return number == nullptr ? 0 : *number;
}

bool is_success(std::int64_t status) { return status >= 200 && status < 300; }

class SirekapFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* call = json_.read(line);
        if (call == nullptr) return ParseResult::unparsed;
        const auto visit = [&](std::string_view path, const json::value& value) {
            if (!set_special(path, value, context, out)) set(path, value, context, out);
        };
        Flattening{context, path_, visit}.walk(*call);
        classify(*call, out);
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {{}, "sirekap", {}}; }
    std::string_view name() const override { return "sirekap"; }

  private:
    static void set(std::string_view path, const json::value& value, ParseContext& context,
                    Event& out) {
        for (const auto& [known, field] : kMappings)
            if (known == path) return set_value(field, value, out);
        for (const auto& [known, field] : kActs)
            if (known == path) return set_value(field, value, out);
        set_unmapped(path, value, context, out);
    }

    /// Keys that are more than a renamed value.
    static bool set_special(std::string_view path, const json::value& value, ParseContext& context,
                            Event& out) {
        if (path == "time") return set_time(value, context, out);
        if (path == "service") return value.is_string() && !service_named(text(value)).empty();
        if (path == "duration_ms" && value.is_number()) {
            const double ms = value.to_number<double>();
            if (!(ms >= 0 && ms < 1e12)) return false;
            out.set(Field::event_duration, static_cast<std::int64_t>(ms * 1e6));
            return true;
        }
        if (!value.is_string()) return false;
        if (path == "kodeTps" && is_tps_code(text(value))) {
            out.set(Field::sirekap_tps, text(value));
        } else if (path == "account") {
            out.set(Field::sirekap_account, text(value));
            out.set(Field::user_name, text(value));
        } else if (path == "fileHash") {
            set_hash(text(value), out);
        } else if (path == "http.route") {
            set_url(text(value), out);
        } else {
            return false;
        }
        return true;
    }
    /// Hex in lower case, so that equal hashes are equal text.
    static void set_hash(std::string_view hash, Event& out) {
        std::array<char, 128> lower{};
        if (hash.size() > lower.size()) return out.set(Field::sirekap_file_hash, hash);
        std::ranges::transform(hash, lower.begin(), ascii_lower);
        out.set(Field::sirekap_file_hash, std::string_view(lower.data(), hash.size()));
    }
    static bool set_time(const json::value& value, const ParseContext& context, Event& out) {
        const auto time = time_of(value, context.zone);
        if (time) out.time = *time;
        return time.has_value();
    }
    static std::string_view text(const json::value& value) {
        return {value.get_string().data(), value.get_string().size()};
    }

    static void classify(const json::object& call, Event& out) {
        const auto event = text_of(call, "event");
        auto service = service_named(text_of(call, "service"));
        if (service.empty()) service = service_of(event);
        const bool has_url = out.has(Field::url_path);
        // With a URL the webserver rules look at the call as well.
        out.logsource = {has_url ? "webserver" : "", "sirekap", service};
        out.kind = has_url ? EventKind::web : EventKind::log;
        const auto status = status_of(call);
        if (event == "formc-image.upload" && is_success(status) && out.has(Field::sirekap_tps))
            out.kind = EventKind::upload;
        // A login that met a server error says nothing about the password.
        if (event == "auth.login" && status < 500) {
            out.kind = EventKind::auth;
            out.set(Field::event_category, "authentication");
        }
        const auto outcome = text_of(call, "outcome");
        if (outcome == "success" || outcome == "failure")
            out.set(Field::event_outcome, outcome);
        else if (status != 0)
            out.set(Field::event_outcome,
                    is_success(status) || (status < 400 && event != "auth.login") ? "success"
                                                                                  : "failure");
    }

    JsonLine json_;
    std::string path_;
};

}  // namespace

std::unique_ptr<Format> make_sirekap(const FormatOptions&) {
    return std::make_unique<SirekapFormat>();
}

}  // namespace kentongan::log
