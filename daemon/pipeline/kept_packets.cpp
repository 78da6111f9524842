#include "daemon/pipeline/kept_packets.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace kentongan {

namespace {

constexpr auto kAround = std::chrono::minutes{1};

}  // namespace

packet::ring::SegmentWriter::Options ring_options(const std::string& source,
                                                  const PacketSettings& settings,
                                                  const DaemonSettings& daemon) {
    std::filesystem::path folder = settings.ring_folder;
    if (folder.empty()) folder = std::filesystem::path(daemon.state_directory) / "packets";
    return {folder, source, static_cast<std::uint64_t>(settings.ring_mib) << 20};
}

packet::FileArchive::Options archive_options(const std::string& name,
                                             const PacketSettings& settings,
                                             const DaemonSettings& daemon) {
    return {std::filesystem::path(daemon.state_directory) / "files" / name,
            static_cast<std::uint64_t>(settings.files_mib) << 20};
}

std::vector<std::filesystem::path> ring_folders(const Config& config) {
    std::set<std::filesystem::path> out;
    for (const auto& [name, settings] : config.packet)
        if (settings.ring_mib > 0) out.insert(ring_options(name, settings, config.daemon).folder);
    return {out.begin(), out.end()};
}

Result<packet::ring::PacketQuery> packets_wanted(const Alert& alert) {
    const Subject& subject = alert.subject;
    if (!subject.source_ip && !subject.destination_ip)
        return fail(ErrorCode::no_input, "alert {} names no address to look for packets of",
                    alert.id);
    packet::ring::PacketQuery out;
    out.one = subject.source_ip ? *subject.source_ip : *subject.destination_ip;
    out.one_port = subject.source_ip ? subject.source_port : subject.destination_port;
    if (subject.source_ip) {
        out.other = subject.destination_ip;
        out.other_port = subject.destination_port;
    }
    if (alert.count > 1) out.one_port = out.other_port = std::nullopt;
    out.from = alert.first_seen - kAround;
    out.to = alert.last_seen + kAround;
    return out;
}

Result<packet::ring::FoundPackets> packets_of_alert(
    const std::vector<std::filesystem::path>& folders, std::string_view alert) {
    boost::system::error_code bad;
    const auto json = boost::json::parse(alert, bad);
    if (bad) return fail(ErrorCode::data, "the alert is not JSON: {}", bad.message());
    const auto parsed = alert_from_json(json);
    if (!parsed) return std::unexpected(parsed.error());
    const auto query = packets_wanted(*parsed);
    if (!query) return std::unexpected(query.error());
    packet::ring::FoundPackets out;
    for (const auto& folder : folders) {
        auto part = *query;
        part.most_bytes -= std::min(part.most_bytes, out.pcapng.size());
        auto found = packet::ring::find_packets(folder, part);
        if (!found) return std::unexpected(found.error());
        out.pcapng += found->pcapng;
        out.packets += found->packets;
        out.cut = out.cut || found->cut;
        out.blocks_read += found->blocks_read;
        out.blocks_lost += found->blocks_lost;
    }
    if (out.packets == 0)
        return fail(ErrorCode::no_input,
                    "no packets of alert {} are kept: they were not captured, or their place was "
                    "needed for newer ones",
                    parsed->id);
    return out;
}

}  // namespace kentongan
