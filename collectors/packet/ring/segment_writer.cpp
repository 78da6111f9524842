#include "collectors/packet/ring/segment_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "collectors/packet/ring/pcapng.hpp"

namespace kentongan::packet::ring {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSegmentsOfQuota = 16;
constexpr std::uint64_t kLeastSegment = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostSegment = std::uint64_t{256} << 20;
constexpr int kLevel = 1;

std::string file_name(std::string name) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    };
    std::ranges::replace_if(name, [&](char c) { return !is_plain(c); }, '_');
    return name;
}

Result<FileDescriptor> create(const fs::path& path) {
    FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file) return fail(ErrorCode::io, "create {}: {}", path.string(), std::strerror(errno));
    return file;
}

Result<> write_all(const FileDescriptor& file, std::string_view bytes, std::string_view what) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.value(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return fail(ErrorCode::io, "write {}: {}", what, std::strerror(errno));
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

std::uint64_t size_of(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

}  // namespace

void SegmentWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

SegmentWriter::SegmentWriter(Options options)
    : options_{std::move(options.folder), file_name(std::move(options.name)), options.quota_bytes},
      context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
}
SegmentWriter::~SegmentWriter() = default;

/// Those of earlier runs count against the quota too.
Result<> SegmentWriter::find_segments() {
    std::error_code error;
    fs::create_directories(options_.folder, error);
    if (error) return fail(ErrorCode::io, "make {}: {}", options_.folder.string(), error.message());
    for (fs::directory_iterator at(options_.folder, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename();
        if (!name.starts_with(options_.name + ".") || !name.ends_with(kDataEnding)) continue;
        const std::string segment = name.substr(0, name.size() - kDataEnding.size());
        const std::uint64_t bytes =
            size_of(options_.folder / name) +
            size_of(options_.folder / (segment + std::string(kIndexEnding)));
        segments_[segment] = bytes;
        total_ += bytes;
    }
    if (error) return fail(ErrorCode::io, "list {}: {}", options_.folder.string(), error.message());
    found_ = true;
    return {};
}

BlockEntry SegmentWriter::index(std::string_view sections) {
    (void)for_each_packet(sections, [&](const CapturedPacket& packet, std::string_view) {
        indexer_.add(decode(packet.linktype, packet.bytes, packet.wire_bytes), packet.time);
    });
    return indexer_.take();
}

Result<> SegmentWriter::write(std::string_view sections) {
    if (!found_)
        if (auto found = find_segments(); !found) return found;
    BlockEntry entry = index(sections);
    frame_.resize(ZSTD_compressBound(sections.size()));
    const std::size_t size = ZSTD_compressCCtx(context_.get(), frame_.data(), frame_.size(),
                                               sections.data(), sections.size(), kLevel);
    if (ZSTD_isError(size) != 0)
        return fail(ErrorCode::internal, "compress packets: {}", ZSTD_getErrorName(size));
    frame_.resize(size);
    entry.raw_bytes = static_cast<std::uint32_t>(sections.size());
    const std::uint64_t most =
        std::clamp(options_.quota_bytes / kSegmentsOfQuota, kLeastSegment, kMostSegment);
    if (!open_.empty() && data_bytes_ >= most) close();
    if (open_.empty())
        if (auto begun = begin_segment(entry.first); !begun) return begun;
    auto appended = append(frame_, std::move(entry));
    if (!appended) close();
    make_room();
    return appended;
}

Result<> SegmentWriter::begin_segment(Timestamp first) {
    std::int64_t time = std::max<std::int64_t>(to_nanoseconds(first), 0);
    std::string name;
    do name = fmt::format("{}.{:019}", options_.name, time++);
    while (segments_.contains(name));
    auto data = create(options_.folder / (name + std::string(kDataEnding)));
    if (!data) return std::unexpected(data.error());
    auto index = create(options_.folder / (name + std::string(kIndexEnding)));
    if (!index) {
        std::error_code error;
        fs::remove(options_.folder / (name + std::string(kDataEnding)), error);
        return std::unexpected(index.error());
    }
    data_ = std::move(*data);
    index_ = std::move(*index);
    open_ = std::move(name);
    segments_[open_] = 0;
    return {};
}

/// The frame before its entry: what is not in the index is not looked for.
Result<> SegmentWriter::append(const std::string& frame, BlockEntry entry) {
    entry.offset = data_bytes_;
    entry.bytes = static_cast<std::uint32_t>(frame.size());
    std::string line;
    append_entry(line, entry);
    auto written = write_all(data_, frame, open_ + std::string(kDataEnding));
    if (written) written = write_all(index_, line, open_ + std::string(kIndexEnding));
    if (!written) {
        // What stays behind for want of even that is not in the index.
        (void)!::ftruncate(data_.value(), static_cast<off_t>(data_bytes_));
        (void)!::ftruncate(index_.value(), static_cast<off_t>(index_bytes_));
        return written;
    }
    data_bytes_ += frame.size();
    index_bytes_ += line.size();
    total_ += frame.size() + line.size();
    segments_[open_] += frame.size() + line.size();
    return {};
}

void SegmentWriter::make_room() {
    while (total_ > options_.quota_bytes && !segments_.empty()) {
        const auto oldest = segments_.begin();
        if (oldest->first == open_) close();
        std::error_code error;
        fs::remove(options_.folder / (oldest->first + std::string(kDataEnding)), error);
        fs::remove(options_.folder / (oldest->first + std::string(kIndexEnding)), error);
        total_ -= std::min(total_, oldest->second);
        segments_.erase(oldest);
    }
}

void SegmentWriter::close() {
    data_ = {};
    index_ = {};
    open_.clear();
    data_bytes_ = index_bytes_ = 0;
}

}  // namespace kentongan::packet::ring
