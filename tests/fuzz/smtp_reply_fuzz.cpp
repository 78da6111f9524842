// Replies of a mail server, split into lines as they come.
#include <cstdlib>
#include <string_view>

#include "daemon/base/text.hpp"
#include "daemon/deliver/net/smtp_reply.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    SmtpReplyReader reader;
    while (!rest.empty()) {
        const auto reply = reader.add(take_until(rest, '\n'));
        if (!reply) break;
        if (!*reply) continue;
        if ((*reply)->code < 200 || (*reply)->code > 599) std::abort();
        if ((*reply)->lines.size() > SmtpReplyReader::kLines) std::abort();
        const int status = status_of(**reply);
        if (status != 200 && status != 401 && status != 422 && status != 503) std::abort();
        (void)(*reply)->text();
        (void)(*reply)->extension("STARTTLS");
    }
    return 0;
}
