#pragma once
// What ten seconds of requests to one service look like, in numbers that tell a crowd from a flood.
#include <array>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

#include "daemon/detect/anomaly/flood/rotating_bloom.hpp"
#include "daemon/detect/anomaly/flood/source_sample.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/series/space_saving.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::anomaly {

/// The measures of one bin; those that cannot be told from it are absent.
struct FloodMeasures {
    double requests = 0;
    double sources = 0;
    std::optional<double> new_sources;     ///< f1: share of requests from networks not seen in 7 d
    std::optional<double> entropy;         ///< f2: of networks, normalised to 0..1
    std::optional<double> median_rate;     ///< f3: requests of a source
    std::optional<double> top_rate;        ///< f3: the 99th percentile of it
    std::optional<double> rate_variation;  ///< f3: its coefficient of variation
    std::optional<double> answered;        ///< f4: share of 2xx and 3xx
    std::optional<double> assets;          ///< f5: style, script and image requests for each page
    std::optional<double> top_client;      ///< f6: share of the commonest fingerprint
    std::map<std::uint64_t, double> clients;  ///< f6: share of each that is common, by its hash
    std::optional<double> top_path;           ///< f7: share of the commonest path
    std::optional<double> new_queries;        ///< f7: share of requests with a query never seen
    std::optional<double> access;             ///< f8: share from the access networks
    std::optional<double> completed;          ///< f9: handshakes finished, of those begun
};

/// What all services share: what was seen before. 16 MiB when in use.
struct FloodMemory {
    explicit FloodMemory(const AnomalyOptions& options)
        : hash(options.seed),
          access(options.access_networks),
          asns(options.asns),
          access_asns(options.access_asns) {}
    [[nodiscard]] bool knows_access() const {
        return !access.empty() || (asns && !access_asns.empty());
    }
    [[nodiscard]] bool is_access(const IpAddress& source) const;

    KeyedHash hash;
    std::vector<IpNetwork> access;
    std::shared_ptr<const AsnTable> asns;
    std::vector<std::uint32_t> access_asns;
    RotatingBloom networks{std::chrono::hours{24 * 7}};
    RotatingBloom queries{std::chrono::hours{24 * 7}};
};

/// Counts one bin of one service in bounded memory, about 200 KiB.
class FloodBin {
  public:
    explicit FloodBin(std::uint64_t seed)
        : networks_(1000, seed), clients_(64, seed), paths_(256, seed) {}

    void add(const Event& request, const IpAddress& source, FloodMemory& memory);
    void add_handshakes(std::uint64_t begun, std::uint64_t completed);
    [[nodiscard]] FloodMeasures measures(const FloodMemory& memory) const;
    /// Networks in it that were not seen in the week before, by their hashes.
    [[nodiscard]] std::vector<std::uint64_t> take_new_networks();

    static constexpr std::size_t kNewNetworks = 1024;
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

  private:
    std::uint64_t requests_ = 0;
    std::uint64_t from_new_ = 0;
    std::uint64_t from_access_ = 0;
    std::uint64_t with_status_ = 0;
    std::uint64_t succeeded_ = 0;
    std::uint64_t assets_ = 0;
    std::uint64_t with_client_ = 0;
    std::uint64_t new_queries_ = 0;
    std::uint64_t syns_ = 0;
    std::uint64_t completed_ = 0;
    SpaceSaving networks_;
    SpaceSaving clients_;
    SpaceSaving paths_;
    SourceSample sources_;
    std::unordered_set<std::uint64_t> new_networks_;
};

}  // namespace kentongan::anomaly
