// The log of the Sirekap application: JSON lines, one API call each. README.md beside this file
// gives the layout, which is ours: no public one exists.
#include <algorithm>
#include <array>

#include "collectors/json/reader.hpp"
#include "collectors/log/formats/all.hpp"
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
    Mapping{"targetDevice", named("sirekap.target_device")},
    Mapping{"transaction", named("db.transaction")},
    Mapping{"lat", named("sirekap.latitude")},
    Mapping{"lon", named("sirekap.longitude")},
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

bool is_success(std::int64_t status) { return status >= 200 && status < 300; }

/// What a key is more than another name of a value.
enum class Role : std::uint8_t {
    none,
    time,
    event,
    service,
    status,
    duration,
    tps,
    account,
    hash,
    route,
    outcome
};
constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"time", Role::time},          {"event", Role::event},   {"service", Role::service},
    {"http.status", Role::status}, {"kodeTps", Role::tps},   {"duration_ms", Role::duration},
    {"account", Role::account},    {"fileHash", Role::hash}, {"http.route", Role::route},
    {"outcome", Role::outcome},
};

struct Key {
    std::optional<Field> field;  // none: the dictionary is full
    Role role = Role::none;
};

class SirekapFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        context_ = &context;
        out_ = &out;
        call_ = {};
        if (!reader_.read(line)) return ParseResult::unparsed;
        context.left_out += reader_.left_out();
        classify(out);
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {{}, "sirekap", {}}; }
    std::string_view name() const override { return "sirekap"; }

    // Of flat::Reader.
    Key judge(std::string_view path) const {
        Key out;
        for (const auto& [known, role] : kRoles)
            if (known == path) out.role = role;
        for (const auto& [known, field] : kMappings)
            if (known == path) out.field = field;
        for (const auto& [known, field] : kActs)
            if (known == path) out.field = field;
        if (!out.field && !path.empty()) out.field = intern_field(path);
        return out;
    }
    void take(const Key& key, const flat::Scalar& value) {
        if (key.role != Role::none && take_role(key.role, value)) return;
        if (key.field)
            flat::set_scalar(*key.field, value, *out_);
        else
            ++context_->left_out;
    }

  private:
    /// What the call is, beside its fields.
    struct Call {
        std::string_view service;
        std::int64_t status = 0;
        bool upload = false;
        bool login = false;
        bool outcome = false;
        bool tps = false;
        bool url = false;
    };

    /// Whether nothing is left to do for the value.
    bool take_role(Role role, const flat::Scalar& value) {
        if (role == Role::time) return set_time(value);
        if (role == Role::duration) return set_duration(value);
        if (role == Role::status && value.type() == Value::Type::integer)
            call_.status = value.integer();
        return value.type() == Value::Type::text && take_text(role, value.text());
    }
    bool take_text(Role role, std::string_view text) {
        switch (role) {
            case Role::event:
                call_.upload = text == "formc-image.upload";
                call_.login = text == "auth.login";
                if (call_.service.empty()) call_.service = service_of(text);
                return false;
            case Role::service:
                if (service_named(text).empty()) return false;
                call_.service = service_named(text);
                return true;
            case Role::tps:
                if (!is_tps_code(text)) return false;
                call_.tps = true;
                out_->set(Field::sirekap_tps, text);
                return true;
            case Role::account:
                out_->set(Field::sirekap_account, text);
                out_->set(Field::user_name, text);
                return true;
            case Role::hash:
                set_hash(text);
                return true;
            case Role::route:
                set_url(text, *out_);
                call_.url = !text.empty();
                return true;
            case Role::outcome:
                call_.outcome = text == "success" || text == "failure";
                if (call_.outcome) out_->set(Field::event_outcome, text);
                return false;
            default:
                return false;
        }
    }

    bool set_time(const flat::Scalar& value) {
        const auto time = flat::time_of(value, context_->zone);
        if (time) out_->time = *time;
        return time.has_value();
    }
    bool set_duration(const flat::Scalar& value) {
        const bool is_number =
            value.type() == Value::Type::integer || value.type() == Value::Type::real;
        const double ms = is_number ? value.number().value_or(-1) : -1;
        if (!(ms >= 0 && ms < 1e12)) return false;
        out_->set(Field::event_duration, static_cast<std::int64_t>(ms * 1e6));
        return true;
    }
    /// Hex in lower case, so that equal hashes are equal text.
    void set_hash(std::string_view hash) {
        std::array<char, 128> lower{};
        const bool is_lower =
            std::ranges::none_of(hash, [](char c) { return c != ascii_lower(c); });
        if (is_lower || hash.size() > lower.size())
            return out_->set(Field::sirekap_file_hash, hash);
        std::ranges::transform(hash, lower.begin(), ascii_lower);
        out_->set(Field::sirekap_file_hash, std::string_view(lower.data(), hash.size()));
    }

    void classify(Event& out) const {
        // With a URL the webserver rules look at the call as well.
        out.logsource = {call_.url ? "webserver" : "", "sirekap", call_.service};
        out.kind = call_.url ? EventKind::web : EventKind::log;
        if (call_.upload && is_success(call_.status) && call_.tps) out.kind = EventKind::upload;
        // A login that met a server error says nothing about the password.
        if (call_.login && call_.status < 500) {
            out.kind = EventKind::auth;
            out.set(Field::event_category, "authentication");
        }
        if (call_.outcome || call_.status == 0) return;
        const bool well = is_success(call_.status) || (call_.status < 400 && !call_.login);
        out.set(Field::event_outcome, well ? "success" : "failure");
    }

    flat::Reader<SirekapFormat, Key> reader_{*this};
    ParseContext* context_ = nullptr;
    Event* out_ = nullptr;
    Call call_;
};

}  // namespace

std::unique_ptr<Format> make_sirekap(const FormatOptions&) {
    return std::make_unique<SirekapFormat>();
}

}  // namespace kentongan::log
