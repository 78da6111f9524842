#include "collectors/packet/traffic_meter.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "collectors/packet/end_hash.hpp"

namespace kentongan::packet {

namespace {

constexpr std::size_t kSlots = 2 * TrafficMeter::kTrackedServices;  // a power of two
constexpr std::size_t kMaximumBitmaps = 1024;  // 8 KiB each are kept from one second to the next

bool by_address(const TrafficSecond::Service& a, const TrafficSecond::Service& b) {
    return std::tie(a.destination, a.port) < std::tie(b.destination, b.port);
}

bool busier(const TrafficSecond::Service& a, const TrafficSecond::Service& b) {
    if (a.syns != b.syns) return a.syns > b.syns;
    return by_address(a, b);
}

}  // namespace

TrafficMeter::TrafficMeter(std::string_view source, std::uint64_t seed)
    : seed_(seed), destinations_(seed), slots_(kSlots, 0) {
    open_.source = source;
}

std::size_t TrafficMeter::slot_of(const Tuple& tuple) const {
    const std::uint64_t h = end_hash(seed_, tuple.destination, tuple.destination_port);
    return static_cast<std::size_t>(h >> 20) & (kSlots - 1);
}

void TrafficMeter::begin(Timestamp now) {
    open_ = TrafficSecond{.second = std::chrono::floor<std::chrono::seconds>(now),
                          .source = open_.source,
                          .services = {},
                          .attempts = {},
                          .prefixes = {},
                          .reflections = {},
                          .amplifiers = {},
                          .held = {}};
    end_ = open_.second + std::chrono::seconds{1};
}

std::optional<TrafficSecond> TrafficMeter::close_before(Timestamp now) {
    if (now < end_) return std::nullopt;
    auto out = close();
    begin(now);
    return out;
}

std::optional<TrafficSecond> TrafficMeter::close() {
    if (open_.packets == 0 && used_ == 0 && open_.attempts.empty() && open_.left_out == 0)
        return std::nullopt;
    std::ranges::sort(open_.attempts, {}, [](const TrafficSecond::Attempt& a) {
        return std::tie(a.source, a.destination, a.port, a.succeeded);
    });
    TrafficSecond out = std::exchange(open_, {});
    open_.source = out.source;
    open_.second = out.second;
    const std::size_t seen = used_;
    out.services = take_services();
    out.left_out += seen - out.services.size();
    destinations_.take(out);
    return out;
}

std::vector<TrafficSecond::Service> TrafficMeter::take_services() {
    std::vector<TrafficSecond::Service> out;
    out.reserve(used_);
    for (std::size_t i = 0; i < used_; ++i) {
        tracked_[i].service.sources = tracked_[i].sources.count();
        tracked_[i].sources.clear();
        out.push_back(tracked_[i].service);
    }
    if (used_ > 0) std::ranges::fill(slots_, std::uint16_t{0});
    if (used_ > kMaximumBitmaps) tracked_.resize(kMaximumBitmaps);
    used_ = 0;
    if (out.size() > kServices) {
        std::ranges::nth_element(out, out.begin() + kServices, busier);
        out.resize(kServices);
    }
    std::ranges::sort(out, by_address);
    return out;
}

TrafficMeter::Tracked* TrafficMeter::find(const Tuple& tuple) {
    std::size_t at = slot_of(tuple);
    for (; slots_[at] != 0; at = (at + 1) & (kSlots - 1)) {
        Tracked& here = tracked_[slots_[at] - 1u];
        if (here.service.port == tuple.destination_port &&
            here.service.destination == tuple.destination)
            return &here;
    }
    if (used_ == kTrackedServices) {
        ++open_.left_out;
        return nullptr;
    }
    if (used_ == tracked_.size()) tracked_.emplace_back();
    Tracked& made = tracked_[used_++];
    made.service = {.destination = tuple.destination, .port = tuple.destination_port};
    slots_[at] = static_cast<std::uint16_t>(used_);
    return &made;
}

void TrafficMeter::syn(const Tuple& tuple) {
    if (Tracked* here = find(tuple)) {
        ++here->service.syns;
        here->sources.add(tuple.source);
    }
}
void TrafficMeter::completed(const Tuple& tuple) {
    if (Tracked* here = find(tuple)) ++here->service.completed;
}
void TrafficMeter::ended(const Tuple& tuple) {
    if (Tracked* here = find(tuple)) ++here->service.fins;
}

void TrafficMeter::attempt(const Tuple& tuple, bool succeeded) {
    if (open_.attempts.size() == kAttempts) {
        ++open_.left_out;
        return;
    }
    open_.attempts.push_back({.source = tuple.source,
                              .destination = tuple.destination,
                              .port = tuple.destination_port,
                              .succeeded = succeeded});
}

}  // namespace kentongan::packet
