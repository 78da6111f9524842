// ArcSight's Common Event Format, version 0.
#include <array>

#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace {

/// A header field: no bar, no line end that would start another event.
std::string header(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '|') out.push_back('\\');
        out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    }
    return out;
}

/// A value of the extension: line ends become \n, other control characters blanks.
std::string value(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' || c == '=') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\r' || c == '\n') {
            if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
            out += "\\n";
        } else {
            out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
        }
    }
    return out;
}

void put(std::string& out, std::string_view key, const std::string& text) {
    if (!text.empty()) out += fmt::format("{}{}={}", out.empty() ? "" : " ", key, value(text));
}

void put_labelled(std::string& out, int number, std::string_view label, const std::string& text) {
    if (text.empty()) return;
    put(out, fmt::format("cs{}Label", number), std::string(label));
    put(out, fmt::format("cs{}", number), text);
}

std::string millis(const boost::json::object& alert, std::string_view path) {
    const auto time = millis_at(alert, path);
    return time == 0 ? "" : std::to_string(time);
}

std::string extension(const Message& message) {
    const auto& alert = message.alert;
    std::string out;
    put(out, "rt", millis(alert, "event.created"));
    put(out, "start", millis(alert, "kentongan.first_seen"));
    put(out, "end", millis(alert, "kentongan.last_seen"));
    put(out, "src", text_at(alert, "source.ip"));
    put(out, "spt", text_at(alert, "source.port"));
    put(out, "dst", text_at(alert, "destination.ip"));
    put(out, "dpt", text_at(alert, "destination.port"));
    put(out, "shost", text_at(alert, "host.hostname"));
    put(out, "suser", text_at(alert, "user.name"));
    put(out, "fname", text_at(alert, "file.path"));
    put(out, "fileHash", text_at(alert, "file.hash.sha256"));
    put(out, "request", text_at(alert, "url.original"));
    put(out, "cat", text_at(alert, "rule.category"));
    put(out, "act", std::string(message.type));
    put(out, "externalId", text_at(alert, "event.id"));
    put(out, "dvchost", text_at(alert, "observer.hostname"));
    put(out, "cnt", text_at(alert, "kentongan.count"));
    put_labelled(out, 1, "tlp", text_at(alert, "labels.tlp"));
    put_labelled(out, 2, "tps", text_at(alert, "kentongan.sirekap.tps"));
    put_labelled(out, 3, "area", text_at(alert, "kentongan.sirekap.area"));
    put_labelled(out, 4, "exercise", text_at(alert, "labels.exercise"));
    put_labelled(out, 5, "sourceNetwork", text_at(alert, "source.address"));
    put(out, "msg", headline(alert));
    return out;
}

}  // namespace

std::string to_cef(const Message& message) {
    constexpr std::array kSeverity{0, 3, 5, 8, 10};
    const auto& alert = message.alert;
    std::string name = text_at(alert, "rule.name");
    if (is_exercise(alert)) name.insert(0, "LATIHAN (exercise): ");
    return fmt::format("CEF:0|{}|kentongan|{}|{}|{}|{}|{}", header(message.settings.vendor),
                       KENTONGAN_VERSION, header(text_at(alert, "rule.id")), header(name),
                       kSeverity[level_of(alert)], extension(message));
}

}  // namespace kentongan
