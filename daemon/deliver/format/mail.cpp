// A mail (RFC 5322) that people read first: plain text, quoted-printable (RFC 2045 §6.7).
#include <algorithm>
#include <boost/json/serialize.hpp>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kLine = 76;

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// Header text without line ends; encoded words (RFC 2047) of at most 75 characters otherwise.
std::string header_text(std::string_view raw) {
    std::string text;
    for (const char c : printable_utf8(raw, 160))
        text.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    if (is_plain(text) && text.find("=?") == std::string::npos && text.size() < 60) return text;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(at + 39, text.size());
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ",
                           to_base64(as_bytes(std::string_view(text).substr(at, end - at))));
        at = end;
    }
    return out;
}

void quoted_line(std::string& out, std::string_view line) {
    std::size_t column = 0;
    const auto add = [&](std::string_view piece) {
        if (column + piece.size() >= kLine) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto c = static_cast<unsigned char>(line[i]);
        const bool last = i + 1 == line.size();
        const bool literal =
            (c > 0x20 && c < 0x7F && c != '=' && !(c == '.' && column == 0)) || (c == ' ' && !last);
        add(literal ? std::string(1, line[i]) : fmt::format("={:02X}", c));
    }
    out += "\r\n";
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    while (!text.empty()) quoted_line(out, take_until(text, '\n'));
    return out;
}

/// "Wed, 14 Feb 2029 11:31:05 +0000".
std::string mail_date(Timestamp time) {
    constexpr std::string_view kDays[]{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view kMonths[]{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format(
        "{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday{day}.c_encoding()],
        static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
        clock.seconds().count());
}

/// A value that holds line ends would look like lines of ours.
std::string one_line(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text;
}

void put(std::string& out, std::string_view name, const std::string& raw) {
    const std::string text = one_line(raw);
    if (!text.empty()) out += fmt::format("{:<12} {}\n", fmt::format("{}:", name), text);
}

std::string content(const Message& message) {
    const auto& alert = message.alert;
    std::string out;
    if (is_exercise(alert)) out += "LATIHAN - this is an exercise, nothing of it is real.\n\n";
    out += one_line(printable_utf8(headline(alert), 2000)) + "\n\n";
    put(out, "TLP", "TLP:" + text_at(alert, "labels.tlp"));
    if (const auto* figures = find_path(alert, "kentongan.figures"))
        return out + "\n" + outline(*figures);
    put(out, "Severity", text_at(alert, "labels.severity"));
    put(out, "Rule", text_at(alert, "rule.name") + " (" + text_at(alert, "rule.id") + ")");
    put(out, "First seen", text_at(alert, "kentongan.first_seen"));
    put(out, "Last seen", text_at(alert, "kentongan.last_seen"));
    put(out, "Count", text_at(alert, "kentongan.count"));
    put(out, "Source", text_at(alert, "source.ip") + text_at(alert, "source.address"));
    put(out, "Target", text_at(alert, "destination.ip"));
    put(out, "User", text_at(alert, "user.name"));
    put(out, "Host", text_at(alert, "host.hostname"));
    put(out, "File", text_at(alert, "file.path"));
    put(out, "TPS", text_at(alert, "kentongan.sirekap.tps"));
    put(out, "Area", text_at(alert, "kentongan.sirekap.area"));
    put(out, "Sensor", text_at(alert, "observer.hostname"));
    put(out, "Alert", message.settings.link + text_at(alert, "event.id"));
    return out;
}

std::string addresses(const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : ",\r\n ") + one;
    return out;
}

}  // namespace

std::string to_mail(const Message& message) {
    const auto& alert = message.alert;
    const std::string id = text_at(alert, "event.id");
    const auto time = parse_rfc3339(text_at(alert, "@timestamp")).value_or(Timestamp{});
    const std::string mark =
        sha256_hex(std::string(message.type) + boost::json::serialize(alert)).substr(0, 16);
    const std::string subject =
        fmt::format("{}[{}] [TLP:{}] {}", is_exercise(alert) ? "LATIHAN (exercise): " : "",
                    text_at(alert, "labels.severity"), text_at(alert, "labels.tlp"),
                    text_at(alert, "rule.name"));
    std::string out = fmt::format(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}.{}@{}>\r\n"
        "Auto-Submitted: auto-generated\r\nX-Kentongan-Alert: {}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
        message.settings.mail_from, addresses(message.settings.mail_to), header_text(subject),
        mail_date(time), header_text(id), mark, header_text(message.settings.hostname),
        header_text(id));
    return out + quoted_printable(content(message));
}

}  // namespace kentongan
