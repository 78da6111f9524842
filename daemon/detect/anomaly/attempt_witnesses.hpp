#pragma once
// One login may be told by the server's log and by whoever watches the wire: it is one attempt.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/event/event.hpp"

namespace kentongan::anomaly {

/// The newest attempts of one source. An event is a repetition when there is an attempt of the same
/// outcome at the same kind of service, at most kApart away, that its own kind of witness has not
/// told. So of n attempts that one tells and m that another tells, max(n, m) count. Which server
/// was tried is not compared: logs name hosts, the wire addresses.
class AttemptWitnesses {
  public:
    /// sshd delays the log of a failure, the wire's view of SSH is told as late as its connection
    /// ends: by default sshd ends those without a login after two minutes.
    static constexpr Duration kApart = std::chrono::minutes{2};

    /// Whether another kind of witness told this attempt. `evicted` grows when one is let go that
    /// might still have been told again.
    bool repeats(const Event& event, std::uint64_t& evicted) {
        const auto witness = static_cast<std::uint8_t>(1u << static_cast<unsigned>(who(event)));
        const Service service = service_of(event);
        const bool success = event.text(Field::event_outcome) == "success";
        std::erase_if(newest_, [&](const Attempt& a) { return a.time + kApart < event.time; });
        for (Attempt& attempt : newest_)
            if (attempt.service == service && attempt.success == success &&
                (attempt.told_by & witness) == 0 && attempt.time - event.time <= kApart) {
                attempt.told_by |= witness;
                return true;
            }
        if (newest_.size() == kKept) {
            newest_.erase(newest_.begin());
            ++evicted;
        }
        newest_.push_back({event.time, service, success, witness});
        return false;
    }

  private:
    static constexpr std::size_t kKept = 32;
    enum class Witness : std::uint8_t { log, sensor, zeek };
    enum class Service : std::uint8_t { other, ssh, ftp, database, mail };
    struct Attempt {
        Timestamp time;
        Service service = Service::other;
        bool success = false;
        std::uint8_t told_by = 0;
    };

    static Witness who(const Event& event) {
        if (event.logsource.product == "zeek") return Witness::zeek;
        return event.has(Field::network_community_id) ? Witness::sensor : Witness::log;
    }
    /// By what the event says was done, or else by the program that tells it.
    static Service service_of(const Event& event) {
        constexpr std::array<std::pair<std::string_view, Service>, 9> kSigns{
            {{"ssh", Service::ssh},
             {"ftp", Service::ftp},
             {"database", Service::database},
             {"postgres", Service::database},
             {"mysql", Service::database},
             {"smtp", Service::mail},
             {"postfix", Service::mail},
             {"dovecot", Service::mail},
             {"sasl", Service::mail}}};
        for (const Field field : {Field::event_action, Field::process_name})
            for (const auto& [sign, service] : kSigns)
                if (event.text(field).find(sign) != std::string_view::npos) return service;
        return Service::other;
    }

    std::vector<Attempt> newest_;
};

}  // namespace kentongan::anomaly
