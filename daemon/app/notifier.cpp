#include "daemon/app/notifier.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <algorithm>

namespace kentongan {

void Notifier::ready(const std::string& status) {
    sd_notifyf(0, "READY=1\nSTATUS=%s", status.c_str());
}

void Notifier::reloading() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
               static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000);
}

void Notifier::stopping() { sd_notify(0, "STOPPING=1\nSTATUS=draining"); }
void Notifier::status(const std::string& text) { sd_notifyf(0, "STATUS=%s", text.c_str()); }
void Notifier::alive() { sd_notify(0, "WATCHDOG=1"); }

void PulseMonitor::arrived(const std::map<std::string, Timestamp>& heartbeats) {
    for (const auto& [lane, time] : heartbeats) {
        auto& newest = newest_[lane];
        newest = std::max(newest, time);
    }
}

std::optional<Timestamp> PulseMonitor::oldest() const {
    if (newest_.size() < lanes_) return std::nullopt;
    std::optional<Timestamp> out;
    for (const auto& [lane, time] : newest_)
        if (!out || time < *out) out = time;
    return out;
}

bool PulseMonitor::alive(Timestamp now) const {
    const auto oldest_beat = oldest();
    return oldest_beat && now - *oldest_beat <= patience_;
}

}  // namespace kentongan
