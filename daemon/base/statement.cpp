#include "daemon/base/statement.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

void put_text(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : printable_utf8(text)) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20)
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                else
                    out += c;
        }
    }
    out += '"';
}

}  // namespace

std::string to_canonical_json(const Statement& statement) {
    std::string out = "{";
    for (const auto& [key, value] : statement) {
        if (out.size() > 1) out += ',';
        put_text(out, key);
        out += ':';
        if (const auto* text = std::get_if<std::string>(&value))
            put_text(out, *text);
        else if (const auto* number = std::get_if<std::int64_t>(&value))
            out += fmt::format("{}", *number);
        else
            out += std::get<bool>(value) ? "true" : "false";
    }
    return out + "}";
}

std::string signed_record(const Statement& statement, const SigningKey* key) {
    const std::string body = to_canonical_json(statement);
    if (key == nullptr) return fmt::format("{{\"statement\":{}}}", body);
    return fmt::format("{{\"key\":\"{}\",\"signature\":\"{}\",\"statement\":{}}}", key->id(),
                       key->sign(body), body);
}

}  // namespace kentongan
