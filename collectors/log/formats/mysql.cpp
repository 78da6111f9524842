// The logs of MySQL and MariaDB, told apart line by line.
#include "collectors/log/formats/mysql.hpp"

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/database.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"

namespace kentongan::log {

namespace {

constexpr std::string_view kSlowTime = "# Time: ";
constexpr std::string_view kSlowUser = "# User@Host: ";

/// "20241127 16:31:05,".
bool looks_like_audit(std::string_view line) {
    return line.size() > 24 && line[17] == ',' && line[8] == ' ' && line[11] == ':' &&
           is_digit(line[0]) && is_digit(line[7]);
}

/// Many programs write "time [Level] message"; these words are MySQL's.
bool has_error_sign(std::string_view line) {
    for (const std::string_view sign :
         {"] [MY-", " [Note] ", "] Access denied for user '", "InnoDB: "})
        if (line.find(sign) != std::string_view::npos) return true;
    return false;
}

class MysqlFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        set_database("mysql", out);
        return read(line, context, out) ? ParseResult::parsed : ParseResult::unparsed;
    }
    /// Statements and messages go on over lines that are not marked; what begins a record does.
    Fit fit(std::string_view line) override {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with(kSlowTime)) return starts(Pending::slow_time);
        if (line.starts_with(kSlowUser)) {
            if (pending_ != Pending::slow_time) return starts(Pending::slow);
            pending_ = Pending::slow;
            return Fit::continues;
        }
        if (line.starts_with('{') || looks_like_audit(line) || is_mysql_heading(line)) {
            pending_ = Pending::none;
            return Fit::alone;
        }
        if (pending_ == Pending::slow || pending_ == Pending::slow_time) return Fit::continues;
        if (is_mysql_general(line, {}) || is_mysql_error(line, {})) return starts(Pending::other);
        return pending_ == Pending::none ? Fit::alone : Fit::continues;
    }
    void forget() override { pending_ = Pending::none; }
    LogSource logsource() const override { return {"database", "mysql", {}}; }
    std::string_view name() const override { return "mysql"; }

  private:
    enum class Pending : std::uint8_t { none, slow_time, slow, other };

    Fit starts(Pending pending) {
        pending_ = pending;
        return Fit::begins;
    }
    bool read(std::string_view line, const ParseContext& context, Event& out) {
        if (line.starts_with('{')) {
            if (line.ends_with(',')) line.remove_suffix(1);  // of an array over many lines
            const auto* object = json_.read(line);
            return object != nullptr && read_mysql_audit(*object, context, out);
        }
        if (line.starts_with('#')) return read_mysql_slow(line, context, out);
        if (looks_like_audit(line)) return read_mysql_audit(line, context, out);
        if (is_mysql_heading(line)) {
            out.set(Field::message, line);
            return true;
        }
        return read_mysql_general(line, context, out) || read_mysql_error(line, context, out);
    }

    JsonLine json_;
    Pending pending_ = Pending::none;
};

}  // namespace

bool is_mysql(std::string_view line) {
    if (line.starts_with('{'))
        return line.starts_with("{\"audit_record\":") ||
               (line.find("\"connection_id\"") != std::string_view::npos &&
                line.find("\"account\"") != std::string_view::npos);
    if (line.starts_with(kSlowUser) || is_mysql_heading(line)) return true;
    if (take(line, kSlowTime)) return take_mysql_time(line, {}).has_value();
    if (looks_like_audit(line))
        return line.find('\'') != std::string_view::npos ||
               line.find("CONNECT,") != std::string_view::npos;
    return is_mysql_general(line, {}) || (is_mysql_error(line, {}) && has_error_sign(line));
}

std::unique_ptr<Format> make_mysql(const FormatOptions&) { return std::make_unique<MysqlFormat>(); }

}  // namespace kentongan::log
