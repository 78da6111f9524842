#pragma once
// Finds floods by their volume (D01) and by answers nobody asked for (D03).
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/anomaly/series/cusum.hpp"
#include "daemon/detect/anomaly/series/holt_winters.hpp"
#include "daemon/detect/anomaly/state.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From TrafficSecond, in bins of 10 s:
/// - for a network (/24, /48) and protocol: CUSUM (k .5, h 12) upwards of the standardised residual
///   of log bytes and of log packets against Holt-Winters, learnt for 60 bins, and at least three
///   times the expected bytes or packets and 10 Mbit/s or 10,000 packets/s: medium. With the speed
///   of the link known, over half of it and rising so that it is full within 5 minutes: medium;
///   over four fifths of it: critical. Whether the packets went to more or fewer hosts is said;
/// - for a host: more than 8 of 10 UDP packets from ports that reflect, without a query, 500 a
///   second, from 20 senders: high. DNS answers, which must match a query's id to have been asked
///   for, count when they are over 512 bytes on average: a capture that sees one direction only
///   shows short answers without queries all day;
/// - for a server of ours (private or in `own_networks`) and a client that is not: answers ten
///   times as large as their queries, over 512 bytes on average, 20 a second: high. Our server
///   is being used to flood that client.
/// What is beyond the caps of TrafficSecond is not judged. Memory: 400 bytes a network.
class VolumetricDetector final : public Detector {
  public:
    explicit VolumetricDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.volumetric"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const TrafficSecond& traffic, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override { close_bin(out); }
    /// The usual course of each network.
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return networks_.size(); }

  private:
    using Name = std::pair<IpAddress, std::uint8_t>;
    struct Totals {
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;
        std::uint32_t hosts = 0;
    };
    struct Answers {
        std::uint64_t packets = 0;
        std::uint64_t unsolicited = 0;
        std::uint64_t bytes = 0;
        std::uint64_t dns = 0;  // of the unsolicited
        std::uint64_t dns_bytes = 0;
        std::uint32_t reflectors = 0;
        std::uint16_t port = 0;
    };
    struct Amplified {
        IpAddress server;
        IpAddress client;
        std::uint16_t port = 0;
        auto operator<=>(const Amplified&) const = default;
    };
    struct Amplification {
        std::uint64_t query_bytes = 0;
        std::uint64_t answers = 0;
        std::uint64_t answer_bytes = 0;
    };
    struct Course {
        HoltWinters line{{}, 1};
        Cusum sum{0.5, 12};
        double expected = 0;
        /// +1 when the course has left upwards for good.
        int add(double value, bool learning);
    };
    struct Network {
        Course bytes;
        Course packets;
        std::uint32_t bins = 0;
        double hosts = 0;  // usual
    };

    void add_prefixes(const TrafficSecond& traffic);
    void add_answers(const TrafficSecond& traffic);
    void add_amplifiers(const TrafficSecond& traffic);
    void close_bin(FindingSink& out);
    void judge(const Name& name, const Totals& totals, FindingSink& out);
    void judge_link(FindingSink& out);
    void judge_answers(const IpAddress& victim, const Answers& answers, FindingSink& out);
    void judge_amplifier(const Amplified& pair, const Amplification& sums, FindingSink& out);
    [[nodiscard]] Finding finding(const RulePointer& rule, std::string entity,
                                  std::string message) const;

    std::size_t capacity_;
    double link_bytes_;  // a second
    Bins bins_{std::chrono::seconds{10}};
    std::map<Name, Totals> totals_;
    std::map<IpAddress, Answers> answers_;
    std::map<Amplified, Amplification> amplified_;
    std::vector<IpNetwork> ours_;
    std::uint64_t link_total_ = 0;
    double link_before_ = 0;
    std::string capture_;
    std::uint64_t refused_ = 0;
    LruTable<std::string, Network> networks_;
    FindingEpisodes floods_;
    FindingEpisodes links_;
    FindingEpisodes reflections_;
    FindingEpisodes amplifiers_;
    StateClock clock_;
};

}  // namespace kentongan::anomaly
