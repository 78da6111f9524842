#include "daemon/async/http/message.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan::web {

namespace json = boost::json;

namespace {

constexpr std::size_t kParameterCap = 64;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

bool decode_path(std::string_view path, Target& out) {
    path.remove_prefix(1);
    while (!path.empty()) {
        auto segment = percent_decode(take_until(path, '/'));
        if (!segment) return false;
        out.segments.push_back(std::move(*segment));
    }
    return true;
}

bool decode_query(std::string_view query, Target& out) {
    while (!query.empty()) {
        std::string_view value = take_until(query, '&');
        if (value.empty()) continue;
        auto name = percent_decode(take_until(value, '='));
        auto decoded = percent_decode(value);
        if (!name || !decoded || out.query.size() == kParameterCap) return false;
        out.query.emplace_back(std::move(*name), std::move(*decoded));
    }
    return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
    if (target.starts_with("http://") || target.starts_with("https://")) {
        const auto path = target.find('/', target.find("://") + 3);
        target = path == std::string_view::npos ? "/" : target.substr(path);
    }
    if (!target.starts_with('/') || target.contains('\0')) return std::nullopt;
    target = target.substr(0, target.find('#'));
    Target out;
    const std::string_view path = take_until(target, '?');
    if (!decode_path(path, out) || !decode_query(target, out)) return std::nullopt;
    return out;
}

std::string_view reason_of(unsigned status) {
    struct Reason {
        unsigned status;
        std::string_view text;
    };
    static constexpr std::array kReasons{Reason{200, "OK"},
                                         Reason{201, "Created"},
                                         Reason{202, "Accepted"},
                                         Reason{304, "Not Modified"},
                                         Reason{400, "Bad Request"},
                                         Reason{401, "Unauthorized"},
                                         Reason{403, "Forbidden"},
                                         Reason{404, "Not Found"},
                                         Reason{405, "Method Not Allowed"},
                                         Reason{409, "Conflict"},
                                         Reason{412, "Precondition Failed"},
                                         Reason{413, "Content Too Large"},
                                         Reason{415, "Unsupported Media Type"},
                                         Reason{422, "Unprocessable Content"},
                                         Reason{429, "Too Many Requests"},
                                         Reason{431, "Request Header Fields Too Large"},
                                         Reason{500, "Internal Server Error"},
                                         Reason{503, "Service Unavailable"},
                                         Reason{505, "HTTP Version Not Supported"}};
    const auto found = std::ranges::find(kReasons, status, &Reason::status);
    return found == kReasons.end() ? "Unknown" : found->text;
}

Response problem(unsigned status, std::string_view detail, std::string_view instance,
                 const std::vector<FieldError>& errors) {
    json::object body{{"type", "about:blank"},
                      {"title", reason_of(status)},
                      {"status", status},
                      {"detail", printable_utf8(detail, 1000)},
                      {"instance", printable_utf8(instance, 200)}};
    json::array list;
    for (const FieldError& error : errors) {
        json::object item{{"detail", printable_utf8(error.detail, 300)}};
        if (!error.parameter.empty()) item["parameter"] = printable_utf8(error.parameter, 100);
        list.push_back(std::move(item));
    }
    if (!list.empty()) body["errors"] = std::move(list);
    return {.status = status, .type = "application/problem+json", .body = json::serialize(body)};
}

}  // namespace kentongan::web
