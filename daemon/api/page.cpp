// The operators' console: the files of daemon/console/, embedded in the program, some of them
// compressed as well.
#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"
#include "daemon/console/files.hpp"

namespace kentongan::api {

namespace {

const console::File* find(std::string_view name) {
    for (const console::File& file : console::files())
        if (file.name == name) return &file;
    return nullptr;
}

/// Whether a client takes this content coding: it names it, and not with q=0 (RFC 9110 §12.5.3).
bool takes(std::string_view accepted, std::string_view coding) {
    while (!accepted.empty()) {
        std::string_view one = take_until(accepted, ',');
        const std::string_view name = trim(take_until(one, ';'));
        if (!equals_ignoring_case(name, coding)) continue;
        const std::string_view weight = trim(one);
        return weight.find_first_of("123456789") != std::string_view::npos || weight.empty();
    }
    return false;
}

}  // namespace

Task<Response> show_page(Call call) {
    const auto& segments = call.request.parsed.segments;
    const std::string name = segments.empty() ? "index.html" : segments[0];
    const console::File* file = find(name);
    if (file == nullptr) co_return problem(404, "no such page", call.request.target);
    std::string_view coding;
    for (const auto& [candidate, suffix] : {std::pair{"br", ".br"}, std::pair{"gzip", ".gz"}}) {
        if (!takes(call.request.accept_encoding, candidate)) continue;
        if (const console::File* small = find(name + suffix)) {
            file = small;
            coding = candidate;
            break;
        }
    }
    Response response = json_answer(call, std::string{file->content});
    response.type = file->type;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (!coding.empty()) response.headers.emplace_back("Content-Encoding", coding);
    co_return response;
}

}  // namespace kentongan::api
