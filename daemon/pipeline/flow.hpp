#pragma once
// What flows between the stages: lane -> correlator -> desk.
#include <bitset>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "collectors/collector.hpp"
#include "daemon/alert/finding.hpp"
#include "daemon/detect/hit.hpp"
#include "daemon/event/event.hpp"
#include "daemon/event/log_second.hpp"
#include "daemon/event/traffic.hpp"

namespace kentongan {

using KindSet = std::bitset<static_cast<std::size_t>(EventKind::heartbeat) + 1>;  // the last one

/// Something a lane hands to the correlator, with the event time it is ordered by.
struct Item {
    Timestamp time{};
    std::variant<Event, TrafficSecond, Finding, std::shared_ptr<const Hit>, LogSecond> what;
};

/// What one source emitted between two flushes. The bookmark covers exactly these items and those
/// before them.
struct LaneBatch {
    std::size_t source = 0;  ///< index of the source in the pipeline
    std::vector<Item> items;
    Timestamp watermark{};
    std::optional<Bookmark> bookmark;
    bool ended = false;  ///< nothing more comes from this source
};

/// What the correlator hands to the alert desk.
struct DeskBatch {
    std::vector<Finding> findings;
    std::map<std::string, std::string> bookmarks;
    Timestamp now{};                              ///< event time reached
    std::map<std::string, Timestamp> heartbeats;  ///< lane -> when its heartbeat was made

    [[nodiscard]] bool empty() const {
        return findings.empty() && bookmarks.empty() && heartbeats.empty();
    }
};

}  // namespace kentongan
