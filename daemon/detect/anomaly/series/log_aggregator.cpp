// Counting on the lane.
#include "daemon/detect/anomaly/series/log_aggregator.hpp"

#include <algorithm>
#include <utility>

#include "daemon/detect/anomaly/series/hyperloglog.hpp"
#include "daemon/detect/anomaly/series/route.hpp"

namespace kentongan::anomaly {

namespace {

constexpr std::size_t kRoutes = 128;
constexpr std::size_t kRoutesHandedOn = 64;
constexpr std::uint64_t kNamedFrom = 20;
constexpr std::uint32_t kStepRun = 8;
constexpr Duration kSecond = std::chrono::seconds{1};
constexpr Duration kJitter = std::chrono::seconds{2};
constexpr std::size_t kLineBytes = 1024;
constexpr unsigned kPrecision = 12;

std::int64_t integer_of(const Value& value) {
    if (value.type() == Value::Type::integer) return value.integer();
    const auto number = value.number();
    return number && *number >= 0 && *number < 9e15 ? static_cast<std::int64_t>(*number) : 0;
}

void add(const LogSecond::Route& from, LogSecond::Route& to) {
    to.requests += from.requests;
    to.client_errors += from.client_errors;
    to.server_errors += from.server_errors;
    to.bytes += from.bytes;
    to.latency.add(from.latency);
}

void clear(LogSecond::Route& route) {
    auto name = std::move(route.name);
    route = {};
    route.name = std::move(name);
}

}  // namespace

LogAggregator::LogAggregator(std::string_view source, std::uint64_t seed)
    : hash_(seed),
      routes_(kRoutes, seed),
      counts_(kRoutes),
      other_name_(std::make_shared<const std::string>("other")) {
    other_.name = other_name_;
    open_.source = source;
    active_.reserve(kRoutes);
    touched_.reserve(registers_.size());
}

std::optional<LogSecond> LogAggregator::add(const Event& event) {
    std::optional<LogSecond> out;
    // Within the open second, the common case, this is one comparison.
    if (!begun_ || event.time < open_.second || event.time - open_.second >= kSecond)
        out = settle(event.time);
    else
        late_run_ = 0;
    newest_ = std::max(newest_, event.time);
    count(event);
    return out;
}

std::optional<LogSecond> LogAggregator::settle(Timestamp time) {
    if (begun_ && time < open_.second) return settle_late(time);
    late_run_ = 0;
    std::optional<LogSecond> out;
    if (open_.events != 0) out = take();
    begin(time);
    return out;
}

std::optional<LogSecond> LogAggregator::settle_late(Timestamp time) {
    const Duration lateness = newest_ - time;
    if (lateness > kJitter && late_run_++ == 0) {
        late_before_ = open_.late;
        lateness_before_ = open_.lateness;
    }
    if (late_run_ < kStepRun) {
        ++open_.late;
        open_.lateness = std::max(open_.lateness, lateness);
        return std::nullopt;
    }
    // These were not late: the clock is another now.
    open_.late = late_before_;
    open_.lateness = lateness_before_;
    late_run_ = 0;
    std::optional<LogSecond> out;
    if (open_.events != 0) out = take();
    begin(time);
    newest_ = time;
    open_.stepped_back = lateness;
    return out;
}

void LogAggregator::begin(Timestamp time) {
    begun_ = true;
    open_.second = std::chrono::floor<std::chrono::seconds>(time);
}

void LogAggregator::count(const Event& event) {
    ++open_.events;
    open_.last = event.origin;
    const auto raw = event.raw();
    line_.assign(raw.substr(0, kLineBytes));
    open_.line_cut = raw.size() > kLineBytes;
    if (event.kind == EventKind::web || event.kind == EventKind::auth ||
        event.kind == EventKind::upload)
        read(event);
}

/// Once over the fields, for looking each up would cost as much again.
void LogAggregator::read(const Event& event) {
    Request seen;
    std::string_view outcome;
    for (std::size_t i = 0; i < event.size(); ++i) switch (event.field_at(i)) {
            case Field::url_path:
                seen.path = event.value_at(i).text();
                break;
            case Field::http_response_status_code:
                seen.status = integer_of(event.value_at(i));
                break;
            case Field::http_response_body_bytes:
                seen.bytes = integer_of(event.value_at(i));
                break;
            case Field::event_duration:
                seen.nanoseconds = integer_of(event.value_at(i));
                break;
            case Field::event_outcome:
                outcome = event.value_at(i).text();
                break;
            case Field::source_ip:
                if (const auto address = event.value_at(i).address()) client(*address);
                break;
            default:
                break;
        }
    if (event.kind == EventKind::auth) {
        if (outcome == "failure") ++open_.logins_failed;
        if (outcome == "success") ++open_.logins_succeeded;
    }
    if (!seen.path.empty() || event.kind == EventKind::web) request(seen);
}

void LogAggregator::client(const IpAddress& address) {
    const auto which = HyperLogLog::register_of(hash_(address), kPrecision);
    std::uint8_t& rank = registers_[which >> 8];
    if (rank == 0) touched_.push_back(static_cast<std::uint16_t>(which >> 8));
    rank = std::max(rank, static_cast<std::uint8_t>(which));
}

void LogAggregator::request(const Request& request) {
    LogSecond::Route& route = route_of(request.path);
    ++route.requests;
    if (request.status >= 400 && request.status < 500) ++route.client_errors;
    if (request.status >= 500 && request.status < 600) ++route.server_errors;
    route.bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(request.bytes, 0));
    if (request.nanoseconds >= 0)
        route.latency.add(static_cast<std::uint64_t>(request.nanoseconds / 1000));
}

LogSecond::Route& LogAggregator::route_of(std::string_view path) {
    const RouteName name{path};
    const auto touched = routes_.add(name.text());
    LogSecond::Route& route = counts_[touched.place];
    if (touched.replaced) {
        into_other(route);
        route.name = nullptr;
    }
    if (route.name == nullptr) {
        if (routes_.count(touched.place) - routes_.error(touched.place) < kNamedFrom) return other_;
        route.name = std::make_shared<const std::string>(name.text());
    }
    if (route.requests == 0) active_.push_back(static_cast<std::uint32_t>(touched.place));
    return route;
}

void LogAggregator::into_other(LogSecond::Route& from) {
    if (from.requests == 0) return;
    anomaly::add(from, other_);
    clear(from);
}

LogSecond LogAggregator::take() {
    LogSecond out = open_;
    out.line = line_;
    out.routes.reserve(std::min(active_.size() + 1, kRoutesHandedOn));
    for (const std::uint32_t place : active_) {
        LogSecond::Route& route = counts_[place];
        if (route.requests == 0) continue;  // its place was taken by another
        if (out.routes.size() + 1 == kRoutesHandedOn) {
            into_other(route);
            continue;
        }
        out.routes.push_back(route);
        clear(route);
    }
    if (other_.requests != 0) out.routes.push_back(other_);
    clear(other_);
    active_.clear();
    out.clients.reserve(touched_.size());
    for (const std::uint16_t index : touched_)
        out.clients.push_back(std::uint32_t{index} << 8 | std::exchange(registers_[index], 0));
    touched_.clear();
    const std::string_view source = open_.source;
    const Timestamp second = open_.second;
    open_ = {};
    open_.source = source;
    open_.second = second;
    return out;
}

std::optional<LogSecond> LogAggregator::close() {
    if (open_.events == 0) return std::nullopt;
    return take();
}

std::optional<LogSecond> LogAggregator::finish() {
    if (!begun_) return std::nullopt;
    LogSecond out = take();
    out.ended = true;
    return out;
}

}  // namespace kentongan::anomaly
