// Bodies sent to the intake: the first line is the content type, the rest the body.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/report/submission.hpp"
#include "daemon/base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    web::Request request;
    request.content_type = take_until(rest, '\n');
    request.body = rest;
    const auto sent = report::read_submission(request);
    if (!sent) return 0;
    for (const std::string_view photo : sent->photos)
        if (photo.data() < request.body.data() ||
            photo.data() + photo.size() > request.body.data() + request.body.size())
            std::abort();
    const Timestamp now = from_nanoseconds(1'732'694'400'000'000'000);
    auto checked = report::check(*sent, {}, now);
    if (!checked.problems.empty()) return 0;
    // A report that is in order is read again as it was written.
    checked.report.ticket = "KT-0000-0000";
    const std::string json = report::to_json(checked.report);
    const auto again = report::report_from_json(json);
    if (!again || report::to_json(*again) != json || json.find('\n') != std::string::npos)
        std::abort();
    return 0;
}
