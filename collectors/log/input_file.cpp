// An open log file.
#include "collectors/log/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace kentongan::log {

namespace fs = std::filesystem;

namespace {

Timestamp time_of(const timespec& time) {
    return from_nanoseconds(std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec);
}

Result<std::size_t> read_at(int fd, const std::string& name, std::span<char> out,
                            std::uint64_t offset) {
    for (;;) {
        const auto count = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return fail_errno("read", name, errno);
    }
}

FileFacts facts_from(const struct stat& info) {
    return {static_cast<std::uint64_t>(info.st_ino), static_cast<std::uint64_t>(info.st_size),
            time_of(info.st_mtim), time_of(info.st_ctim), info.st_nlink};
}

Decompressor decoder_of(int fd, const std::string& name, Compression kind) {
    return {kind, [fd, &name](std::span<char> out, std::uint64_t offset) {
                return read_at(fd, name, out, offset);
            }};
}

}  // namespace

FileFacts facts_of(const fs::path& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? facts_from(info) : FileFacts{};
}

Result<InputFile> InputFile::open(const fs::path& path, bool stream) {
    InputFile out;
    out.name_ = std::make_unique<std::string>(path.string());
    const bool standard_input = stream && path == "-";
    // A pipe must not hold up the lane, so it is opened without waiting for its writer.
    const int wait = stream ? 0 : O_NONBLOCK;
    out.fd_ = FileDescriptor(standard_input ? ::dup(STDIN_FILENO)
                                            : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | wait));
    if (!out.fd_) return fail_errno("open", *out.name_, errno);
    struct stat info{};
    if (::fstat(out.fd_.value(), &info) != 0) return fail_errno("stat", *out.name_, errno);
    out.regular_ = S_ISREG(info.st_mode);
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::no_input, "open {}: is a folder, name a file in it", *out.name_);
    if (!out.regular_ && !stream)
        return fail(ErrorCode::no_input, "open {}: not a regular file", *out.name_);
    out.detect_compression();
    return out;
}

/// By name and by its first bytes: a plain file may be called anything.
void InputFile::detect_compression() {
    kind_ = regular_ ? compression_of(*name_) : std::nullopt;
    if (!kind_) return;
    std::array<char, 1> probe{};
    const auto size = facts().size;
    if (size > 0 && !decoder_of(fd_.value(), *name_, *kind_).read(probe))
        kind_.reset();
    else
        decoder_ = std::make_unique<Decompressor>(decoder_of(fd_.value(), *name_, *kind_));
}

FileFacts InputFile::facts() const {
    struct stat info{};
    return ::fstat(fd_.value(), &info) == 0 ? facts_from(info) : FileFacts{};
}

Timestamp InputFile::born() const {
    struct statx info{};
    if (::statx(fd_.value(), "", AT_EMPTY_PATH, STATX_BTIME, &info) != 0) return {};
    if ((info.stx_mask & STATX_BTIME) == 0) return {};
    return from_nanoseconds(info.stx_btime.tv_sec * 1'000'000'000 + info.stx_btime.tv_nsec);
}

Result<std::size_t> InputFile::read(std::span<char> out, std::uint64_t offset) const {
    if (decoder_) {
        auto count = decoder_->read(out);
        if (!count) return std::unexpected(count.error().within("read " + *name_));
        return count;
    }
    if (regular_) return read_at(fd_.value(), *name_, out, offset);
    for (;;) {
        const auto count = ::read(fd_.value(), out.data(), out.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return fail_errno("read", *name_, errno);
    }
}

std::string InputFile::head(std::size_t count) const { return bytes(0, count); }

std::string InputFile::bytes(std::uint64_t begin, std::uint64_t end) const {
    std::string out(end - begin, '\0');
    if (!regular_ || begin >= end) return {};
    if (!kind_) {
        out.resize(read_at(fd_.value(), *name_, out, begin).value_or(0));
        return out;
    }
    auto decoder = decoder_of(fd_.value(), *name_, *kind_);
    std::string passed(std::min<std::uint64_t>(begin, std::size_t{64} << 10), '\0');
    while (decoder.position() < begin) {
        const auto want = std::min<std::uint64_t>(begin - decoder.position(), passed.size());
        if (decoder.read({passed.data(), want}).value_or(0) == 0) return {};
    }
    std::size_t got = 0;
    while (got < out.size()) {
        const auto count = decoder.read(std::span(out).subspan(got)).value_or(0);
        if (count == 0) break;
        got += count;
    }
    out.resize(got);
    return out;
}

bool InputFile::holds(const Stretch& stretch) const {
    const auto now = bytes(stretch.begin, stretch.end);
    return now.size() == stretch.end - stretch.begin && sha256(as_bytes(now)) == stretch.digest;
}

bool InputFile::matches(const Position& position) const {
    const auto now = facts();
    if (now.inode != position.inode || (!kind_ && now.size < position.offset)) return false;
    return begins_as(position);
}

bool InputFile::begins_as(const Position& position) const {
    const auto start = head(position.fingerprint_bytes);
    return start.size() == position.fingerprint_bytes &&
           fingerprint_of(start) == position.fingerprint;
}

}  // namespace kentongan::log
