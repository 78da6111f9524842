#pragma once
// Agencies: one delivery worker and one channel for each destination, so that none waits for
// another.
#include <boost/json/array.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/alert/pseudonym.hpp"
#include "daemon/config/config.hpp"
#include "daemon/deliver/delivery_worker.hpp"
#include "daemon/deliver/destinations.hpp"

namespace kentongan {

class Agencies {
  public:
    /// What they run on; all of it outlives them.
    struct Surroundings {
        asio::any_io_executor loop;
        asio::any_io_executor store;
        asio::any_io_executor files;  ///< may block
        Metrics& metrics;
        const Clock& clock;
        std::string hostname;
        Page page{};  ///< somebody has to be told about a destination
        Tell tell{};  ///< what the history says of what was delivered
    };

    /// Opens the channel of every enabled [delivery.NAME]. Error: the first whose URL, key or CA
    /// file is wrong.
    [[nodiscard]] static Result<std::unique_ptr<Agencies>> open(
        const NamedTables<DeliverySettings>& settings, Outbox& outbox, Surroundings around);

    void start(TaskGroup& group);
    void notify();
    /// Those named here are sent nothing, and say why; the others are sent what waits.
    void pause(const std::map<std::string, std::string>& paused);
    /// Reads key files and certificates again; they are in force once the answer is called. An
    /// error names every failure.
    [[nodiscard]] Result<DeliveryChannel::Swap> reread_keys();
    /// Whether an agency has a destination that is open.
    [[nodiscard]] bool knows(const std::string& agency) const;
    /// [{"agency","destination","kind","state","state_code","attention"}]
    [[nodiscard]] boost::json::array status() const;

  private:
    struct Agency {
        std::string name;
        std::string agency;
        std::string kind;
        std::unique_ptr<DeliveryChannel> channel;
        std::unique_ptr<DeliveryWorker> worker;
    };
    std::vector<Agency> agencies_;
};

/// The table that the desk makes bodies by: all tables of [delivery], enabled or not (their
/// messages wait), and [unit]. Error: a template or a format that does not fit the kind.
[[nodiscard]] Result<std::shared_ptr<const Destinations>> destinations_of(const Config& config,
                                                                          std::string hostname);
/// Of [redaction].
[[nodiscard]] Result<PseudonymKeys> pseudonym_keys(const Config& config);

}  // namespace kentongan
