#include "daemon/ledger/archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdint>

namespace kentongan::ledger {

namespace {

// APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
constexpr std::string_view kLocal{"PK\x03\x04", 4};
constexpr std::string_view kCentral{"PK\x01\x02", 4};
constexpr std::string_view kEnd{"PK\x05\x06", 4};
constexpr std::size_t kLocalHeader = 30;

void put16(std::string& out, std::uint32_t value) {
    out += static_cast<char>(value & 0xFF);
    out += static_cast<char>(value >> 8 & 0xFF);
}
void put32(std::string& out, std::uint32_t value) {
    put16(out, value & 0xFFFF);
    put16(out, value >> 16);
}

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// What the local and the central header have in common, from "version needed" to "extra length".
std::string common_header(std::string_view name, std::string_view content) {
    std::string out;
    put16(out, 20);      // version needed
    put16(out, 0x0800);  // names are UTF-8
    put16(out, 0);       // stored
    put16(out, 0);       // time
    put16(out, 0x21);    // 1 January 1980
    put32(out, checksum(content));
    put32(out, static_cast<std::uint32_t>(content.size()));
    put32(out, static_cast<std::uint32_t>(content.size()));
    put16(out, static_cast<std::uint32_t>(name.size()));
    put16(out, 0);
    return out;
}

struct Writer {
    std::string body{};
    std::string directory{};
    std::uint32_t count = 0;

    void add(std::string_view name, std::string_view content) {
        const std::string common = common_header(name, content);
        directory.append(kCentral);
        put16(directory, 0x031E);  // made by Unix
        directory += common;
        put16(directory, 0);  // comment
        put16(directory, 0);  // disk
        put16(directory, 0);
        put32(directory, std::uint32_t{0100644} << 16);
        put32(directory, static_cast<std::uint32_t>(body.size()));
        directory.append(name);
        body.append(kLocal).append(common).append(name).append(content);
        ++count;
    }
    std::string finish() {
        const auto start = static_cast<std::uint32_t>(body.size());
        body += directory;
        body += kEnd;
        put16(body, 0);
        put16(body, 0);
        put16(body, count);
        put16(body, count);
        put32(body, static_cast<std::uint32_t>(directory.size()));
        put32(body, start);
        put16(body, 0);
        return std::move(body);
    }
};

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint32_t out = 0;
    for (std::size_t i = width; i-- > 0;)
        out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
    return out;
}

}  // namespace

bool is_archive_name(std::string_view name) {
    if (name.empty() || name.size() > 512 || name.front() == '/' || name.back() == '/')
        return false;
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"._-+/"}.contains(c);
    };
    return std::ranges::all_of(name, allowed) && !name.contains("..") && !name.contains("//");
}

Result<std::string> write_archive(const ArchiveFiles& files) {
    if (files.size() > kMostFiles)
        return fail(ErrorCode::data, "package: {} files, more than {}", files.size(), kMostFiles);
    Writer writer;
    for (const auto& [name, content] : files) {
        if (!is_archive_name(name))
            return fail(ErrorCode::data, "package: \"{}\" cannot be a file's name in it", name);
        if (writer.body.size() + content.size() > kLargestArchive)
            return fail(ErrorCode::data, "package: larger than {} MiB; export fewer alerts",
                        kLargestArchive >> 20);
        writer.add(name, content);
    }
    return writer.finish();
}

Result<ArchiveFiles> read_archive(std::string_view bytes) {
    const auto wrong = [](std::size_t at) {
        return fail(ErrorCode::data, "package: at byte {} it is not as it was written", at);
    };
    if (bytes.size() > 2 * kLargestArchive) return wrong(0);
    ArchiveFiles out;
    Writer again;
    std::size_t at = 0;
    while (bytes.substr(at).starts_with(kLocal)) {
        if (bytes.size() - at < kLocalHeader || out.size() == kMostFiles) return wrong(at);
        const std::size_t size = number_at(bytes, at + 22, 4);
        const std::size_t length = number_at(bytes, at + 26, 2);
        if (bytes.size() - at - kLocalHeader < size + length) return wrong(at);
        const std::string_view name = bytes.substr(at + kLocalHeader, length);
        const std::string_view content = bytes.substr(at + kLocalHeader + length, size);
        const bool in_order = out.empty() || out.rbegin()->first < name;
        if (!is_archive_name(name) || !in_order) return wrong(at);
        again.add(name, content);
        const std::size_t next = at + kLocalHeader + length + size;
        if (std::string_view{again.body}.substr(at) != bytes.substr(at, next - at))
            return wrong(at);
        out.emplace(name, content);
        at = next;
    }
    if (again.finish() != bytes) return wrong(at);
    return out;
}

}  // namespace kentongan::ledger
