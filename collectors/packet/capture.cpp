#include "collectors/packet/capture.hpp"

#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "collectors/packet/input_file.hpp"

namespace kentongan::packet {

namespace {

/// How long the kernel may keep packets of a block that is not full.
constexpr int kBlockMilliseconds = 50;

/// Times come from files that may hold anything: kept to 1970 … 2255, where sums cannot overflow.
Timestamp time_of(const pcap_pkthdr& header, bool nanoseconds) {
    const auto seconds = std::clamp<std::int64_t>(header.ts.tv_sec, 0, 9'000'000'000);
    const std::int64_t unit = nanoseconds ? 1 : 1000;
    const auto fraction = std::clamp<std::int64_t>(header.ts.tv_usec, 0, 999'999'999 / unit);
    return from_nanoseconds(seconds * 1'000'000'000 + fraction * unit);
}

CapturedPacket packet_of(const pcap_pkthdr& header, const u_char* bytes, int linktype,
                         bool nanoseconds) {
    return {.linktype = linktype,
            .time = time_of(header, nanoseconds),
            .bytes = {bytes, header.caplen},
            .wire_bytes = std::max(header.len, header.caplen)};
}

std::unexpected<Error> activation_error(int status, pcap* handle, const std::string& interface) {
    const char* detail = pcap_geterr(handle);
    switch (status) {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            return fail(ErrorCode::no_input,
                        "capture on {}: no such interface; `ip link` lists those of this host",
                        interface);
        case PCAP_ERROR_PERM_DENIED:
        case PCAP_ERROR_PROMISC_PERM_DENIED:
            return fail(ErrorCode::permission,
                        "capture on {}: not allowed; the process needs CAP_NET_RAW (the systemd "
                        "unit grants it)",
                        interface);
        case PCAP_ERROR_IFACE_NOT_UP:
            return fail(ErrorCode::temporary,
                        "capture on {}: the interface is down; `ip link set {} up` brings it up",
                        interface, interface);
        default:
            return fail(ErrorCode::no_input, "capture on {}: {}", interface,
                        *detail != '\0' ? detail : pcap_statustostr(status));
    }
}

/// The kernel deals packets out over the handles of one group by a hash of their ends that is the
/// same for both directions, fragments after they are put together.
Result<> join_fanout(pcap* handle, const Options& options) {
    if (options.fanout == 0) return {};
    constexpr unsigned kHow = PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG;
    const auto group = static_cast<unsigned>(std::clamp<std::int64_t>(options.fanout, 1, 65535));
    const unsigned argument = group | kHow << 16;
    if (::setsockopt(pcap_fileno(handle), SOL_PACKET, PACKET_FANOUT, &argument, sizeof argument) ==
        0)
        return {};
    return fail(ErrorCode::no_input, "capture on {}: join fanout group {}: {}", options.interface,
                group, std::strerror(errno));
}

}  // namespace

void Capture::Close::operator()(pcap* handle) const { pcap_close(handle); }

Capture::Capture(Handle handle, bool live)
    : handle_(std::move(handle)),
      linktype_(pcap_datalink(handle_.get())),
      live_(live),
      nanoseconds_(pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO) {}

Result<> Capture::set_filter(pcap* handle, const std::string& object, const std::string& filter) {
    if (filter.empty()) return {};
    bpf_program program{};
    if (pcap_compile(handle, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
        return fail(ErrorCode::config, "filter '{}' on {}: {}; see pcap-filter(7)", filter, object,
                    pcap_geterr(handle));
    const int status = pcap_setfilter(handle, &program);
    pcap_freecode(&program);
    if (status != 0)
        return fail(ErrorCode::config, "filter '{}' on {}: {}", filter, object,
                    pcap_geterr(handle));
    return {};
}

Result<Capture> Capture::open_file(const Options& options) {
    const std::string name = options.file == "-" ? "standard input" : options.file;
    auto opened = open_input(options.file);
    if (!opened) return std::unexpected(opened.error());
    std::FILE* file = *opened;
    char reason[PCAP_ERRBUF_SIZE] = "";
    Handle handle{
        pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason)};
    if (!handle) {
        if (file != stdin) std::fclose(file);
        return fail(ErrorCode::data, "{} is not a capture file that can be read: {}", name, reason);
    }
    if (auto ok = set_filter(handle.get(), name, options.filter); !ok)
        return std::unexpected(ok.error());
    return Capture(std::move(handle), false);
}

Result<Capture> Capture::open_live(const Options& options) {
    char reason[PCAP_ERRBUF_SIZE] = "";
    Handle handle{pcap_create(options.interface.c_str(), reason)};
    if (!handle) return fail(ErrorCode::no_input, "capture on {}: {}", options.interface, reason);
    pcap* const p = handle.get();
    constexpr std::int64_t kMib = 1 << 20;
    pcap_set_snaplen(p, static_cast<int>(std::clamp<std::int64_t>(options.snap_bytes, 64, 262144)));
    pcap_set_buffer_size(
        p, static_cast<int>(std::clamp<std::int64_t>(options.buffer_mib, 1, 2047) * kMib));
    pcap_set_promisc(p, options.promiscuous ? 1 : 0);
    // Without immediate mode libpcap uses TPACKET_V3, whose blocks hold packets of any size; its
    // older ring gives each packet room for the largest, a few dozen of them in all.
    pcap_set_timeout(p, kBlockMilliseconds);
    pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
    if (const int status = pcap_activate(p); status < 0)
        return activation_error(status, p, options.interface);
    if (auto ok = set_filter(p, options.interface, options.filter); !ok)
        return std::unexpected(ok.error());
    if (auto ok = join_fanout(p, options); !ok) return std::unexpected(ok.error());
    if (pcap_setnonblock(p, 1, reason) != 0)
        return fail(ErrorCode::internal, "capture on {}: {}", options.interface, reason);
    return Capture(std::move(handle), true);
}

Capture::Batch Capture::read_with(int limit, const Each& each) {
    return live_ ? read_live(limit, each) : read_file(limit, each);
}

Capture::Batch Capture::read_file(int limit, const Each& each) {
    Batch out;
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    while (out.packets < limit) {
        const int status = pcap_next_ex(handle_.get(), &header, &bytes);
        if (status != 1) {
            out.ended = true;
            if (status != PCAP_ERROR_BREAK) out.failure = pcap_geterr(handle_.get());
            return out;
        }
        ++out.packets;
        each(packet_of(*header, bytes, linktype_, nanoseconds_));
    }
    return out;
}

Capture::Batch Capture::read_live(int limit, const Each& each) {
    struct Context {
        const Capture& capture;
        const Each& each;
    } context{*this, each};
    const auto handler = [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
        const auto& c = *reinterpret_cast<const Context*>(user);
        c.each(packet_of(*header, bytes, c.capture.linktype_, c.capture.nanoseconds_));
    };
    Batch out;
    const int status =
        pcap_dispatch(handle_.get(), limit, handler, reinterpret_cast<u_char*>(&context));
    if (status >= 0) {
        out.packets = status;
        return out;
    }
    out.ended = true;
    out.failure = pcap_geterr(handle_.get());
    return out;
}

CaptureDrops Capture::drops() const {
    pcap_stat stat{};
    if (pcap_stats(handle_.get(), &stat) != 0) return {};
    return {stat.ps_drop, stat.ps_ifdrop};
}

int Capture::descriptor() const { return pcap_get_selectable_fd(handle_.get()); }

}  // namespace kentongan::packet
