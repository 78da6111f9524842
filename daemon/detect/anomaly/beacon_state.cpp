// The calls of each pair, kept over a restart: a beat of hours needs days to be seen.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/detect/anomaly/beacon_detector.hpp"

namespace kentongan::anomaly {

std::optional<std::string> BeaconDetector::checkpoint() {
    if (!clock_.take()) return std::nullopt;
    StateWriter out{name(), 1};
    out.begin("pairs");
    pairs_.for_each_touched([&](const std::string& key, Timestamp touched, const Pair& pair) {
        std::string line = fmt::format("{} {} {} {}", key, stamp_of(pair.first), pair.told ? 1 : 0,
                                       stamp_of(pair.told_at));
        for (const Call& call : pair.calls) line += fmt::format(" {} {}", call.at, call.bytes);
        out.add(touched, line);
    });
    return out.finish();
}

bool BeaconDetector::restore_line(std::string_view section, StateLine line) {
    std::string key;
    for (int i = 0; i < 3; ++i) {
        const auto word = line.word();
        if (!word) return false;
        key += (i == 0 ? "" : " ") + std::string(*word);
    }
    const auto first = line.time();
    const auto told = line.count();
    const auto told_at = line.time();
    if (section != "pairs" || !first || !told || !told_at) return false;
    Pair pair{*first, {}, 0, *told != 0, *told_at};
    while (!line.rest().empty() && pair.calls.size() < kRing) {
        const auto at = line.number();
        const auto bytes = line.number();
        if (!at || !bytes) return false;
        pair.calls.push_back({static_cast<float>(*at), static_cast<float>(*bytes)});
    }
    if (!std::ranges::is_sorted(pair.calls, {}, &Call::at)) return false;
    pairs_.touch(key, line.touched()).value = std::move(pair);
    return true;
}

Result<> BeaconDetector::restore(std::string_view state) {
    auto out = read_state(state, name(), 1, [&](std::string_view section, StateLine line) {
        return restore_line(section, line);
    });
    resumed_ = out.has_value();
    if (!out) pairs_.clear();
    return out;
}

}  // namespace kentongan::anomaly
