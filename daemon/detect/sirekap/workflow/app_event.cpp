// From fields to members.
#include "daemon/detect/sirekap/workflow/app_event.hpp"

#include <array>
#include <utility>
#include <vector>

namespace kentongan::sirekap {

namespace {

using Setter = void (*)(AppEvent&, const Value&);

template <std::string_view AppEvent::* Member>
void text(AppEvent& to, const Value& value) {
    if (value.type() == Value::Type::text && (to.*Member).empty()) to.*Member = value.text();
}
template <std::optional<double> AppEvent::* Member>
void number(AppEvent& to, const Value& value) {
    to.*Member = value.number();
}
bool truth(const Value& value) {
    return value.type() == Value::Type::boolean ? value.boolean() : value.to_string() == "true";
}

void set_action(AppEvent& to, const Value& value) {
    if (value.type() == Value::Type::text) to.act = act_of(value.text());
}
void set_outcome(AppEvent& to, const Value& value) {
    to.accepted = value.type() != Value::Type::text || value.text() != "failure";
}
void set_tps(AppEvent& to, const Value& value) {
    if (value.type() == Value::Type::text) to.tps = TpsCode::parse(value.text());
}
void set_page(AppEvent& to, const Value& value) {
    const double page = value.number().value_or(0);
    to.page = page >= 0 && page < 256 ? static_cast<std::int64_t>(page) : 0;
}
void set_ip(AppEvent& to, const Value& value) { to.ip = value.address(); }
void set_agrees(AppEvent& to, const Value& value) { to.agrees = truth(value); }
void set_offline(AppEvent& to, const Value& value) { to.offline = truth(value); }
void set_dummy(AppEvent& to, const Value& value) { to.dummy = truth(value); }

/// By field id.
std::vector<Setter> make_setters() {
    std::vector<Setter> out;
    const auto add = [&](std::optional<Field> field, Setter setter) {
        if (!field) return;
        const auto at = static_cast<std::size_t>(*field);
        if (out.size() <= at) out.resize(at + 1, nullptr);
        out[at] = setter;
    };
    const std::array kKnown{
        std::pair<Field, Setter>{Field::event_action, set_action},
        std::pair<Field, Setter>{Field::event_outcome, set_outcome},
        std::pair<Field, Setter>{Field::sirekap_tps, set_tps},
        std::pair<Field, Setter>{Field::sirekap_page, set_page},
        std::pair<Field, Setter>{Field::source_ip, set_ip},
        std::pair<Field, Setter>{Field::sirekap_account, text<&AppEvent::account>},
        std::pair<Field, Setter>{Field::sirekap_device, text<&AppEvent::device>},
        std::pair<Field, Setter>{Field::event_reason, text<&AppEvent::reason>},
        std::pair<Field, Setter>{Field::user_target_name, text<&AppEvent::target_account>},
        std::pair<Field, Setter>{Field::sirekap_form, text<&AppEvent::form>},
        std::pair<Field, Setter>{Field::file_name, text<&AppEvent::file_name>},
        std::pair<Field, Setter>{Field::sirekap_file_hash, text<&AppEvent::file_hash>},
        std::pair<Field, Setter>{Field::http_request_id, text<&AppEvent::request>},
        std::pair<Field, Setter>{Field::db_object, text<&AppEvent::object>},
    };
    for (const auto& [field, setter] : kKnown) add(field, setter);
    const std::array kNamed{
        std::pair<std::string_view, Setter>{"sirekap.session", text<&AppEvent::session>},
        std::pair<std::string_view, Setter>{"user.roles", text<&AppEvent::role>},
        std::pair<std::string_view, Setter>{"sirekap.approver", text<&AppEvent::approver>},
        std::pair<std::string_view, Setter>{"sirekap.status_from", text<&AppEvent::status_from>},
        std::pair<std::string_view, Setter>{"sirekap.status_to", text<&AppEvent::status_to>},
        std::pair<std::string_view, Setter>{"sirekap.target_device",
                                            text<&AppEvent::target_device>},
        std::pair<std::string_view, Setter>{"db.transaction", text<&AppEvent::transaction>},
        std::pair<std::string_view, Setter>{"sirekap.age_seconds", number<&AppEvent::age_seconds>},
        std::pair<std::string_view, Setter>{"sirekap.since_open_ms",
                                            number<&AppEvent::since_open_ms>},
        std::pair<std::string_view, Setter>{"sirekap.latitude", number<&AppEvent::latitude>},
        std::pair<std::string_view, Setter>{"sirekap.longitude", number<&AppEvent::longitude>},
        std::pair<std::string_view, Setter>{"isSesuai", set_agrees},
        std::pair<std::string_view, Setter>{"sirekap.offline", set_offline},
        std::pair<std::string_view, Setter>{"isDummy", set_dummy},
    };
    for (const auto& [name, setter] : kNamed) add(intern_field(name), setter);
    return out;
}

struct Named {
    std::string_view action;
    Act act;
};
constexpr std::array kActs{
    Named{"formc-image.upload", Act::upload},
    Named{"formc-image.get", Act::read},
    Named{"formc-image.kesesuaian", Act::answer},
    Named{"formc-image.view", Act::view},
    Named{"tps.view", Act::view},
    Named{"rekap.view", Act::view},
    Named{"rekap.edit", Act::edit},
    Named{"rekap.verify", Act::verify},
    Named{"rekap.final", Act::finish},
    Named{"rekap.reopen", Act::reopen},
    Named{"admin.result.edit", Act::admin_edit},
    Named{"db.write", Act::db_write},
    Named{"admin.assignment.edit", Act::assign},
};

}  // namespace

Act act_of(std::string_view action) {
    for (const Named& known : kActs)
        if (known.action == action) return known.act;
    return Act::other;
}

std::optional<AppEvent> AppEvent::of(const Event& event) {
    static const std::vector<Setter> kSetters = make_setters();
    const bool upload = event.kind == EventKind::upload;
    if (!upload && (event.logsource.product != "sirekap" || !is_app_kind(event.kind)))
        return std::nullopt;
    AppEvent out;
    out.event = &event;
    if (upload) out.act = Act::upload;
    for (std::size_t i = 0; i < event.size(); ++i) {
        const auto at = static_cast<std::size_t>(event.field_at(i));
        if (at < kSetters.size() && kSetters[at] != nullptr) kSetters[at](out, event.value_at(i));
    }
    return out;
}

bool is_app_act(const Event& event) {
    return event.kind == EventKind::upload ||
           (event.logsource.product == "sirekap" &&
            event.text(Field::event_action) != "formc-image.upload-url");
}

}  // namespace kentongan::sirekap
