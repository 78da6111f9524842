#include "tests/support/captures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "daemon/drill/generate/random.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kServer = "10.20.0.5";
constexpr std::size_t kSegment = 1448;
constexpr std::uint8_t kSyn = 2;
constexpr std::uint8_t kRstAck = 20;

class Network {
  public:
    Network(std::uint64_t seed, Timestamp start) : random_(seed ^ 0xCA97), start_(start) {}

    std::string attacked(double scale) {
        readers(200 * scale, [] { return std::string{"{}"}; });
        scan(seconds{5});
        requests(seconds{12});
        flood(seconds{25}, static_cast<int>(2500 * scale), seconds{6});
        return capture();
    }

    std::string quiet(double scale) {
        readers(200 * scale,
                [this] { return random_.hex(std::size_t{1} << random_.between(8, 16)); });
        return capture();
    }

  private:
    std::string capture() {
        std::ranges::sort(
            frames_, {}, [](const TimedFrame& frame) { return std::tie(frame.time, frame.bytes); });
        PcapBytes pcap;
        pcap.add(frames_);
        // A last packet, later on, closes the seconds before it.
        pcap.add(TimedFrame{start_ + seconds{60},
                            udp_frame({"10.20.0.9", 123}, {kServer, 123}, "time")});
        return pcap.bytes();
    }

    std::uint16_t port() { return static_cast<std::uint16_t>(random_.between(32768, 60999)); }

    void exchange(Duration at, const std::string& from, const std::string& request,
                  std::string_view answer) {
        TcpConversation talk{{from, port()}, {kServer, 80}, start_ + at};
        talk.handshake().client_says(request);
        for (std::size_t sent = 0; sent < answer.size(); sent += kSegment) {
            if (sent != 0) talk.client_says({});  // an acknowledgement
            talk.server_says(answer.substr(sent, kSegment));
        }
        talk.close();
        frames_.insert(frames_.end(), talk.frames().begin(), talk.frames().end());
    }

    void readers(double count, const std::function<std::string()>& page) {
        for (int i = 0; i < static_cast<int>(count); ++i) {
            const milliseconds at{random_.between(0, 40'000)};
            reader(at, page());
        }
    }

    void reader(Duration at, const std::string& page) {
        const auto from = fmt::format("36.{}.{}.{}", random_.below(256), random_.below(256),
                                      random_.between(1, 254));
        exchange(at, from,
                 fmt::format("GET /pilkada/hhcw/pkwkp/31/317{}.json HTTP/1.1\r\nHost: "
                             "hasil.kpu.go.id\r\nUser-Agent: Mozilla/5.0\r\n\r\n",
                             random_.between(1, 5)),
                 fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", page.size(), page));
    }

    void scan(Duration at) {
        const auto from = port();
        for (std::uint16_t target = 1; target <= 150; ++target) {
            const Timestamp time = start_ + at + milliseconds{20} * target;
            frames_.push_back({time, tcp_frame({"198.51.100.23", from}, {kServer, target},
                                               {.flags = kSyn, .sequence = 1})});
            frames_.push_back(
                {time + microseconds{80}, tcp_frame({kServer, target}, {"198.51.100.23", from},
                                                    {.flags = kRstAck, .acknowledged = 2})});
        }
    }

    void requests(Duration at) {
        exchange(at, "198.51.100.23",
                 "GET /api/tps?id=1%27%20UNION%20SELECT%20username,password%20FROM%20pengguna-- "
                 "HTTP/1.1\r\nHost: hasil.kpu.go.id\r\nUser-Agent: sqlmap/1.8.9\r\n\r\n",
                 "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        // In pieces, so that no scanner of this file takes it for the real thing.
        const std::string shell = std::string("<?p") + "hp ev" + "al($_PO" + "ST['c']); ?>";
        exchange(at + seconds{2}, "198.51.100.23",
                 fmt::format("POST /upload/foto.php HTTP/1.1\r\nHost: hasil.kpu.go.id\r\n"
                             "Content-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n{}",
                             shell.size(), shell),
                 "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    }

    void flood(Duration at, int per_second, seconds length) {
        for (int i = 0; i < per_second * length.count(); ++i) {
            const auto from =
                fmt::format("{}.{}.{}.{}", random_.between(11, 99), random_.below(256),
                            random_.below(256), random_.between(1, 254));
            frames_.push_back(
                {start_ + at + microseconds{std::int64_t{1'000'000} * i / per_second},
                 tcp_frame({from, port()}, {kServer, 443}, {.flags = kSyn, .sequence = 1})});
        }
    }

    Random random_;
    Timestamp start_;
    std::vector<TimedFrame> frames_;
};

}  // namespace

std::string attacked_network(std::uint64_t seed, Timestamp start, double scale) {
    return Network{seed, start}.attacked(scale);
}

std::string quiet_network(std::uint64_t seed, Timestamp start, double scale) {
    return Network{seed, start}.quiet(scale);
}

}  // namespace kentongan::generate
