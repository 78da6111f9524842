#pragma once
// AppEvent: what the workflow's detectors need of one line of the Sirekap application log, read in
// one pass over the event's fields.
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/detect/sirekap/tps_code.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sirekap {

/// What an account did. The layout of the log is in collectors/log/formats/README.md.
enum class Act : std::uint8_t {
    other,
    upload,      ///< formc-image.upload
    read,        ///< formc-image.get: the numbers as the server read them
    answer,      ///< formc-image.kesesuaian: they agree with the form, or their correction
    view,        ///< tps.view, rekap.view, formc-image.view
    edit,        ///< rekap.edit
    verify,      ///< rekap.verify
    finish,      ///< rekap.final
    reopen,      ///< rekap.reopen
    admin_edit,  ///< admin.result.edit
    db_write,    ///< db.write: the application's own SQL console
    assign,      ///< admin.assignment.edit: targetAccount (targetDevice) now works for kodeTps
};
[[nodiscard]] Act act_of(std::string_view action);

/// Views into the event, which must outlive it. What the log does not say is empty.
struct AppEvent {
    const Event* event = nullptr;
    Act act = Act::other;
    bool accepted = true;  ///< event.outcome is not failure
    std::optional<TpsCode> tps;
    std::string_view account;
    std::string_view device;
    std::string_view session;
    std::string_view role;
    std::string_view approver;
    std::string_view reason;
    std::string_view target_account;
    std::string_view target_device;
    std::string_view status_from;
    std::string_view status_to;
    std::string_view form;
    std::string_view file_name;
    std::string_view file_hash;
    std::string_view request;      ///< http.request.id
    std::string_view transaction;  ///< of the database
    std::string_view object;
    std::optional<IpAddress> ip;
    std::int64_t page = 0;
    std::optional<double> age_seconds;    ///< how old the client says its event is
    std::optional<double> since_open_ms;  ///< from showing the TPS to the decision
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::optional<bool> agrees;  ///< isSesuai of an answer
    bool offline = false;
    bool dummy = false;  ///< isDummy: the app's training mode

    [[nodiscard]] Timestamp time() const { return event->time; }
    /// A second person who is not the first.
    [[nodiscard]] bool has_second_person() const {
        return !approver.empty() && approver != account;
    }
    /// Nothing when the event is not of the application log, nor an upload.
    [[nodiscard]] static std::optional<AppEvent> of(const Event& event);
};

/// Whether it is an event of the application log that is more than a step on the way (an URL for an
/// upload) or a login; for Detector::picks().
[[nodiscard]] bool is_app_act(const Event& event);
/// The kinds they have: upload, web and log.
[[nodiscard]] constexpr bool is_app_kind(EventKind kind) {
    return kind == EventKind::upload || kind == EventKind::web || kind == EventKind::log;
}

}  // namespace kentongan::sirekap
