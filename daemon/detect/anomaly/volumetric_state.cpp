// The usual course of traffic, kept over a restart: ten minutes of learning, and a flood that goes
// on over it.
#include <fmt/format.h>

#include <array>

#include "daemon/detect/anomaly/volumetric_detector.hpp"

namespace kentongan::anomaly {

namespace {

std::string words_of(const HoltWinters::Learnt& learnt) {
    return fmt::format("{} {} {} {} {}", learnt.level, learnt.trend, learnt.season,
                       learnt.deviation, learnt.seen);
}

std::optional<HoltWinters::Learnt> learnt_of(StateLine& line) {
    std::array<std::optional<double>, 4> numbers;
    for (auto& number : numbers) number = line.number();
    const auto seen = line.count();
    for (const auto& number : numbers)
        if (!number) return std::nullopt;
    if (!seen || *seen > (1U << 30) || *numbers[3] < 0) return std::nullopt;
    return HoltWinters::Learnt{*numbers[0], *numbers[1], *numbers[2], *numbers[3],
                               static_cast<std::uint32_t>(*seen)};
}

}  // namespace

std::optional<std::string> VolumetricDetector::checkpoint() {
    if (!clock_.take()) return std::nullopt;
    StateWriter out{name(), 1};
    out.begin("networks");
    networks_.for_each_touched(
        [&](const std::string& entity, Timestamp touched, const Network& network) {
            out.add(touched, fmt::format("{} {} {} {} {}", network.bins, network.hosts,
                                         words_of(network.bytes.line.learnt()),
                                         words_of(network.packets.line.learnt()), entity));
        });
    return out.finish();
}

Result<> VolumetricDetector::restore(std::string_view state) {
    auto out = read_state(state, name(), 1, [&](std::string_view section, StateLine line) {
        const auto bins = line.count();
        const auto hosts = line.number();
        const auto bytes = learnt_of(line);
        const auto packets = learnt_of(line);
        if (section != "networks" || !bins || *bins > UINT32_MAX || !hosts || !bytes || !packets ||
            line.rest().empty())
            return false;
        Network& network = networks_.touch(std::string(line.rest()), line.touched()).value;
        network.bins = static_cast<std::uint32_t>(*bins);
        network.hosts = *hosts;
        network.bytes.line.take_up(*bytes);
        network.packets.line.take_up(*packets);
        return true;
    });
    if (!out) networks_.clear();
    return out;
}

}  // namespace kentongan::anomaly
