#pragma once
// Log formats: each turns one record, mostly a line, into one event, seldom into several. A line
// that fits no layout is still an event, of kind log, with its raw text; the caller counts it.
#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::log {

enum class ParseResult : std::uint8_t {
    parsed,
    unparsed,  ///< not this format's layout; the event holds only the raw line
    blank,     ///< nothing on the line: no event
};

/// How a line belongs with the lines around it. Records of several lines (a stack trace, a quoted
/// newline in CSV, the records of one audit event) reach parse() whole, joined by newlines.
enum class Fit : std::uint8_t {
    alone,      ///< a record of its own; what was pending before it is complete
    begins,     ///< the first line of a record that may go on; completes what was pending
    continues,  ///< belongs to the pending record; without one it begins one
    ends,       ///< belongs to the pending record and completes it; without one it is one alone
};

/// What a line does not say itself. One per input; read_line() moves it along.
struct ParseContext {
    std::chrono::seconds zone{7 * 3600};  ///< offset of times that state none (WIB)
    /// Time of the previous event, or of the file's last change before the first one. Lines without
    /// a time get it; years that are missing are inferred from it.
    Timestamp reference{};
    bool reference_is_event = false;
    std::string_view source;     ///< path of the input; outlives the context
    unsigned repeat = 1;         ///< out: how often the line says its event happened, 1 to 100
    std::uint64_t left_out = 0;  ///< out, adds up: values over a cap, not set as fields
    /// Out, of an event by another(): where in the record its own line begins.
    std::size_t event_offset = 0;
};

/// A parser of one input's lines. Keeps scratch memory and what belongs to the input (never what
/// changes the fields of a line by the lines before it, except as its own comment says), so one
/// instance serves one input, on one thread at a time. Fills fields only, sets time when the line
/// has one, and does not touch origin or raw.
class Format {
  public:
    virtual ~Format() = default;
    [[nodiscard]] virtual ParseResult parse(std::string_view line, ParseContext& context,
                                            Event& out) = 0;
    /// A further event of the record last parsed (and still in place), into an `out` that is clear:
    /// fields, time and raw; false when there is none. Asked again until it says so.
    [[nodiscard]] virtual bool another(ParseContext& /*context*/, Event& /*out*/) { return false; }
    /// Asked once of every line in order, before parse(). May keep what an unfinished record needs
    /// and nothing else: forget() takes it back to the state of a fresh instance.
    [[nodiscard]] virtual Fit fit(std::string_view /*line*/) { return Fit::alone; }
    virtual void forget() {}
    /// Sigma's routing of a line that did not parse.
    [[nodiscard]] virtual LogSource logsource() const { return {}; }
    /// The format in use: its own name, or the one `auto` settled on.
    [[nodiscard]] virtual std::string_view name() const = 0;
};

struct FormatOptions {
    std::string path;                           ///< hints for `auto` and `zeek`
    std::map<std::string, std::string> fields;  ///< json: key path to field name
    std::string resumed;                        ///< auto: what it had settled on before a restart
    std::string inner{};  ///< container: the format of what the program wrote; auto when empty
    bool nested = false;  ///< what a container's program wrote: auto looks for no container in it
};

struct FormatInfo {
    std::string_view name;
    std::string_view summary;
    std::unique_ptr<Format> (*make)(const FormatOptions&);
};

/// All formats, in the order of `replay --formats`.
[[nodiscard]] std::span<const FormatInfo> formats();

/// `name` may state an inner format behind a colon, `container:nginx`. Error (usage) names the
/// nearest known format.
[[nodiscard]] Result<std::unique_ptr<Format>> make_format(std::string_view name,
                                                          const FormatOptions& options = {});

/// One line to one event: clears `out`, keeps the line as raw, parses, fills in what is missing.
/// `line` has no newline at its end; a carriage return is removed.
[[nodiscard]] ParseResult read_line(Format& format, std::string_view line, ParseContext& context,
                                    Event& out);

/// The record's next event after read_line() or read_another(), made complete in the same way;
/// false when there is none.
[[nodiscard]] bool read_another(Format& format, ParseContext& context, Event& out);

/// "+07:00", "-0330", "+7", "Z".
[[nodiscard]] Result<std::chrono::seconds> parse_zone(std::string_view text);

}  // namespace kentongan::log
