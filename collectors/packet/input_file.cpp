#include "collectors/packet/input_file.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace kentongan::packet {

namespace {

constexpr int kGzipFirst = 0x1F;
constexpr int kZstdFirst = 0x28;

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdin) std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Compressed bytes in, plain bytes out; the common part of both formats.
class Inflater {
  public:
    explicit Inflater(File file) : file_(std::move(file)) {}
    virtual ~Inflater() = default;
    /// Bytes written to `out`; 0 at the end, -1 where the data are damaged or break off.
    ssize_t read(char* out, std::size_t size) {
        for (std::size_t made = 0;;) {
            if (begin_ == end_ && !file_ended_) fill();
            if (begin_ == end_ && file_ended_ && whole_) return 0;
            const std::size_t before = begin_;
            if (!step(out, size, made)) return -1;
            if (made > 0) return static_cast<ssize_t>(made);
            if (file_ended_ && begin_ == before && begin_ == end_ && !whole_) return -1;
        }
    }

  protected:
    /// Moves begin_ on, sets `made` and whole_; false where the data are damaged.
    virtual bool step(char* out, std::size_t size, std::size_t& made) = 0;

    std::array<unsigned char, 64 * 1024> in_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool whole_ = true;  // no member is open

  private:
    void fill() {
        begin_ = 0;
        end_ = std::fread(in_.data(), 1, in_.size(), file_.get());
        file_ended_ = end_ < in_.size();
    }

    File file_;
    bool file_ended_ = false;
};

class Gunzip final : public Inflater {
  public:
    explicit Gunzip(File file) : Inflater(std::move(file)) {
        constexpr int kGzipOnly = 15 + 16;
        ok_ = inflateInit2(&state_, kGzipOnly) == Z_OK;
    }
    ~Gunzip() override { inflateEnd(&state_); }

  private:
    bool step(char* out, std::size_t size, std::size_t& made) override {
        if (!ok_) return false;
        if (std::exchange(whole_, false) && inflateReset(&state_) != Z_OK) return false;
        state_.next_in = in_.data() + begin_;
        state_.avail_in = static_cast<uInt>(end_ - begin_);
        state_.next_out = reinterpret_cast<Bytef*>(out);
        state_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
        const uInt room = state_.avail_out;
        const int status = inflate(&state_, Z_NO_FLUSH);
        begin_ = end_ - state_.avail_in;
        made = room - state_.avail_out;
        whole_ = status == Z_STREAM_END;
        return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
    }

    z_stream state_{};
    bool ok_ = false;
};

class Unzstd final : public Inflater {
  public:
    explicit Unzstd(File file) : Inflater(std::move(file)), state_(ZSTD_createDCtx()) {}

  private:
    struct Free {
        void operator()(ZSTD_DCtx* state) const { ZSTD_freeDCtx(state); }
    };

    bool step(char* out, std::size_t size, std::size_t& made) override {
        ZSTD_inBuffer from{in_.data(), end_, begin_};
        ZSTD_outBuffer to{out, size, 0};
        const std::size_t status = ZSTD_decompressStream(state_.get(), &to, &from);
        begin_ = from.pos;
        made = to.pos;
        whole_ = status == 0;
        return ZSTD_isError(status) == 0;
    }

    std::unique_ptr<ZSTD_DCtx, Free> state_;
};

Result<std::FILE*> wrap(std::unique_ptr<Inflater> inflater, const std::string& path) {
    cookie_io_functions_t functions{};
    functions.read = [](void* cookie, char* out, std::size_t size) -> ssize_t {
        const ssize_t made = static_cast<Inflater*>(cookie)->read(out, size);
        if (made < 0) errno = EBADMSG;
        return made;
    };
    functions.close = [](void* cookie) {
        delete static_cast<Inflater*>(cookie);
        return 0;
    };
    std::FILE* out = fopencookie(inflater.get(), "rb", functions);
    if (out == nullptr) return fail(ErrorCode::no_input, "open {}: {}", path, std::strerror(errno));
    (void)inflater.release();
    return out;
}

}  // namespace

Result<std::FILE*> open_input(const std::string& path) {
    File file(path == "-" ? stdin : std::fopen(path.c_str(), "rbe"));
    if (!file) return fail(ErrorCode::no_input, "open {}: {}", path, std::strerror(errno));
    constexpr std::size_t kReadAhead = 128 * 1024;  // stdio's 4 KiB would mean a call for each
    if (file.get() != stdin) std::setvbuf(file.get(), nullptr, _IOFBF, kReadAhead);
    const int first = std::fgetc(file.get());
    if (first != EOF) std::ungetc(first, file.get());
    if (first == kGzipFirst) return wrap(std::make_unique<Gunzip>(std::move(file)), path);
    if (first == kZstdFirst) return wrap(std::make_unique<Unzstd>(std::move(file)), path);
    return file.release();
}

Result<std::vector<std::string>> input_files(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) return std::vector{path};
    std::vector<std::string> out;
    for (fs::directory_iterator each(path, error), end; !error && each != end;
         each.increment(error))
        if (each->is_regular_file(error) && !each->path().filename().string().starts_with('.'))
            out.push_back(each->path().string());
    if (error) return fail(ErrorCode::no_input, "read folder {}: {}", path, error.message());
    if (out.empty()) return fail(ErrorCode::no_input, "folder {} holds no files", path);
    std::ranges::sort(out);
    return out;
}

}  // namespace kentongan::packet
