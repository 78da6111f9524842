#pragma once
// Finds floods by their volume (D01) and by answers nobody asked for (D03).
#include <map>
#include <string>
#include <utility>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/anomaly/series/cusum.hpp"
#include "daemon/detect/anomaly/series/holt_winters.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From TrafficSecond, in bins of 10 s:
/// - for a network (/24, /48) and protocol: CUSUM (k .5, h 12) upwards of the standardised residual
///   of log bytes and of log packets against Holt-Winters, learnt for 60 bins, and at least three
///   times the expected bytes or packets and 10 Mbit/s or 10,000 packets/s: medium. With the speed
///   of the link known, over half of it and rising so that it is full within 5 minutes: medium;
///   over four fifths of it: critical. Whether the packets went to more or fewer hosts is said;
/// - for a host: more than 8 of 10 UDP packets from ports that reflect, without a query, 500 a
///   second, from 20 senders: high.
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
        std::uint32_t reflectors = 0;
        std::uint16_t port = 0;
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

    void close_bin(FindingSink& out);
    void judge(const Name& name, const Totals& totals, FindingSink& out);
    void judge_link(FindingSink& out);
    void judge_answers(const IpAddress& victim, const Answers& answers, FindingSink& out);
    [[nodiscard]] Finding finding(const RulePointer& rule, std::string entity,
                                  std::string message) const;

    std::size_t capacity_;
    double link_bytes_;  // a second
    Bins bins_{std::chrono::seconds{10}};
    std::map<Name, Totals> totals_;
    std::map<IpAddress, Answers> answers_;
    std::uint64_t link_total_ = 0;
    double link_before_ = 0;
    std::string capture_;
    std::uint64_t refused_ = 0;
    LruTable<std::string, Network> networks_;
    FindingEpisodes floods_;
    FindingEpisodes links_;
    FindingEpisodes reflections_;
};

}  // namespace kentongan::anomaly
