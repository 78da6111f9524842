#pragma once
// Files that a conversation announced and another connection will bring: FTP's.
#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet {

/// The file that one connection brings.
struct AwaitedFile {
    std::string name;
    bool by_originator = false;  ///< who opens the connection sends it
    bool whole = true;           ///< false: the sender begins in its middle
};

/// A connection to be: who opens it, and towards what.
struct AwaitedEnds {
    IpAddress originator;
    IpAddress responder;
    std::uint16_t responder_port = 0;
    std::uint64_t network = 0;  ///< as Tuple::network

    auto operator<=>(const AwaitedEnds&) const = default;
};

/// From any lane: the captures of one interface share it, as the two connections of a transfer may
/// come on different ones. What nobody came for within kPatience of packet time is let go, and of
/// more than `limit` the oldest.
class AwaitedFiles {
  public:
    static constexpr Duration kPatience = std::chrono::minutes{2};

    explicit AwaitedFiles(std::size_t limit = 4096) : limit_(limit) {}

    /// False: another one was let go for it.
    [[nodiscard]] bool await(const AwaitedEnds& ends, AwaitedFile file, Timestamp now);
    void forget(const AwaitedEnds& ends);
    /// Once for each that was awaited.
    [[nodiscard]] std::optional<AwaitedFile> take(const AwaitedEnds& ends, Timestamp now);

    [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_relaxed); }

  private:
    struct Entry {
        AwaitedFile file;
        Timestamp until;
        std::list<AwaitedEnds>::iterator place;
    };
    using Table = std::map<AwaitedEnds, Entry>;

    void drop(Table::iterator entry);

    const std::size_t limit_;
    std::atomic<std::size_t> size_{0};  // so that who asks in vain need not wait for the lock
    std::mutex mutex_;
    Table table_;
    std::list<AwaitedEnds> oldest_first_;
};

}  // namespace kentongan::packet
