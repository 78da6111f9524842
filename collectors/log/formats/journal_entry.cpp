// One entry of the systemd journal, and its way to an event.
#include "collectors/log/formats/journal_entry.hpp"

#include <algorithm>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

using Key = JournalEntry::Key;

constexpr std::array<std::string_view, static_cast<std::size_t>(Key::count)> kKeys{
    "MESSAGE",
    "SYSLOG_IDENTIFIER",
    "PRIORITY",
    "SYSLOG_FACILITY",
    "SYSLOG_PID",
    "_PID",
    "_UID",
    "_COMM",
    "_EXE",
    "_CMDLINE",
    "_SYSTEMD_UNIT",
    "_SYSTEMD_USER_UNIT",
    "UNIT",
    "_HOSTNAME",
    "__REALTIME_TIMESTAMP",
    "MESSAGE_ID",
    "CONTAINER_ID_FULL",
    "CONTAINER_NAME",
};

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

/// Who sent the entry, under journald's own names: as process.executable and
/// process.command_line they would look like a program that was just started.
const Field kExecutable = named("_EXE");
const Field kCommandLine = named("_CMDLINE");
const Field kMessageId = named("MESSAGE_ID");

std::string_view first_of(const JournalEntry& entry, Key first, Key second) {
    const auto value = entry.get(first);
    return value.empty() ? entry.get(second) : value;
}

void set_text(Field field, std::string_view value, Event& out) {
    if (!value.empty()) out.set(field, value);
}

void set_priority(const JournalEntry& entry, Event& out) {
    const auto severity = parse_number<std::int64_t>(entry.get(Key::priority));
    if (!severity || *severity < 0 || *severity > 7) return;
    out.set(Field::log_syslog_severity, *severity);
    const auto facility = parse_number<std::int64_t>(entry.get(Key::facility));
    const bool known = facility && *facility >= 0 && *facility <= 23;
    if (known) out.set(Field::log_syslog_facility, *facility);
    out.set(Field::log_syslog_priority, (known ? *facility * 8 : 0) + *severity);
}

std::optional<Timestamp> time_of(const JournalEntry& entry) {
    constexpr std::int64_t kLatest = 7'258'118'400'000'000;  // the year 2200
    const auto value = parse_number<std::int64_t>(entry.get(Key::realtime));
    if (!value || *value <= 0 || *value > kLatest) return std::nullopt;
    return from_nanoseconds(*value * 1000);
}

}  // namespace

void JournalEntry::clear() {
    spans_ = {};
    bytes_.clear();
    cut_ = 0;
}

void JournalEntry::add(std::string_view key, std::string_view value) {
    const auto found = std::ranges::find(kKeys, key);
    if (found == kKeys.end() || value.empty()) return;
    Span& span = spans_[static_cast<std::size_t>(found - kKeys.begin())];
    if (value.size() > kMaximumValue) {
        ++cut_;
        value = value.substr(0, kMaximumValue);
    }
    if (span.length == 0) {
        span = {bytes_.size(), value.size()};
        bytes_ += value;
    } else if (*found == "MESSAGE") {
        join(span, value);
    }
}

/// Moves what there is to the end, so that the value can grow.
void JournalEntry::join(Span& span, std::string_view value) {
    if (span.length + 1 + value.size() > kMaximumValue) {
        ++cut_;
        return;
    }
    if (span.offset + span.length != bytes_.size()) {
        bytes_.append(bytes_, span.offset, span.length);
        span.offset = bytes_.size() - span.length;
    }
    bytes_ += '\n';
    bytes_ += value;
    span.length += 1 + value.size();
}

std::string_view JournalEntry::get(Key key) const {
    const Span& span = spans_[static_cast<std::size_t>(key)];
    return std::string_view(bytes_).substr(span.offset, span.length);
}

bool JournalReader::fill(const JournalEntry& entry, ParseContext& context, Event& out) {
    const auto time = time_of(entry);
    const auto message = entry.get(Key::message);
    if (!time && message.empty()) return false;
    if (time) out.time = *time;
    context.left_out += entry.cut();
    const ProgramMessage said{first_of(entry, Key::identifier, Key::comm),
                              first_of(entry, Key::pid, Key::syslog_pid), message};
    set_text(Field::host_hostname, entry.get(Key::hostname), out);
    messages_.read(said, context, out);
    set_priority(entry, out);
    if (!out.has(Field::systemd_unit)) {
        const auto about = entry.get(Key::about_unit);
        const auto sender = first_of(entry, Key::unit, Key::user_unit);
        set_text(Field::systemd_unit, about.empty() ? sender : about, out);
    }
    set_text(Field::user_id, entry.get(Key::uid), out);
    set_text(kExecutable, entry.get(Key::executable), out);
    set_text(kCommandLine, entry.get(Key::command_line), out);
    set_text(kMessageId, entry.get(Key::message_id), out);
    set_text(Field::container_id, entry.get(Key::container_id), out);
    set_text(Field::container_name, entry.get(Key::container_name), out);
    return true;
}

ParseResult JournalReader::read(const JournalEntry& entry, ParseContext& context, Event& out) {
    out.clear();
    context.repeat = 1;
    context.event_offset = 0;
    line_.clear();
    line_ += entry.get(Key::hostname);
    if (!line_.empty()) line_ += ' ';
    line_ += first_of(entry, Key::identifier, Key::comm);
    if (const auto pid = first_of(entry, Key::pid, Key::syslog_pid); !pid.empty())
        line_.append("[").append(pid).append("]");
    line_.append(": ").append(entry.get(Key::message));
    out.set_raw(line_);
    if (!fill(entry, context, out)) return ParseResult::unparsed;
    if (out.time == Timestamp{}) out.time = context.reference;
    context.reference = out.time;
    context.reference_is_event = true;
    return ParseResult::parsed;
}

}  // namespace kentongan::log
