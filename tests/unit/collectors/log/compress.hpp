#pragma once
// Compresses texts as gzip, zstd, xz and bzip2 do.
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "collectors/log/decompressor.hpp"

namespace kentongan::log {

inline std::string gzipped(std::string_view text) {
    z_stream stream{};
    if (::deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string out(::deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

inline std::string compressed(Compression kind, std::string_view text) {
    if (kind == Compression::gzip) return gzipped(text);
    std::string out(text.size() + text.size() / 10 + 4096, '\0');
    std::size_t size = 0;
    if (kind == Compression::zstd) {
        size = ::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
    } else if (kind == Compression::xz) {
        ::lzma_easy_buffer_encode(3, LZMA_CHECK_CRC64, nullptr,
                                  reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                  reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
    } else {
        auto length = static_cast<unsigned>(out.size());
        ::BZ2_bzBuffToBuffCompress(out.data(), &length, const_cast<char*>(text.data()),
                                   static_cast<unsigned>(text.size()), 1, 0, 0);
        size = length;
    }
    out.resize(size);
    return out;
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Puts file.gz (or as `kind` is named) in the place of the file, as gzip does.
inline std::filesystem::path compress_file(const std::filesystem::path& file,
                                           Compression kind = Compression::gzip) {
    constexpr const char* kEnds[] = {".gz", ".zst", ".xz", ".bz2"};
    const std::filesystem::path out = file.string() + kEnds[static_cast<int>(kind)];
    std::ofstream(out, std::ios::binary) << compressed(kind, content_of(file));
    std::filesystem::remove(file);
    return out;
}

}  // namespace kentongan::log
