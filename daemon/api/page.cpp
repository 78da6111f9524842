// The operators' page: the files of daemon/console/, embedded in the program.
#include "daemon/api/handlers.hpp"
#include "daemon/console/files.hpp"

namespace kentongan::api {

Task<Response> show_page(Call call) {
    const auto& segments = call.request.parsed.segments;
    const std::string_view wanted = segments.empty() ? "index.html" : std::string_view{segments[0]};
    for (const console::File& file : console::files()) {
        if (file.name != wanted) continue;
        Response response = json_answer(call, std::string{file.content});
        response.type = file.type;
        co_return response;
    }
    co_return problem(404, "no such page", call.request.target);
}

}  // namespace kentongan::api
