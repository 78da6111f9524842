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
    std::string head;       ///< its first bytes, to tell its type
    std::string content;    ///< all of it so far, while it is kept
    bool keep = false;      ///< for rules that look at whole files, or for the disk
    bool scan = false;      ///< for rules
    bool left_out = false;  ///< it was to be kept, but is too large or too many are
};

/// What became of the files; it only grows.
struct FileCounts {
    std::uint64_t hashed = 0;     ///< whole, and shown to rules where there are any
    std::uint64_t too_large = 0;  ///< whole and hashed, but not kept for rules
    std::uint64_t cut = 0;        ///< bytes of it are missing
    std::uint64_t refused = 0;    ///< not looked at: too many were open
};

/// Single-threaded. At most `limit` files are open at once; further ones are refused and counted.
/// A file up to kContentBytes is kept whole for YARA, all open ones together up to kHeldBytes; of
/// others `file.scan` says "too_large". `file.magic` is the type that its first bytes tell, and
/// `file.mime_type` what its sender says, or else the same.
class FileTap {
  public:
    static constexpr std::size_t kNameBytes = 4096;
    static constexpr std::size_t kContentBytes = std::size_t{4} << 20;
    static constexpr std::size_t kHeldBytes = std::size_t{64} << 20;

    /// What a file's content is asked for.
    struct Use {
        bool scan = false;   ///< rules look at it
        bool store = false;  ///< it is put on disk
    };

    explicit FileTap(std::size_t limit = 4096);

    /// Null when too many are open.
    [[nodiscard]] std::unique_ptr<FileTransfer> begin(const ProtocolSink::FileFacts& facts,
                                                      const Moment& at, Use use);
    void bytes(FileTransfer& file, Bytes data);
    /// Fills an event about the file. The hash is that of the whole file, or else left out. Gives
    /// its content where that was kept whole; hand it back with reuse() after use.
    std::string end(std::unique_ptr<FileTransfer> file, bool whole, Event& out);
    void reuse(std::string content);

    [[nodiscard]] const FileCounts& counts() const { return counts_; }
    [[nodiscard]] std::size_t open() const { return open_; }

  private:
    /// Buffers kept for the next files, so that each need not grow from nothing.
    static constexpr std::size_t kSpareContents = 8;
    static constexpr std::size_t kSpareBytes = std::size_t{1} << 20;

    void drop_content(FileTransfer& file);

    std::size_t limit_;
    std::size_t open_ = 0;
    std::size_t held_ = 0;  // bytes of contents
    FileCounts counts_;
    std::vector<std::string> spare_contents_;
    std::unique_ptr<evp_md_st, DigestFree> sha256_;
    std::vector<std::unique_ptr<evp_md_ctx_st, DigestFree>> spare_;
};

}  // namespace kentongan::packet
