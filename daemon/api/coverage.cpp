// Uploads of an area and of those below it.
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kLongestCode = 10;

struct Asked {
    std::string area;
    std::optional<Timestamp> at;
    std::vector<FieldError> errors;
};

Asked parse(const Target& target) {
    Asked out;
    for (const auto& [name, value] : target.query) {
        if (name == "area") {
            out.area = value;
            if (value.size() > kLongestCode)
                out.errors.push_back({name, "expected the code of an area, 2 to 10 characters"});
        } else if (name == "at") {
            out.at = parse_rfc3339(value);
            if (!out.at)
                out.errors.push_back({name,
                                      "expected an RFC 3339 time such as "
                                      "2024-11-27T11:00:00Z (a + is sent as %2B)"});
        } else {
            out.errors.push_back({printable_utf8(name, 40), "unknown; there are area and at"});
        }
    }
    return out;
}

}  // namespace

Task<Response> show_coverage(Call call) {
    const Asked asked = parse(call.request.parsed);
    if (!asked.errors.empty())
        co_return problem(400, "a parameter is wrong", call.request.target, asked.errors);
    const auto& coverage = call.service.dependencies.coverage;
    if (!coverage)
        co_return problem(404, "there is no register of TPS: set sirekap.register",
                          call.request.target);
    const auto report = coverage(asked.area, asked.at);
    if (!report)
        co_return problem(404, "the register has no area of this code", call.request.target);
    co_return json_answer(call, json::serialize(*report));
}

}  // namespace kentongan::api
