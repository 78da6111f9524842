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
};

/// Single-threaded. At most `limit` files are open at once; further ones are refused and counted.
class FileTap {
  public:
    static constexpr std::size_t kNameBytes = 4096;

    explicit FileTap(std::size_t limit = 4096);

    /// Null when too many are open.
    [[nodiscard]] std::unique_ptr<FileTransfer> begin(const ProtocolSink::FileFacts& facts,
                                                      const Moment& at);
    void bytes(FileTransfer& file, Bytes data);
    /// Fills an event about the file. The hash is that of the whole file, or else left out.
    void end(std::unique_ptr<FileTransfer> file, bool whole, Event& out);

    [[nodiscard]] std::uint64_t refused() const { return refused_; }
    [[nodiscard]] std::size_t open() const { return open_; }

  private:
    std::size_t limit_;
    std::size_t open_ = 0;
    std::uint64_t refused_ = 0;
    std::unique_ptr<evp_md_st, DigestFree> sha256_;
    std::vector<std::unique_ptr<evp_md_ctx_st, DigestFree>> spare_;
};

}  // namespace kentongan::packet
