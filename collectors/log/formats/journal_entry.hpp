#pragma once
// One entry of the systemd journal as keys and values, from `journalctl -o json` or straight from
// sd-journal, and its way to an event: the same for both. Source: systemd.journal-fields(7).
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "collectors/log/formats/messages.hpp"

namespace kentongan::log {

/// The fields of an entry that mean something here; others are passed over. Reused: no allocation
/// once warm. Values are bytes, not always UTF-8.
class JournalEntry {
  public:
    enum class Key : std::uint8_t {
        message,         // MESSAGE; given again, its values are joined by newlines
        identifier,      // SYSLOG_IDENTIFIER
        priority,        // PRIORITY, 0 to 7
        facility,        // SYSLOG_FACILITY
        syslog_pid,      // SYSLOG_PID
        pid,             // _PID
        uid,             // _UID
        comm,            // _COMM
        executable,      // _EXE
        command_line,    // _CMDLINE
        unit,            // _SYSTEMD_UNIT
        user_unit,       // _SYSTEMD_USER_UNIT
        about_unit,      // UNIT: what systemd itself speaks of
        hostname,        // _HOSTNAME
        realtime,        // __REALTIME_TIMESTAMP, µs since 1970
        message_id,      // MESSAGE_ID
        container_id,    // CONTAINER_ID_FULL, of Docker's journald driver
        container_name,  // CONTAINER_NAME
        count
    };
    /// Longer values are cut, and so is what repeated values of MESSAGE come to.
    static constexpr std::size_t kMaximumValue = 65536;

    void clear();
    /// Both are copied. Of a key given twice the first value stays, MESSAGE apart.
    void add(std::string_view key, std::string_view value);
    /// Empty when the entry has none. Valid until the next add().
    [[nodiscard]] std::string_view get(Key key) const;
    /// How many values were cut.
    [[nodiscard]] std::uint64_t cut() const { return cut_; }

  private:
    struct Span {
        std::size_t offset = 0;
        std::size_t length = 0;
    };
    void join(Span& span, std::string_view value);

    std::array<Span, static_cast<std::size_t>(Key::count)> spans_{};
    std::string bytes_;
    std::uint64_t cut_ = 0;
};

/// Turns the entries of one input into events; keeps what ProgramMessages does. One thread.
class JournalReader {
  public:
    /// Fields and time into an `out` whose raw text stands already. False when the entry has
    /// neither a message nor a time: no journal entry.
    [[nodiscard]] bool fill(const JournalEntry& entry, ParseContext& context, Event& out);
    /// The whole of it, as read_line() does for a line: clears `out`, gives it "host tag[pid]:
    /// message" as raw text and, where the entry has no time, that of the event before. Emit it
    /// `context.repeat` times. Values over a cap are counted in context.left_out.
    [[nodiscard]] ParseResult read(const JournalEntry& entry, ParseContext& context, Event& out);

  private:
    ProgramMessages messages_;
    std::string line_;
};

}  // namespace kentongan::log
