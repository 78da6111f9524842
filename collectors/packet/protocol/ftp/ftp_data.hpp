#pragma once
// FTP's data connections: each brings one file, which its control connection announced.
#include <memory>

#include "collectors/packet/file/awaited_files.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

/// All that the sender sends is the file; it is whole when the sender ended it in order.
class FtpDataDissector final : public Dissector {
  public:
    explicit FtpDataDissector(AwaitedFile file);

    [[nodiscard]] Outcome bytes(Side from, Bytes data, const Moment& at,
                                ProtocolSink& out) override;
    [[nodiscard]] Outcome gap(Side from, std::uint64_t size, const Moment& at,
                              ProtocolSink& out) override;
    void end(const Moment& at, ProtocolSink& out) override;
    [[nodiscard]] std::size_t held_bytes() const override { return file_.name.capacity(); }

  private:
    void begin(const Moment& at, ProtocolSink& out);

    AwaitedFile file_;
    Side sender_;
    bool begun_ = false;
};

[[nodiscard]] std::unique_ptr<Dissector> make_ftp_data_dissector(AwaitedFile file);

}  // namespace kentongan::packet
