#include "daemon/deliver/net/smtp_reply.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan {

std::string SmtpReply::text() const {
    std::string out = std::to_string(code);
    for (const std::string& line : lines) out.append(" ").append(line);
    return out;
}

std::optional<std::string> SmtpReply::extension(std::string_view keyword) const {
    for (std::size_t i = 1; i < lines.size(); ++i) {  // the first names the server
        std::string_view rest = lines[i];
        if (equals_ignoring_case(take_until(rest, ' '), keyword)) return std::string(rest);
    }
    return std::nullopt;
}

Result<std::optional<SmtpReply>> SmtpReplyReader::add(std::string_view line) {
    const auto code = line.size() >= 3 ? parse_number<int>(line.substr(0, 3)) : std::nullopt;
    const bool last = line.size() == 3 || (line.size() > 3 && line[3] == ' ');
    const bool more = line.size() > 3 && line[3] == '-';
    if (!code || *code < 200 || *code > 599 || (!last && !more))
        return fail(ErrorCode::data, "the mail server says \"{}\", which is no reply",
                    printable_utf8(line, 80));
    if (reply_.code != 0 && reply_.code != *code)
        return fail(ErrorCode::data, "the mail server's reply changes from {} to {}", reply_.code,
                    *code);
    if (reply_.lines.size() >= kLines)
        return fail(ErrorCode::data, "the mail server's reply has more than {} lines", kLines);
    reply_.code = *code;
    reply_.lines.push_back(printable_utf8(line.size() > 4 ? line.substr(4) : "", 200));
    if (more) return std::nullopt;
    return std::exchange(reply_, SmtpReply{});
}

int status_of(const SmtpReply& reply) {
    if (reply.code / 100 == 2) return 200;
    if (reply.code == 530 || reply.code == 534 || reply.code == 535 || reply.code == 538)
        return 401;
    return reply.code / 100 == 5 ? 422 : 503;
}

}  // namespace kentongan
