// Versions of published files on disk.
#include "collectors/sirekap/version_store.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "collectors/sirekap/document_head.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kIndexBytes = std::size_t{256} << 20;
constexpr int kLevel = 3;

/// What a server sends must not break the index's lines.
std::string one_field(std::string_view text) {
    std::string out = printable_utf8(text, 256);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return out;
}

std::string line_of(const KeptVersion& version) {
    return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", version.node, version.sha256, version.bytes,
                       one_field(version.ts), one_field(version.etag),
                       one_field(version.last_modified));
}

std::optional<KeptVersion> parse_line(std::string_view line) {
    std::array<std::string_view, 6> fields;
    for (auto& field : fields) field = take_until(line, '\t');
    const auto bytes = parse_number<std::uint64_t>(fields[2]);
    const bool is_hash = fields[1].size() == 64 &&
                         fields[1].find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!bytes || !is_hash || (fields[0] != "0" && !is_area_or_tps(fields[0]))) return std::nullopt;
    return KeptVersion{std::string(fields[0]), std::string(fields[1]), std::string(fields[3]),
                       std::string(fields[4]), std::string(fields[5]), *bytes};
}

std::string compressed(std::string_view body) {
    std::string out(ZSTD_compressBound(body.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), body.data(), body.size(), kLevel));
    return out;
}

}  // namespace

VersionStore::VersionStore(fs::path folder, std::uint64_t quota)
    : folder_(std::move(folder)), quota_(quota) {}

Result<VersionStore> VersionStore::open(const fs::path& folder, std::uint64_t quota_bytes) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return fail_errno("create", folder.native(), failed.value());
    VersionStore out{folder, quota_bytes};
    if (auto loaded = out.load(); !loaded) return std::unexpected(loaded.error());
    return out;
}

/// Lines of versions that are gone, or torn by a crash, are left out and the index is written anew.
Result<> VersionStore::load() {
    const fs::path index = folder_ / "index.tsv";
    std::error_code ignored;
    if (!fs::exists(index, ignored)) return {};
    const auto text = read_file(index, kIndexBytes);
    if (!text) return std::unexpected(text.error());
    std::string_view rest = *text;
    while (!rest.empty()) {
        auto version = parse_line(take_until(rest, '\n'));
        if (!version) continue;
        const auto size = fs::file_size(path_of(version->sha256), ignored);
        if (ignored || size != version->bytes) continue;
        take(std::move(*version));
    }
    make_room();
    std::string lines;
    for (const KeptVersion& version : replaced_) lines += line_of(version);
    for (const auto& [node, version] : newest_) lines += line_of(version);
    return replace_file(index, lines);
}

void VersionStore::take(KeptVersion version) {
    if (++uses_[version.sha256] == 1) bytes_ += version.bytes;
    const auto known = newest_.find(version.node);
    if (known == newest_.end()) {
        newest_.emplace(version.node, std::move(version));
    } else {
        replaced_.push_back(std::exchange(known->second, std::move(version)));
    }
}

const KeptVersion* VersionStore::newest(const std::string& node) const {
    const auto found = newest_.find(node);
    return found == newest_.end() ? nullptr : &found->second;
}

std::vector<KeptVersion> VersionStore::all_newest() const {
    std::vector<KeptVersion> out;
    for (const auto& [node, version] : newest_) out.push_back(version);
    return out;
}

Result<std::string> VersionStore::read(const std::string& sha256) const {
    const fs::path path = path_of(sha256);
    const auto packed = read_file(path, 2 * DocumentHead::kMaximumBytes);
    if (!packed) return packed;
    const auto size = ZSTD_getFrameContentSize(packed->data(), packed->size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > DocumentHead::kMaximumBytes)
        return fail(ErrorCode::data, "{}: not a kept version", path.native());
    std::string out(size, '\0');
    const auto got = ZSTD_decompress(out.data(), out.size(), packed->data(), packed->size());
    if (ZSTD_isError(got) != 0 || got != size || sha256_hex(out) != sha256)
        return fail(ErrorCode::data, "{}: damaged", path.native());
    return out;
}

Result<> VersionStore::keep(KeptVersion version, std::string_view body) {
    version.sha256 = sha256_hex(body);
    const fs::path path = path_of(version.sha256);
    std::error_code failed;
    const auto had = fs::file_size(path, failed);
    if (failed) {
        fs::create_directories(path.parent_path(), failed);
        if (failed) return fail_errno("create", path.parent_path().native(), failed.value());
        const std::string packed = compressed(body);
        if (auto written = replace_file(path, packed); !written) return written;
        version.bytes = packed.size();
    } else {
        version.bytes = had;
    }
    if (auto appended = append(version); !appended) return appended;
    take(std::move(version));
    make_room();
    return {};
}

Result<> VersionStore::append(const KeptVersion& version) {
    const fs::path index = folder_ / "index.tsv";
    std::ofstream out{index, std::ios::app | std::ios::binary};
    out << line_of(version);
    out.flush();
    if (!out) return fail(ErrorCode::io, "write {}", index.native());
    return {};
}

void VersionStore::make_room() {
    while (bytes_ > quota_ && !replaced_.empty()) {
        drop(replaced_.front());
        replaced_.pop_front();
    }
    while (bytes_ > quota_ && newest_.size() > 1) {
        const auto oldest = std::ranges::min_element(
            newest_, {}, [](const auto& entry) -> const std::string& { return entry.second.ts; });
        drop(oldest->second);
        newest_.erase(oldest);
    }
}

void VersionStore::drop(const KeptVersion& version) {
    ++dropped_;
    const auto uses = uses_.find(version.sha256);
    if (uses == uses_.end() || --uses->second > 0) return;
    uses_.erase(uses);
    bytes_ -= version.bytes;
    std::error_code ignored;
    fs::remove(path_of(version.sha256), ignored);
}

fs::path VersionStore::path_of(const std::string& sha256) const {
    return folder_ / sha256.substr(0, 2) / (sha256 + ".json.zst");
}

}  // namespace kentongan::sirekap
