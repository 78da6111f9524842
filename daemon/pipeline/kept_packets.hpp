#pragma once
// From an alert to the packets that the rolling captures keep of its traffic.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/packet/file/file_archive.hpp"
#include "collectors/packet/ring/packet_search.hpp"
#include "collectors/packet/ring/segment_writer.hpp"
#include "daemon/alert/alert.hpp"
#include "daemon/config/config.hpp"

namespace kentongan {

/// Where a packet source keeps its packets; a quota of 0 when it keeps none.
[[nodiscard]] packet::ring::SegmentWriter::Options ring_options(const std::string& source,
                                                                const PacketSettings& settings,
                                                                const DaemonSettings& daemon);
/// Where a packet source keeps files of the wire; a quota of 0 when it keeps none.
[[nodiscard]] packet::FileArchive::Options archive_options(const std::string& name,
                                                           const PacketSettings& settings,
                                                           const DaemonSettings& daemon);
/// The folders of the sources that keep packets.
[[nodiscard]] std::vector<std::filesystem::path> ring_folders(const Config& config);

/// What to look for: packets of the alert's addresses from a minute before it was first seen to a
/// minute after it was last seen; with its ports where it is about one event. no_input: the alert
/// names no address.
[[nodiscard]] Result<packet::ring::PacketQuery> packets_wanted(const Alert& alert);

/// Blocking. `alert`: its JSON. no_input: nothing is kept of it, and why.
[[nodiscard]] Result<packet::ring::FoundPackets> packets_of_alert(
    const std::vector<std::filesystem::path>& folders, std::string_view alert);

}  // namespace kentongan
