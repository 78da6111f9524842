#pragma once
// Event: one thing that happened, as a collector saw it.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"
#include "daemon/event/field.hpp"

namespace kentongan {

/// What an event is about. A detector says which kinds it wants.
enum class EventKind : std::uint8_t {
    log,     ///< a log line with no more specific kind
    auth,    ///< a login attempt: event.outcome is success or failure
    web,     ///< an HTTP request, from a log or from the wire
    upload,  ///< a Sirekap upload: sirekap.tps is set
    conn,    ///< a network connection at its end
    dns,
    tls,
    file,       ///< a file created, changed, removed: event.action says which
    notice,     ///< an alert raised by another sensor (a Zeek notice)
    published,  ///< a result file that Sirekap published: sirekap.node is its area or TPS, raw() it
    report,     ///< a citizen's report: report.id is its ticket
    ssh,        ///< an SSH conversation on the wire, once its outcome is known
    sql,        ///< a database login or statement on the wire
    mail,       ///< a message or command dialogue of SMTP on the wire
    ftp,        ///< a command of FTP with its reply, on the wire
    payload,    ///< for YARA: raw() is a window of what one end of a connection sends
    content,    ///< for YARA: raw() is a whole file that went over the wire
    anomaly,    ///< traffic that breaks a protocol's rules: network.anomaly names how
    heartbeat,  ///< the daemon's own pulse through the whole pipeline
};
[[nodiscard]] std::string_view name_of(EventKind kind);

/// Sigma's three routing attributes; empty means not set. The texts are literals or interned.
struct LogSource {
    std::string_view category;
    std::string_view product;
    std::string_view service;
};

/// Which input an event came from (interned name) and where in it: byte offset of a line, number of
/// a packet (from 1), and so on. The pair identifies the event across runs on the same input.
struct Origin {
    std::string_view source;
    std::uint64_t position = 0;
};

/// A value as an event holds it; text points into the event.
class Value {
  public:
    enum class Type : std::uint8_t { null, boolean, integer, real, text, ip };

    Value() = default;
    static Value of(bool v);
    static Value of(std::int64_t v);
    static Value of(double v);
    static Value of(std::string_view v);
    static Value of(const IpAddress& v);

    [[nodiscard]] Type type() const { return type_; }
    [[nodiscard]] bool boolean() const { return integer_ != 0; }
    [[nodiscard]] std::int64_t integer() const { return integer_; }
    [[nodiscard]] double real() const { return real_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] const IpAddress& ip() const { return ip_; }

    /// The value as people read it: 404, 1.5, true, 192.0.2.1; empty for null.
    [[nodiscard]] std::string to_string() const;
    /// The same, behind what is in `out`; allocates only to make `out` larger.
    void append_to(std::string& out) const;
    /// A number from integer, real or numeric text.
    [[nodiscard]] std::optional<double> number() const;
    /// An address from ip or its text.
    [[nodiscard]] std::optional<IpAddress> address() const;

  private:
    Type type_ = Type::null;
    union {
        std::int64_t integer_ = 0;
        double real_;
        std::string_view text_;
        IpAddress ip_;
    };
};

/// Fields by interned id in one buffer: two allocations for any number of fields, none when the
/// event is reused after clear(). A field set more than once is an array. Collectors fill it, then
/// hand it on as const; from there nobody changes it. Copyable; used by one thread at a time.
/// A text that is a part of the raw record, as most are, or of another value of this event is not
/// stored again; setting such a text leaves all views into the event valid.
class Event {
  public:
    EventKind kind = EventKind::log;
    Timestamp time{};
    LogSource logsource;
    /// A second one, where a record is of two kinds at once: Zeek's http log is zeek/http and a
    /// proxy's or a web server's log too. Rules for either apply; one rule still counts once.
    LogSource also;
    Origin origin;

    void clear();
    void set(Field field, bool value);
    void set(Field field, std::int64_t value);
    void set(Field field, int value) { set(field, std::int64_t{value}); }
    void set(Field field, double value);
    void set(Field field, std::string_view value);
    void set(Field field, const char* value) { set(field, std::string_view{value}); }
    void set(Field field, const std::string& value) { set(field, std::string_view{value}); }
    void set(Field field, const IpAddress& value);
    void set_null(Field field);
    /// The line or record as it came, for keyword rules and as evidence.
    void set_raw(std::string_view raw);

    [[nodiscard]] std::string_view raw() const {
        return {bytes_.data() + raw_offset_, raw_length_};
    }
    [[nodiscard]] std::size_t size() const { return slots_.size(); }
    [[nodiscard]] Field field_at(std::size_t i) const { return slots_[i].field; }
    [[nodiscard]] Value value_at(std::size_t i) const;
    [[nodiscard]] Value::Type type_at(std::size_t i) const { return slots_[i].type; }
    /// Of a value that is text.
    [[nodiscard]] std::string_view text_at(std::size_t i) const {
        return {bytes_.data() + slots_[i].offset, static_cast<std::size_t>(slots_[i].length)};
    }
    /// Whether a value is text known to be a part of raw(): what stands in it stands there too.
    [[nodiscard]] bool is_in_raw(std::size_t i) const {
        const Slot& slot = slots_[i];
        return slot.type == Value::Type::text && slot.offset >= raw_offset_ &&
               slot.offset + slot.length <= std::uint64_t{raw_offset_} + raw_length_;
    }

    [[nodiscard]] bool has(Field field) const {
        if ((present_ & bit_of(field)) == 0) return false;
        for (const Slot& slot : slots_)
            if (slot.field == field) return true;
        return false;
    }
    /// The first value of a field; null when absent.
    [[nodiscard]] Value get(Field field) const;
    /// The first value as text when it is text, else empty.
    [[nodiscard]] std::string_view text(Field field) const;
    [[nodiscard]] std::optional<std::int64_t> integer(Field field) const;
    [[nodiscard]] std::optional<IpAddress> ip(Field field) const;

  private:
    struct Slot {
        Field field{};
        Value::Type type = Value::Type::null;
        std::uint32_t offset = 0;  // of text and ip in bytes_
        union {
            std::int64_t integer = 0;
            double real;
            std::uint64_t length;
        };
    };

    /// Several fields share a bit: one that is clear says that a field is not there.
    static std::uint64_t bit_of(Field field) {
        return std::uint64_t{1} << (static_cast<unsigned>(field) % 64);
    }
    Slot& add(Field field, Value::Type type);
    [[nodiscard]] std::optional<std::uint32_t> place_of(std::string_view text) const;

    std::string bytes_;
    std::vector<Slot> slots_;
    std::uint64_t present_ = 0;  // bit_of() every field that is set
    std::uint32_t raw_offset_ = 0;
    std::uint32_t raw_length_ = 0;
    std::uintptr_t raw_source_ = 0;  // where set_raw() had its text from; never followed
};

/// The event as one flat JSON object, for people and for tests: "@timestamp", "kind", "logsource",
/// then the fields by name; arrays for repeated fields.
[[nodiscard]] std::string to_json(const Event& event);

}  // namespace kentongan
