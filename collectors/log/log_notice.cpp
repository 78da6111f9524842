// Events of our own about a log: it was truncated, rewritten, removed.
#include "collectors/log/log_notice.hpp"

#include <fmt/format.h>

namespace kentongan::log {

namespace {

std::string_view action_of(Tampering what) {
    switch (what) {
        case Tampering::truncated:
            return "log-truncated";
        case Tampering::rewritten:
            return "log-rewritten";
        case Tampering::removed:
            break;
    }
    return "log-removed";
}

std::string sentence(const LogNotice& notice) {
    switch (notice.what) {
        case Tampering::truncated:
            return fmt::format("{} was truncated: {} bytes are gone and no rotated copy holds them",
                               notice.path, notice.lost_bytes);
        case Tampering::rewritten:
            return fmt::format("{} was rewritten: bytes that were read from {} on are others now",
                               notice.path, notice.offset);
        case Tampering::removed:
            break;
    }
    return fmt::format("{} was removed with {} bytes and no rotated copy holds them", notice.path,
                       notice.lost_bytes);
}

}  // namespace

Event make_event(const LogNotice& notice) {
    Event out;
    out.kind = EventKind::log;
    out.time = notice.time;
    out.logsource = {"", "kentongan", "log"};
    out.origin = {notice.path, notice.offset};
    const auto message = sentence(notice);
    out.set(Field::message, message);
    out.set(Field::event_action, action_of(notice.what));
    out.set(Field::log_file_path, notice.path);
    out.set(Field::log_source, notice.source);
    out.set(Field::log_offset, static_cast<std::int64_t>(notice.offset));
    out.set(Field::log_lost_bytes, static_cast<std::int64_t>(notice.lost_bytes));
    out.set_raw(message);
    return out;
}

}  // namespace kentongan::log
