// The decoders of zlib, libzstd, liblzma and libbz2 behind one interface.
#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <climits>
#include <new>

#include "collectors/log/decompressor.hpp"

namespace kentongan::log {

namespace {

constexpr std::uint64_t kMemory = std::uint64_t{128} << 20;
constexpr int kZstdWindowLog = 27;  // 128 MiB

/// The libraries count in 32 bits.
unsigned limited(std::size_t size) {
    return static_cast<unsigned>(std::min<std::size_t>(size, INT_MAX));
}

template <class In, class Out>
void advance(In& in, Out& out, std::size_t in_left, std::size_t out_left) {
    in = in.subspan(in.size() - in_left);
    out = out.subspan(out.size() - out_left);
}

class Gzip final : public Codec {
  public:
    Gzip() {
        if (::inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc{};
    }
    ~Gzip() override { ::inflateEnd(&stream_); }
    Outcome decode(std::span<const char>& in, std::span<char>& out) override {
        const auto given = in.first(limited(in.size()));
        const auto room = out.first(limited(out.size()));
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(given.data()));
        stream_.avail_in = limited(given.size());
        stream_.next_out = reinterpret_cast<Bytef*>(room.data());
        stream_.avail_out = limited(room.size());
        const int status = ::inflate(&stream_, Z_NO_FLUSH);
        advance(in, out, in.size() - given.size() + stream_.avail_in,
                out.size() - room.size() + stream_.avail_out);
        if (status == Z_STREAM_END) return Outcome::ended;
        return status == Z_OK || status == Z_BUF_ERROR ? Outcome::more : Outcome::corrupt;
    }
    Result<> restart() override {
        if (::inflateReset(&stream_) != Z_OK)
            return fail(ErrorCode::internal, "inflateReset refused");
        return {};
    }

  private:
    z_stream stream_{};
};

class Zstd final : public Codec {
  public:
    Zstd() : stream_(::ZSTD_createDCtx()) {
        if (stream_ == nullptr) throw std::bad_alloc{};
        ::ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kZstdWindowLog);
    }
    ~Zstd() override { ::ZSTD_freeDCtx(stream_); }
    Outcome decode(std::span<const char>& in, std::span<char>& out) override {
        ZSTD_inBuffer given{in.data(), in.size(), 0};
        ZSTD_outBuffer room{out.data(), out.size(), 0};
        const auto left = ::ZSTD_decompressStream(stream_, &room, &given);
        advance(in, out, given.size - given.pos, room.size - room.pos);
        if (::ZSTD_isError(left) != 0) return Outcome::corrupt;
        return left == 0 ? Outcome::ended : Outcome::more;
    }
    Result<> restart() override {
        ::ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only);
        return {};
    }

  private:
    ZSTD_DCtx* stream_;
};

class Xz final : public Codec {
  public:
    Xz() { begin(); }
    ~Xz() override { ::lzma_end(&stream_); }
    Outcome decode(std::span<const char>& in, std::span<char>& out) override {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
        stream_.avail_in = in.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
        stream_.avail_out = out.size();
        const auto status = ::lzma_code(&stream_, LZMA_RUN);
        advance(in, out, stream_.avail_in, stream_.avail_out);
        if (status == LZMA_STREAM_END) return Outcome::ended;
        return status == LZMA_OK || status == LZMA_BUF_ERROR ? Outcome::more : Outcome::corrupt;
    }
    Result<> restart() override {
        ::lzma_end(&stream_);
        begin();
        return {};
    }

  private:
    void begin() {
        stream_ = LZMA_STREAM_INIT;
        if (::lzma_stream_decoder(&stream_, kMemory, 0) != LZMA_OK) throw std::bad_alloc{};
    }
    lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Bzip2 final : public Codec {
  public:
    Bzip2() { begin(); }
    ~Bzip2() override { ::BZ2_bzDecompressEnd(&stream_); }
    Outcome decode(std::span<const char>& in, std::span<char>& out) override {
        const auto given = in.first(limited(in.size()));
        const auto room = out.first(limited(out.size()));
        stream_.next_in = const_cast<char*>(given.data());
        stream_.avail_in = limited(given.size());
        stream_.next_out = room.data();
        stream_.avail_out = limited(room.size());
        const int status = ::BZ2_bzDecompress(&stream_);
        advance(in, out, in.size() - given.size() + stream_.avail_in,
                out.size() - room.size() + stream_.avail_out);
        if (status == BZ_STREAM_END) return Outcome::ended;
        return status == BZ_OK ? Outcome::more : Outcome::corrupt;
    }
    Result<> restart() override {
        ::BZ2_bzDecompressEnd(&stream_);
        begin();
        return {};
    }

  private:
    void begin() {
        stream_ = {};
        if (::BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc{};
    }
    bz_stream stream_{};
};

}  // namespace

std::unique_ptr<Codec> make_codec(Compression kind) {
    switch (kind) {
        case Compression::gzip:
            return std::make_unique<Gzip>();
        case Compression::zstd:
            return std::make_unique<Zstd>();
        case Compression::xz:
            return std::make_unique<Xz>();
        case Compression::bzip2:
            break;
    }
    return std::make_unique<Bzip2>();
}

}  // namespace kentongan::log
