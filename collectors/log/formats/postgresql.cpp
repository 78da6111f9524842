// PostgreSQL's logs: csvlog, jsonlog (15 and later) and the text log, told apart line by line.
#include "collectors/log/formats/postgresql.hpp"

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kColumns = 22;  // of the oldest layout; later ones append to it

/// A time, a comma, and a column that is empty or quoted.
bool looks_like_csv(std::string_view line) {
    if (line.size() < 25 || line[4] != '-' || line[10] != ' ' || !is_digit(line[0])) return false;
    const auto comma = line.substr(0, 48).find(',');
    return comma != std::string_view::npos && comma + 1 < line.size() && comma >= 19 &&
           (line[comma + 1] == '"' || line[comma + 1] == ',') &&
           line.substr(0, comma).find_first_of("[\"=") == std::string_view::npos;
}

bool read_json(const json::object& object, const ParseContext& context, PostgresRecord& out) {
    auto stamp = text_of(object, "timestamp");
    out.time = take_postgres_time(stamp, context);
    out.severity = text_of(object, "error_severity");
    if (!out.time || out.severity.empty()) return false;
    if (const auto* pid = object.if_contains("pid"); pid != nullptr && pid->is_int64())
        out.pid = pid->get_int64();
    struct Key {
        std::string_view name;
        std::string_view PostgresRecord::* value;
    };
    static constexpr Key kKeys[] = {{"user", &PostgresRecord::user},
                                    {"dbname", &PostgresRecord::database},
                                    {"remote_host", &PostgresRecord::host},
                                    {"session_id", &PostgresRecord::session},
                                    {"ps", &PostgresRecord::command_tag},
                                    {"state_code", &PostgresRecord::state},
                                    {"message", &PostgresRecord::message},
                                    {"detail", &PostgresRecord::detail},
                                    {"hint", &PostgresRecord::hint},
                                    {"context", &PostgresRecord::context},
                                    {"statement", &PostgresRecord::statement},
                                    {"application_name", &PostgresRecord::application},
                                    {"backend_type", &PostgresRecord::backend}};
    for (const auto& [name, value] : kKeys) out.*value = text_of(object, name);
    return true;
}

class PostgresFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        PostgresRecord record;
        if (!read(line, context, record)) return ParseResult::unparsed;
        fill_postgres_event(record, audit_, out);
        if (port_) out.set(Field::source_port, *port_);
        return ParseResult::parsed;
    }
    /// Of the CSV log it remembers whether a quote is open. A line that cannot be quoted text is a
    /// record of its own: so one cut line does not swallow what follows.
    Fit fit(std::string_view line) override {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (open_) {
            const auto open = quote_open_after(line, true);
            open_ = open.value_or(false);
            if (open) return open_ ? Fit::continues : Fit::ends;
        }
        if (looks_like_csv(line)) {
            open_ = quote_open_after(line, false).value_or(false);
            return open_ ? Fit::begins : Fit::alone;
        }
        if (line.starts_with('{')) return Fit::alone;
        return continues_postgres_text(line) ? Fit::continues : Fit::begins;
    }
    void forget() override { open_ = false; }
    LogSource logsource() const override { return {"database", "postgresql", {}}; }
    std::string_view name() const override { return "postgresql"; }

  private:
    bool read(std::string_view line, const ParseContext& context, PostgresRecord& out) {
        port_.reset();
        if (line.starts_with('{')) {
            const auto* object = json_.read(line);
            if (object == nullptr || !read_json(*object, context, out)) return false;
            if (const auto* port = object->if_contains("remote_port");
                port != nullptr && port->is_int64())
                port_ = port->get_int64();
            return true;
        }
        if (looks_like_csv(line)) return read_postgres_csv(csv_, line, context, out);
        return read_postgres_text(line, context, out);
    }

    JsonLine json_;
    CsvRecord csv_;
    CsvRecord audit_;
    std::optional<std::int64_t> port_;  // of the JSON log, where it is a number
    bool open_ = false;
};

}  // namespace

bool read_postgres_csv(CsvRecord& csv, std::string_view line, const ParseContext& context,
                       PostgresRecord& out) {
    if (!csv.read(line) || csv.size() < kColumns) return false;
    auto stamp = csv[0];
    out.time = take_postgres_time(stamp, context);
    if (!out.time || csv[11].empty()) return false;
    out.user = csv[1];
    out.database = csv[2];
    out.pid = parse_number<std::int64_t>(csv[3]);
    const auto colon = csv[4].rfind(':');
    out.host = csv[4].substr(0, colon);
    if (colon != std::string_view::npos) out.port = csv[4].substr(colon + 1);
    out.session = csv[5];
    out.command_tag = csv[7];
    out.transaction = csv[10];
    out.severity = csv[11];
    out.state = csv[12];
    out.message = csv[13];
    out.detail = csv[14];
    out.hint = csv[15];
    out.context = csv[18];
    out.statement = csv[19];
    out.application = csv[22];
    out.backend = csv[23];
    return true;
}

bool is_postgresql(std::string_view line) {
    if (line.starts_with('{'))
        return line.find("\"error_severity\":") != std::string_view::npos &&
               line.starts_with("{\"timestamp\":");
    return looks_like_csv(line) || begins_postgres_text(line);
}

std::unique_ptr<Format> make_postgresql(const FormatOptions&) {
    return std::make_unique<PostgresFormat>();
}

}  // namespace kentongan::log
