#pragma once
// FileChannel: one message a line in a file, on the disk before it is acknowledged, put by when it
// is large; or into a pipe that somebody reads.
#include <memory>

#include "daemon/base/time.hpp"
#include "daemon/deliver/delivery_channel.hpp"

namespace kentongan {

struct FileSettings {
    std::string path{};
    std::uint64_t rotate_bytes = std::uint64_t{64} << 20;
    std::chrono::milliseconds timeout{20000};  ///< for a reader of the pipe to make room
};

class FileChannel final : public DeliveryChannel {
  public:
    /// `blocking` may block: files are written there. `clock` names files that are put by:
    /// PATH.20290214T113105Z, with a number when there is one already.
    FileChannel(asio::any_io_executor blocking, FileSettings settings,
                const Clock& clock = system_clock());
    ~FileChannel() override;

    /// Errors name the file and the reason: no room, nobody reads the pipe.
    Task<Result<Receipt>> deliver(Delivery message) override;
    /// Opens the file again: another program may have moved it.
    Result<Swap> reread() override;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace kentongan
