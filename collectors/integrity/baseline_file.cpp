#include "collectors/integrity/baseline_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <charconv>

namespace kentongan::integrity {

namespace json = boost::json;

namespace {

constexpr std::size_t kReadCap = std::size_t{4} << 30;
constexpr std::size_t kRewriteFrom = std::size_t{1} << 20;

Writer writer_to(int fd, const std::string& path) {
    return [fd, path](std::string_view piece) -> Result<> {
        while (!piece.empty()) {
            const ssize_t count = ::write(fd, piece.data(), piece.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return fail_errno("write", path, errno);
            piece.remove_prefix(static_cast<std::size_t>(count));
        }
        return {};
    };
}

/// A rename is durable once its folder is synced.
Result<> sync_folder(const std::filesystem::path& folder) {
    const FileDescriptor file{
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!file) return fail_errno("open", folder.native(), errno);
    if (::fsync(file.value()) != 0) return fail_errno("fsync", folder.native(), errno);
    return {};
}

}  // namespace

std::string to_json(const Progress& progress) {
    return fmt::format(R"({{"baseline":"{:016x}","generation":{}}})", progress.id,
                       progress.generation);
}

std::optional<Progress> parse_progress(std::string_view state) {
    boost::system::error_code error;
    const json::value value = json::parse({state.data(), state.size()}, error);
    if (error || !value.is_object()) return std::nullopt;
    const json::value* id = value.get_object().if_contains("baseline");
    const json::value* generation = value.get_object().if_contains("generation");
    if (!id || !id->is_string() || !generation) return std::nullopt;
    Progress out;
    const json::string& hex = id->get_string();
    const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), out.id, 16);
    out.generation = generation->to_number<std::uint64_t>(error);
    if (error || parsed.ec != std::errc{}) return std::nullopt;
    return out;
}

std::unexpected<Error> BaselineFile::refuse(std::string_view why) const {
    return fail(ErrorCode::data,
                "the baseline {} {}; restore it from a backup, or, to accept the files as they "
                "are now, replace it by an empty file",
                path_.native(), why);
}

Result<Opened> BaselineFile::open(std::string_view root, std::optional<Progress> bookmark) {
    auto content = read_file(path_, kReadCap);
    if (!content && content.error().code == ErrorCode::no_input) {
        if (bookmark) return refuse("is missing although alerts were raised from it");
        return Opened{};
    }
    if (!content) return std::unexpected(content.error());
    if (content->empty()) return Opened{};

    auto stored = decode_baseline(as_bytes(*content));
    if (!stored) return refuse(fmt::format("is damaged: {}", stored.error().message));
    if (stored->snapshot.root != root)
        return refuse(fmt::format("is of the folder {}, not of {}", stored->snapshot.root, root));
    if (bookmark && bookmark->id != stored->snapshot.id)
        return refuse("is not the one that alerts were raised from");

    Opened out;
    out.state = std::move(stored->snapshot);
    for (Delta& delta : stored->deltas)
        if (bookmark && delta.generation <= bookmark->generation)
            apply(delta, *out.state);
        else
            out.pending.push_back(std::move(delta));
    if (bookmark && out.state->generation < bookmark->generation)
        return refuse("is damaged: changes that alerts were raised from are lost");

    if (stored->intact_bytes < content->size() &&
        ::truncate(path_.c_str(), static_cast<off_t>(stored->intact_bytes)) != 0)
        return fail_errno("cut the torn end of", path_.native(), errno);
    snapshot_bytes_ = stored->snapshot_bytes;
    bytes_ = stored->intact_bytes;
    seal_ = stored->seal;
    return out;
}

Result<> BaselineFile::write(const Baseline& state) {
    const std::string temporary = path_.native() + ".new";
    const FileDescriptor file{
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file) return fail_errno("create", temporary, errno);
    const auto written = encode_snapshot(state, writer_to(file.value(), temporary));
    if (!written) return std::unexpected(written.error());
    if (::fsync(file.value()) != 0) return fail_errno("fsync", temporary, errno);
    if (::rename(temporary.c_str(), path_.c_str()) != 0)
        return fail_errno("rename", temporary, errno);
    if (auto synced = sync_folder(path_.parent_path()); !synced) return synced;
    snapshot_bytes_ = bytes_ = written->bytes;
    seal_ = written->seal;
    broken_ = false;
    return {};
}

Result<> BaselineFile::append(const Delta& delta) {
    if (broken_) return fail(ErrorCode::io, "{} has to be rewritten first", path_.native());
    const FileDescriptor file{::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file) {
        broken_ = true;
        return fail_errno("open", path_.native(), errno);
    }
    auto appended = append_to(file, delta);
    if (!appended) broken_ = true;
    return appended;
}

Result<> BaselineFile::append_to(const FileDescriptor& file, const Delta& delta) {
    if (::lseek(file.value(), 0, SEEK_END) != static_cast<off_t>(bytes_))
        return fail(ErrorCode::data, "{} was changed by somebody else", path_.native());
    const auto written = encode_delta(delta, seal_, writer_to(file.value(), path_.native()));
    if (!written) return std::unexpected(written.error());
    if (::fdatasync(file.value()) != 0) return fail_errno("fsync", path_.native(), errno);
    bytes_ += written->bytes;
    seal_ = written->seal;
    return {};
}

bool BaselineFile::wants_rewrite() const {
    const std::size_t deltas = bytes_ - snapshot_bytes_;
    return broken_ || (deltas > kRewriteFrom && deltas > snapshot_bytes_);
}

}  // namespace kentongan::integrity
