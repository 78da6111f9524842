#include "daemon/deliver/format/csv.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

struct Column {
    std::string_view name;
    std::string_view pointer;  // RFC 6901
};
constexpr std::array kColumns{Column{"time", "/@timestamp"},
                              Column{"last_seen", "/kentongan/last_seen"},
                              Column{"severity", "/labels/severity"},
                              Column{"tlp", "/labels/tlp"},
                              Column{"exercise", "/labels/exercise"},
                              Column{"state", "/kentongan/state"},
                              Column{"rule", "/rule/id"},
                              Column{"rule_name", "/rule/name"},
                              Column{"message", "/message"},
                              Column{"source", "/source/ip"},
                              Column{"destination", "/destination/ip"},
                              Column{"user", "/user/name"},
                              Column{"host", "/host/hostname"},
                              Column{"url", "/url/original"},
                              Column{"file", "/file/path"},
                              Column{"area", "/kentongan/sirekap/area"},
                              Column{"tps", "/kentongan/sirekap/tps"},
                              Column{"count", "/kentongan/count"},
                              Column{"id", "/event/id"}};

std::string text_at(const json::value& alert, std::string_view pointer) {
    boost::system::error_code absent;
    const json::value* found = alert.find_pointer(pointer, absent);
    if (found == nullptr || found->is_null()) return {};
    return found->is_string() ? std::string{found->as_string()} : json::serialize(*found);
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string out;
    for (const char c : printable_utf8(text))
        if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f)
            out += fmt::format("\\x{:02x}", byte);
        else
            out += c;
    const auto first = out.find_first_not_of(' ');
    if (first != std::string::npos && std::string_view{"=+-@"}.contains(out[first]))
        out.insert(out.begin(), '\'');
    if (out.find_first_of(",\";'") == std::string::npos) return out;
    for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; at += 2)
        out.insert(at, 1, '"');
    return '"' + out + '"';
}

std::string csv_head() {
    std::string out;
    for (const Column& column : kColumns) (out.empty() ? out : out += ',') += column.name;
    return out;
}

std::string csv_row(const json::object& alert) {
    const json::value value(alert);
    std::string out;
    for (const Column& column : kColumns) {
        if (&column != kColumns.data()) out += ',';
        out += csv_cell(text_at(value, column.pointer));
    }
    return out;
}

}  // namespace kentongan
