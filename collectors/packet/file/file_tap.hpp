#pragma once
// Files that go over the wire: counted and hashed while their bytes pass.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "collectors/packet/stream/dissector.hpp"

struct evp_md_ctx_st;
struct evp_md_st;

namespace kentongan::packet {

struct DigestFree {
    void operator()(evp_md_ctx_st* context) const;
    void operator()(evp_md_st* digest) const;
};

/// One file while its bytes pass.
struct FileTransfer {
    std::string name;
    std::string mime_type;
    std::string source;
    std::uint64_t size = 0;
    std::uint64_t gap_bytes = 0;  ///< missing from its conversation while it was open
    std::uint64_t first_packet = 0;
    std::unique_ptr<evp_md_ctx_st, DigestFree> digest;
    std::string content;    ///< all of it so far, while it is kept
    bool keep = false;      ///< for rules that look at whole files
    bool left_out = false;  ///< it was to be kept, but is too large or too many are
};

/// Single-threaded. At most `limit` files are open at once; further ones are refused and counted.
/// A file up to kContentBytes is kept whole for YARA, all open ones together up to kHeldBytes; of
/// others `file.scan` says "too_large".
class FileTap {
  public:
    static constexpr std::size_t kNameBytes = 4096;
    static constexpr std::size_t kContentBytes = std::size_t{4} << 20;
    static constexpr std::size_t kHeldBytes = std::size_t{64} << 20;

    explicit FileTap(std::size_t limit = 4096);

    /// Null when too many are open. `keep`: its content is asked for.
    [[nodiscard]] std::unique_ptr<FileTransfer> begin(const ProtocolSink::FileFacts& facts,
                                                      const Moment& at, bool keep);
    void bytes(FileTransfer& file, Bytes data);
    /// Fills an event about the file. The hash is that of the whole file, or else left out. Gives
    /// its content where that was kept whole.
    std::string end(std::unique_ptr<FileTransfer> file, bool whole, Event& out);

    [[nodiscard]] std::uint64_t refused() const { return refused_; }
    [[nodiscard]] std::size_t open() const { return open_; }

  private:
    void drop_content(FileTransfer& file);

    std::size_t limit_;
    std::size_t open_ = 0;
    std::size_t held_ = 0;  // bytes of contents
    std::uint64_t refused_ = 0;
    std::unique_ptr<evp_md_st, DigestFree> sha256_;
    std::vector<std::unique_ptr<evp_md_ctx_st, DigestFree>> spare_;
};

}  // namespace kentongan::packet
