// A body by the destination's own pattern, for bots such as Telegram's.
#include <boost/json.hpp>

#include "daemon/base/text.hpp"
#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace {

std::string html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else
            out.push_back(c);
    }
    return out;
}

/// Telegram's MarkdownV2: every ASCII punctuation mark may be escaped, and these must be.
std::string markdown(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view{"_*[]()~`>#+-=|{}.!\\"}.contains(c)) out.push_back('\\');
        out.push_back(c);
    }
    return out;
}

std::string url(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || std::string_view{"-._~"}.contains(c);
        out += plain ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

/// What may stand between the quotes of a JSON string.
std::string inside_json(std::string_view text) {
    const std::string quoted = boost::json::serialize(boost::json::value(text));
    return quoted.substr(1, quoted.size() - 2);
}

std::string value_of(std::string_view name, const Message& message) {
    std::string_view path = name;
    const std::string_view how = take_until(path, ':');
    if (path.empty()) path = name;
    std::string text = path == "message" ? headline(message.alert) : text_at(message.alert, path);
    if (path == "link") text = message.settings.link + text_at(message.alert, "event.id");
    if (path == "type") text = message.type;
    if (how == "html") text = html(text);
    if (how == "markdown") text = markdown(text);
    if (how == "url") text = url(text);
    return inside_json(printable_utf8(text, 2000));
}

}  // namespace

std::string to_custom(const Message& message) {
    std::string out;
    std::string_view rest = message.settings.text;
    for (auto open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
        const auto close = rest.find("}}", open);
        if (close == std::string_view::npos) break;
        out += rest.substr(0, open);
        out += value_of(trim(rest.substr(open + 2, close - open - 2)), message);
        rest.remove_prefix(close + 2);
    }
    out += rest;
    return out;
}

}  // namespace kentongan
