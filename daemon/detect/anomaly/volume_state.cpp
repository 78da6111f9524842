// Two days of volumes and a week of acquaintances, kept over a restart.
#include <fmt/format.h>

#include "daemon/detect/anomaly/volume_detector.hpp"

namespace kentongan::anomaly {

std::optional<std::string> VolumeDetector::checkpoint() {
    if (!clock_.take()) return std::nullopt;
    StateWriter out{name(), 1};
    out.begin("hosts");
    hosts_.for_each_touched([&](const IpAddress& address, Timestamp touched, const Host& host) {
        std::string line =
            fmt::format("{} {} {}", address.to_string(), stamp_of(host.first_seen), host.bins);
        for (const double sample : host.history.samples()) line += fmt::format(" {:.3f}", sample);
        out.add(touched, line);
    });
    out.begin("peers");
    peers_.for_each_touched([&](const AddressPair& pair, Timestamp touched, const Peer& peer) {
        out.add(touched, fmt::format("{} {} {} {} {} {}", pair.from.to_string(),
                                     pair.to.to_string(), stamp_of(peer.first_seen),
                                     stamp_of(peer.since), peer.sent, peer.told ? 1 : 0));
    });
    return out.finish();
}

bool VolumeDetector::restore_line(std::string_view section, StateLine line) {
    const auto from = IpAddress::parse(line.word().value_or(""));
    if (!from) return false;
    if (section == "hosts") {
        const auto first_seen = line.time();
        const auto bins = line.count();
        if (!first_seen || !bins) return false;
        Host& host = hosts_.touch(*from, line.touched()).value;
        host.first_seen = *first_seen;
        host.bins = static_cast<std::size_t>(*bins);
        while (!line.rest().empty()) {
            const auto sample = line.number();
            if (!sample) return false;
            (void)host.history.add(*sample);
        }
        return true;
    }
    const auto to = IpAddress::parse(line.word().value_or(""));
    const auto first_seen = line.time();
    const auto since = line.time();
    const auto sent = line.count();
    const auto told = line.count();
    if (section != "peers" || !to || !first_seen || !since || !sent || !told) return false;
    peers_.touch({*from, *to}, line.touched()).value = {*first_seen, *since, *sent, *told != 0};
    return true;
}

Result<> VolumeDetector::restore(std::string_view state) {
    auto out = read_state(state, name(), 1, [&](std::string_view section, StateLine line) {
        return restore_line(section, line);
    });
    if (!out) {
        hosts_.clear();
        peers_.clear();
    }
    return out;
}

}  // namespace kentongan::anomaly
