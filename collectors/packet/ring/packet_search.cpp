#include "collectors/packet/ring/packet_search.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

#include "collectors/packet/ring/packet_index.hpp"
#include "collectors/packet/ring/pcapng.hpp"
#include "collectors/packet/ring/segment_writer.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::packet::ring {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBlock = std::size_t{16} << 20;   // of one that we wrote, with room
constexpr std::size_t kMostIndex = std::size_t{512} << 20;  // of one segment

bool matches(const Tuple& tuple, bool has_ports, const PacketQuery& query) {
    const auto is = [&](const IpAddress& one, std::uint16_t one_port, const IpAddress& other,
                        std::uint16_t other_port) {
        return one == query.one && (!query.other || other == *query.other) &&
               (!has_ports || !query.one_port || one_port == *query.one_port) &&
               (!has_ports || !query.other_port || other_port == *query.other_port);
    };
    return is(tuple.source, tuple.source_port, tuple.destination, tuple.destination_port) ||
           is(tuple.destination, tuple.destination_port, tuple.source, tuple.source_port);
}

class Search {
  public:
    explicit Search(const PacketQuery& query)
        : query_(query), key_(query.other ? key_of(query.one, *query.other) : key_of(query.one)) {}

    void segment(const fs::path& index) {
        const auto entries = read_file(index, kMostIndex);
        if (!entries) return;
        fs::path data = index;
        data.replace_extension();
        data += kDataEnding;
        const FileDescriptor file{::open(data.c_str(), O_RDONLY | O_CLOEXEC)};
        std::string_view rest = *entries;
        while (!found_.cut)
            if (const auto entry = take_entry(rest))
                block(*entry, file);
            else
                break;
    }

    FoundPackets take() { return std::move(found_); }

  private:
    void block(const BlockEntry& entry, const FileDescriptor& file) {
        if (entry.last < query_.from || entry.first > query_.to || !entry.may_hold(key_)) return;
        ++found_.blocks_read;
        if (!read(entry, file) || !for_each_packet(raw_, [&](const auto& packet, auto block) {
                consider(packet, block);
            }))
            ++found_.blocks_lost;
    }

    bool read(const BlockEntry& entry, const FileDescriptor& file) {
        if (!file || entry.raw_bytes > kMostBlock || entry.bytes > kMostBlock) return false;
        frame_.resize(entry.bytes);
        if (::pread(file.value(), frame_.data(), frame_.size(), static_cast<off_t>(entry.offset)) !=
            static_cast<ssize_t>(frame_.size()))
            return false;
        raw_.resize(entry.raw_bytes);
        return ZSTD_decompress(raw_.data(), raw_.size(), frame_.data(), frame_.size()) ==
               raw_.size();
    }

    void consider(const CapturedPacket& packet, std::string_view block) {
        if (found_.cut || packet.time < query_.from || packet.time > query_.to) return;
        const Decoded decoded = decode(packet.linktype, packet.bytes, packet.wire_bytes);
        if (decoded.ip_version == 0 || !matches(decoded.tuple, decoded.has_ports, query_)) return;
        if (found_.pcapng.size() + block.size() > query_.most_bytes) {
            found_.cut = true;
            return;
        }
        if (std::exchange(linktype_, packet.linktype) != packet.linktype)
            append_section(found_.pcapng, packet.linktype);
        found_.pcapng.append(block);
        ++found_.packets;
    }

    const PacketQuery& query_;
    const std::uint32_t key_;
    int linktype_ = -1;  // of the section being written
    FoundPackets found_;
    std::string frame_;
    std::string raw_;
};

}  // namespace

Result<FoundPackets> find_packets(const fs::path& folder, const PacketQuery& query) {
    std::error_code error;
    std::vector<fs::path> indexes;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == kIndexEnding) indexes.push_back(at->path());
    if (error)
        return fail(ErrorCode::no_input, "look for packets in {}: {}", folder.string(),
                    error.message());
    std::ranges::sort(indexes);
    Search search{query};
    for (const fs::path& index : indexes) search.segment(index);
    return search.take();
}

}  // namespace kentongan::packet::ring
