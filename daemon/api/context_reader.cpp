#include "daemon/api/context_reader.hpp"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <optional>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

FileDescriptor open_log(const fs::path& path) {
    FileDescriptor file{
        ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    struct stat status{};
    if (file && (::fstat(file.value(), &status) != 0 || !S_ISREG(status.st_mode))) return {};
    return file;
}

/// The bytes from `begin` on, at most `count`; fewer at the end of the file.
std::string read_at(const FileDescriptor& file, std::uint64_t begin, std::size_t count) {
    std::string out(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        const auto got = ::pread(file.value(), out.data() + have, count - have,
                                 static_cast<off_t>(begin + have));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
}

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// A format may take its record out of a line, so that the digest is of a part of it.
bool holds_excerpt(std::string_view line, const ContextWanted& wanted) {
    return !wanted.excerpt.empty() && sha256_hex(wanted.excerpt) == wanted.sha256 &&
           line.contains(wanted.excerpt);
}

/// How many bytes of `text`, which begins with it, are the record; nothing when it is another.
std::optional<std::size_t> record_in(std::string_view text, const ContextWanted& wanted) {
    std::string_view rest = text;
    const std::string_view first = take_until(rest, '\n');
    const auto end = text.size() - rest.size();
    const std::string_view line = first.substr(0, wanted.line_bytes);
    if (sha256_hex(without_return(line)) == wanted.sha256 || holds_excerpt(line, wanted))
        return end;
    Sha256 joined;
    std::size_t size = 0;
    rest = text;
    for (std::size_t i = 0; i < wanted.record_lines && !rest.empty(); ++i) {
        std::string_view next = take_until(rest, '\n').substr(0, wanted.line_bytes);
        if (i > 0 && size < wanted.record_bytes) {
            joined.update("\n");
            ++size;
        }
        next = next.substr(0, wanted.record_bytes - std::min(wanted.record_bytes, size));
        // The last line of a record loses its carriage return, those before it keep theirs.
        joined.update(without_return(next));
        const Sha256Digest digest = joined.so_far();
        joined.update(next.substr(without_return(next).size()));
        size += next.size();
        if (to_hex(digest) == wanted.sha256) return text.size() - rest.size();
    }
    return std::nullopt;
}

ContextLine shown(std::string_view line, bool cut) {
    line = without_return(line);
    return {printable_utf8(line.substr(0, ContextWanted::kShownBytes)),
            cut || line.size() > ContextWanted::kShownBytes};
}

/// `whole`: the text ends where the file does, or with the end of a line.
std::vector<ContextLine> first_lines(std::string_view text, bool whole, std::size_t most) {
    std::vector<ContextLine> out;
    while (!text.empty() && out.size() < most) {
        const bool ends = text.contains('\n');
        const std::string_view line = take_until(text, '\n');
        out.push_back(shown(line, !ends && !whole));
    }
    return out;
}

/// `whole`: the text begins where the file does.
std::vector<ContextLine> last_lines(std::string_view text, bool whole) {
    std::vector<ContextLine> out;
    if (text.empty()) return out;
    if (text.ends_with('\n')) text.remove_suffix(1);
    while (out.size() < ContextWanted::kMostLines) {
        const auto at = text.rfind('\n');
        const bool first = at == std::string_view::npos;
        out.push_back(shown(first ? text : text.substr(at + 1), first && !whole));
        if (first) break;
        text = text.substr(0, at);
    }
    std::ranges::reverse(out);
    return out;
}

bool look(const FileDescriptor& file, const ContextWanted& wanted, Context& out) {
    constexpr std::size_t kNear = ContextWanted::kNearBytes;
    const auto ahead = static_cast<std::size_t>(std::min<std::uint64_t>(wanted.offset, kNear));
    const std::size_t longest = std::max(wanted.line_bytes, wanted.record_bytes) + kNear;
    const std::string bytes = read_at(file, wanted.offset - ahead, ahead + longest + kNear);
    if (bytes.size() <= ahead) return false;
    const std::string_view text = std::string_view{bytes}.substr(ahead);
    const auto length = record_in(text, wanted);
    if (!length) return false;
    const bool at_end = bytes.size() < ahead + longest + kNear;
    out.before = last_lines(std::string_view{bytes}.substr(0, ahead), wanted.offset == ahead);
    out.record = first_lines(text.substr(0, *length), true, 5 * ContextWanted::kMostLines);
    out.after = first_lines(text.substr(*length), at_end, ContextWanted::kMostLines);
    return true;
}

json::array to_json(const std::vector<ContextLine>& lines) {
    json::array out;
    for (const ContextLine& line : lines)
        out.push_back(json::object{{"text", line.text}, {"cut", line.cut}});
    return out;
}

}  // namespace

Context read_context(const ContextWanted& wanted) {
    Context out;
    std::vector<fs::path> files{wanted.file};
    files.insert(files.end(), wanted.rotated.begin(), wanted.rotated.end());
    for (const fs::path& path : files) {
        const FileDescriptor file = open_log(path);
        if (!file) continue;
        out.state = "changed";
        if (!look(file, wanted, out)) continue;
        out.state = path == wanted.file ? "same" : "rotated";
        out.file = printable_utf8(path.filename().native(), 256);
        return out;
    }
    return out;
}

json::object to_json(const Context& context) {
    return {{"state", context.state},
            {"file", context.file},
            {"before", to_json(context.before)},
            {"record", to_json(context.record)},
            {"after", to_json(context.after)}};
}

bool is_path_of(const std::string& setting, const std::string& path) {
    const fs::path whole{path};
    if (path.empty() || path.contains('\0') ||
        std::ranges::any_of(whole, [](const auto& part) { return part == ".." || part == "."; }))
        return false;
    return path == setting ||
           ::fnmatch(setting.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
}

}  // namespace kentongan::api
