// Request targets, listing parameters and Authorization headers of any bytes: bounds hold, and a
// cursor we hand out is one we take back.
#include <cstdlib>

#include "daemon/api/alert_parameters.hpp"
#include "daemon/api/tokens.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    static const api::Tokens tokens = [] {
        api::Tokens made;
        made.add("fuzz-token-0123456789");
        return made;
    }();
    if (tokens.accept(text) && !text.contains("fuzz-token-0123456789")) std::abort();
    const auto target = api::parse_target(text);
    if (!target) return 0;
    for (const std::string& segment : target->segments)
        if (segment.contains('\0')) std::abort();
    const api::AlertsWanted wanted =
        api::parse_alerts_wanted(*target, SearchRequest::What::page, Timestamp{});
    if (wanted.request.limit < 1 || wanted.request.limit > 1000) std::abort();
    const api::Response refusal = api::problem(400, "refused", text, wanted.errors);
    if (refusal.body.empty()) std::abort();
    if (!wanted.errors.empty() || !wanted.request.after) return 0;
    const bool newest = wanted.request.newest_first;
    api::Target again;
    again.query = {{"order", newest ? "newest" : "oldest"},
                   {"cursor", api::to_cursor(newest, *wanted.request.after)}};
    const api::AlertsWanted taken =
        api::parse_alerts_wanted(again, SearchRequest::What::page, Timestamp{});
    if (!taken.errors.empty() || taken.request.after != wanted.request.after) std::abort();
    return 0;
}
