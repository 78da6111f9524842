// Thirty days of peers and services, kept over a restart.
#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/fan_out_detector.hpp"

namespace kentongan::anomaly {

std::optional<std::string> FanOutDetector::checkpoint() {
    if (!clock_.take()) return std::nullopt;
    StateWriter out{name(), 1};
    out.begin("begun");
    out.add(begun_, "");
    out.begin("pairs");
    pairs_.for_each_touched([&](const AddressPair& pair, Timestamp touched, bool) {
        out.add(touched, fmt::format("{} {}", pair.from.to_string(), pair.to.to_string()));
    });
    out.begin("hosts");
    hosts_.for_each_touched([&](const IpAddress& host, Timestamp touched, Timestamp since) {
        out.add(touched, fmt::format("{} {}", stamp_of(since), host.to_string()));
    });
    out.begin("services");
    services_.for_each_touched([&](const Endpoint& service, Timestamp touched, bool) {
        out.add(touched, fmt::format("{} {}", service.address.to_string(), service.port));
    });
    return out.finish();
}

bool FanOutDetector::restore_line(std::string_view section, StateLine line) {
    if (section == "begun") {
        begun_ = line.touched();
        return true;
    }
    if (section == "hosts") {
        const auto since = line.time();
        const auto host = IpAddress::parse(line.rest());
        if (since && host) hosts_.touch(*host, line.touched()).value = *since;
        return since && host;
    }
    const auto first = IpAddress::parse(line.word().value_or(""));
    if (section == "pairs") {
        const auto second = IpAddress::parse(line.rest());
        if (first && second) pairs_.touch({*first, *second}, line.touched());
        return first && second;
    }
    const auto port = parse_number<std::uint16_t>(line.rest());
    if (section != "services" || !first || !port) return false;
    services_.touch({*first, *port}, line.touched());
    return true;
}

Result<> FanOutDetector::restore(std::string_view state) {
    auto out = read_state(state, name(), 1, [&](std::string_view section, StateLine line) {
        return restore_line(section, line);
    });
    if (!out) {
        pairs_.clear();
        hosts_.clear();
        services_.clear();
        begun_ = Timestamp::max();
    }
    return out;
}

}  // namespace kentongan::anomaly
