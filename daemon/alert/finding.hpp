#pragma once
// Finding: what a detector says about events. The alert desk merges findings into alerts.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

/// A pointer to what was seen: enough to find it again and to prove it has not changed.
struct Evidence {
    std::string kind;          ///< log, packet, file, event, aggregate
    std::string source;        ///< input name or path
    std::uint64_t offset = 0;  ///< byte offset of the line, number of the packet
    std::string sha256;        ///< lower-case hex, of the whole raw record or file
    std::string excerpt;       ///< at most 1 KiB, valid UTF-8
};

/// Whom and what a finding is about. Empty members are unknown.
struct Subject {
    std::optional<IpAddress> source_ip;
    std::optional<std::uint16_t> source_port;
    std::optional<IpAddress> destination_ip;
    std::optional<std::uint16_t> destination_port;
    std::string user;
    std::string host;
    std::string file_path;
    std::string file_sha256;
    std::string url;
    std::string tps;   ///< 13-digit code
    std::string area;  ///< 2, 4, 6 or 10 digits
};

struct Finding {
    std::shared_ptr<const Rule> rule;
    Timestamp time{};    ///< event time
    std::string entity;  ///< findings of one rule about one entity are one alert
    std::string message;
    Subject subject;
    std::vector<Evidence> evidence;
    std::optional<Severity> severity;  ///< when context decides; else the rule's
    std::uint64_t count = 1;           ///< events behind this finding
    /// Its alert stays open for at least so long after it, for there may be more of the same.
    Duration lasts{};
};

struct Hit;  // daemon/detect/hit.hpp

/// Where detectors put findings. Called on the detector's own thread.
class FindingSink {
  public:
    virtual ~FindingSink() = default;
    virtual void report(Finding finding) = 0;
    /// A match that only a detector with state can judge. A sink behind which there is none lets it
    /// go.
    virtual void report_hit(std::shared_ptr<const Hit> /*hit*/) {}
};

}  // namespace kentongan
