#pragma once
// One peering over libbroker 1.4; the only door to that library, whose headers stay behind it.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/zeek/bridge/settings.hpp"

namespace kentongan::bridge {

struct PeeringChange {
    enum class Kind { added, lost, failed };
    Kind kind;
    std::string reason;  ///< libbroker's words
};

/// Starts libbroker's threads; make it after any fork. Its end may hang with a peer that does not
/// answer (libbroker waits for it), so a process that has given up leaves by _Exit.
class BrokerLink {
  public:
    explicit BrokerLink(const Settings& settings);
    ~BrokerLink();

    /// Asks for the peering and returns; changes() tells what became of it, or nothing ever does.
    void connect(const Peer& peer);

    /// Readable when changes() has something; libbroker's, not to be closed.
    [[nodiscard]] int change_fd() const;
    [[nodiscard]] std::vector<PeeringChange> changes();

    /// The same for messages. `take` gets each Zeek event as a frame's JSON (see ../message.hpp);
    /// the answer is how many messages could not be made into one.
    [[nodiscard]] int message_fd() const;
    [[nodiscard]] std::uint64_t messages(const std::function<void(std::string_view)>& take);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace kentongan::bridge
