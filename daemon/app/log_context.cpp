#include "daemon/app/log_context.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "collectors/log/rotation.hpp"
#include "daemon/alert/alert.hpp"
#include "daemon/api/context_reader.hpp"

namespace kentongan {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t kMostRotated = 32;
constexpr std::size_t kMostEntries = 4096;

/// The newest first.
std::vector<fs::path> rotations_of(const fs::path& log) {
    std::vector<std::pair<fs::file_time_type, fs::path>> found;
    std::error_code failed;
    std::size_t seen = 0;
    for (fs::directory_iterator it(log.parent_path(), failed), end; !failed && it != end;
         it.increment(failed)) {
        if (++seen > kMostEntries) break;
        std::error_code gone;
        if (log::is_rotation_of(log, it->path()))
            found.emplace_back(fs::last_write_time(it->path(), gone), it->path());
    }
    std::ranges::sort(found, std::greater{});
    std::vector<fs::path> out;
    for (auto& [time, path] : found)
        if (out.size() < kMostRotated) out.push_back(std::move(path));
    return out;
}

}  // namespace

Result<json::object> log_context(const std::map<std::string, LogSettings>& logs,
                                 const std::string& alert, std::size_t evidence) {
    boost::system::error_code bad;
    const auto read = alert_from_json(json::parse(alert, bad));
    if (!read || evidence >= read->evidence.size())
        return fail(ErrorCode::no_input, "the alert has no evidence of this number");
    const Evidence& wanted = read->evidence[evidence];
    for (const auto& [name, settings] : logs) {
        if (!api::is_path_of(settings.path, wanted.source)) continue;
        return to_json(
            api::read_context({.file = wanted.source,
                               .rotated = rotations_of(wanted.source),
                               .offset = wanted.offset,
                               .sha256 = wanted.sha256,
                               .excerpt = wanted.excerpt,
                               .line_bytes = static_cast<std::size_t>(settings.line_bytes),
                               .record_bytes = static_cast<std::size_t>(settings.record_bytes),
                               .record_lines = static_cast<std::size_t>(settings.record_lines)}));
    }
    return fail(ErrorCode::no_input, "this evidence is no line of a log that is read here");
}

}  // namespace kentongan
