#include "tests/support/protocol_captures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "daemon/drill/generate/random.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/support/wire_words.hpp"

namespace kentongan::generate {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// In pieces, so that no scanner of this file takes it for the real thing.
const std::string kShell = std::string("<?p") + "hp ev" + "al($_PO" + "ST['c']); ?>";
constexpr std::size_t kSegment = 1400;

class Speakers {
  public:
    Speakers(std::uint64_t seed, Timestamp start, int network)
        : random_(seed ^ 0x5E0C),
          start_(start),
          server_(fmt::format("10.20.{}.5", network)),
          client_(fmt::format("36.80.{}.9", network)) {}

    std::string capture(int attempts) {
        http();
        names();
        hellos();
        ssh();
        databases();
        mail_and_files();
        inside();
        contradiction();
        flood(attempts);
        std::ranges::sort(
            frames_, {}, [](const TimedFrame& frame) { return std::tie(frame.time, frame.bytes); });
        PcapBytes pcap;
        pcap.add(frames_);
        pcap.add(
            TimedFrame{start_ + seconds{90}, udp_frame({client_, 123}, {server_, 123}, "time")});
        return pcap.bytes();
    }

  private:
    TcpConversation open(std::uint16_t port) {
        at_ += milliseconds{random_.between(100, 700)};
        TcpConversation talk{{client_, next_port()}, {server_, port}, start_ + at_};
        return talk.handshake();
    }
    std::uint16_t next_port() { return ++port_; }
    void add(const TcpConversation& talk) {
        frames_.insert(frames_.end(), talk.frames().begin(), talk.frames().end());
    }
    void datagram(PacketEnd from, PacketEnd to, std::string_view bytes) {
        frames_.push_back({start_ + (at_ += milliseconds{20}), udp_frame(from, to, bytes)});
    }
    static void says(TcpConversation& talk, bool client, std::string_view bytes) {
        for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kSegment)))
            client ? talk.client_says(bytes.substr(0, kSegment))
                   : talk.server_says(bytes.substr(0, kSegment));
    }
    void exchange(std::uint16_t port, const std::string& request, const std::string& answer) {
        TcpConversation talk = open(port);
        says(talk, true, request);
        says(talk, false, answer);
        add(talk.close());
    }

    void http() {
        const auto ask = [](std::string_view line, std::string_view more = {}) {
            return fmt::format(
                "{} HTTP/1.1\r\nHost: sirekap.test\r\nUser-Agent: Mozilla/5.0\r\n{}\r\n", line,
                more);
        };
        const auto answer = [](std::string_view more, const std::string& body) {
            return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n", body.size(),
                               more) +
                   body;
        };
        const std::string page = random_.hex(20'000);
        exchange(80, ask("GET /halaman"), answer("", page));
        exchange(8080, ask("GET /mampat"), answer("Content-Encoding: gzip\r\n", gzipped(page)));
        exchange(8000, ask("GET /potong"),
                 fmt::format(
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                     page.size(), page));
        const std::string form =
            "--batas\r\nContent-Disposition: form-data; name=\"tps\"\r\n\r\n3171011001001\r\n"
            "--batas\r\nContent-Disposition: form-data; name=\"foto\"; filename=\"c1.php\"\r\n"
            "Content-Type: image/jpeg\r\n\r\n" +
            kShell + "\r\n--batas--\r\n";
        exchange(
            80,
            ask("POST /unggah", fmt::format("Content-Type: multipart/form-data; boundary=batas\r\n"
                                            "Content-Length: {}\r\n",
                                            form.size())) +
                form,
            answer("", "{}"));
        exchange(80, ask("GET /tps?id=1%27%20UNION%20SELECT%20a,b%20FROM%20pengguna--"),
                 "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    }

    void names() {
        const PacketEnd server{server_, 53};
        const std::string address("\x0A\1\2\3", 4);
        for (std::uint16_t id = 1; id <= 5; ++id) {
            const PacketEnd client{client_, next_port()};
            const auto name = fmt::format("situs{}.sirekap.test", id);
            datagram(client, server, dns_query(id, name, id == 3 ? 28 : 1));
            if (id != 5) datagram(server, client, dns_answer(id, name, 1, address));
        }
        exchange(53, counted(dns_query(9, "panjang.sirekap.test", 16), 2),
                 counted(dns_answer(9, "panjang.sirekap.test", 16, counted("satu dua", 1)), 2));
        // An answer in three fragments.
        const PacketEnd client{client_, next_port()};
        std::string text;
        for (int i = 0; i < 12; ++i) text += counted(std::string(250, 't'), 1);
        datagram(client, server, dns_query(10, "besar.sirekap.test", 16));
        const auto whole =
            udp_frame(server, client, dns_answer(10, "besar.sirekap.test", 16, text));
        for (std::string& part : fragments_of(whole, 1200))
            frames_.push_back({start_ + (at_ += milliseconds{1}), std::move(part)});
    }

    void hellos() {
        exchange(443, client_hello("sirekap.test", "h2"), server_hello());
        exchange(9999, client_hello("jauh.test", "http/1.1"), std::string("\x15\3\3\0\2\2\x28", 7));
        datagram({client_, next_port()}, {server_, 443}, quic_initial("cepat.test", "sambungan"));
    }

    void ssh() {
        TcpConversation talk = open(2222);
        talk.server_says("SSH-2.0-OpenSSH_9.2\r\n").client_says("SSH-2.0-libssh_0.9\r\n");
        says(talk, true, ssh_offer("curve25519-sha256,aes128-ctr"));
        says(talk, false, ssh_offer("curve25519-sha256,aes256-ctr"));
        add(talk.close());
    }

    void databases() {
        const std::string startup = big(196608, 4) + zeroed("user") + zeroed("sirekap") +
                                    zeroed("database") + zeroed("hasil") + '\0';
        const auto message = [](char type, std::string_view body) {
            return type + big(body.size() + 4, 4) + std::string(body);
        };
        TcpConversation pg = open(5433);
        says(pg, true, big(startup.size() + 4, 4) + startup);
        says(pg, false, message('R', big(0, 4)) + message('Z', "I"));
        says(pg, true, message('Q', zeroed("SELECT * FROM suara WHERE tps = '1' OR 1=1")));
        says(pg, false, message('C', zeroed("SELECT 500")) + message('Z', "I"));
        add(pg.close());

        const auto my = [](int sequence, const std::string& body) {
            return small(body.size(), 3) + static_cast<char>(sequence) + body;
        };
        constexpr std::uint32_t kCapabilities = 0x8208;
        TcpConversation mysql = open(3307);
        says(mysql, false,
             my(0, "\x0A" + zeroed("8.0.36") + small(42, 4) + zeroed("challeng") +
                       small(kCapabilities, 2) + small(33, 1) + small(2, 2) + small(8, 2) +
                       small(21, 1) + std::string(10, '\0') + zeroed("ehere12chars") +
                       zeroed("mysql_native_password")));
        says(mysql, true,
             my(1, small(0x80000 | kCapabilities, 4) + small(1 << 24, 4) + small(33, 1) +
                       std::string(23, '\0') + zeroed("budi") + small(4, 1) + "hash" +
                       zeroed("pilpres") + zeroed("mysql_native_password")));
        says(mysql, false, my(2, std::string("\0\0\0\2\0\0\0", 7)));
        says(mysql, true,
             my(0,
                "\x03"
                "DROP TABLE suara"));
        says(mysql, false, my(1, std::string("\xFF\x76\4#42000no right to do that", 26)));
        add(mysql.close());
    }

    void mail_and_files() {
        TcpConversation mail = open(25);
        const auto turn = [&mail](std::string_view asked, std::string_view answered) {
            mail.client_says(asked).server_says(answered);
        };
        mail.server_says("220 mx.test ESMTP\r\n");
        turn("EHLO pengirim.test\r\n", "250 mx.test\r\n");
        turn("MAIL FROM:<a@pengirim.test>\r\n", "250 ok\r\n");
        turn("RCPT TO:<petugas@kpu.test>\r\n", "250 ok\r\n");
        turn("DATA\r\n", "354 go on\r\n");
        turn(
            "From: a@pengirim.test\r\nTo: petugas@kpu.test\r\nSubject: berkas\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            "Content-Type: text/plain\r\n\r\nterlampir\r\n--b\r\n"
            "Content-Type: application/octet-stream; name=\"rekap.exe\"\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "Content-Disposition: attachment; filename=\"rekap.exe\"\r\n\r\n"
            "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAA\r\n--b--\r\n.\r\n",
            "250 queued\r\n");
        turn("QUIT\r\n", "221 bye\r\n");
        add(mail.close());

        TcpConversation ftp = open(21);
        ftp.server_says("220 (vsFTPd 3.0.3)\r\n");
        ftp.client_says("USER anonymous\r\n").server_says("331 password\r\n");
        ftp.client_says("PASS x\r\n").server_says("230 in\r\n");
        ftp.client_says("RETR /hasil.csv\r\n").server_says("550 no such file\r\n");
        add(ftp.close());
    }

    /// The same request in VXLAN and in GRE.
    void inside() {
        TcpConversation talk = open(80);
        talk.client_says("GET /dalam HTTP/1.1\r\nHost: dalam.test\r\n\r\n");
        talk.server_says("HTTP/1.1 204 No Content\r\n\r\n").close();
        TcpConversation other = open(80);
        other.client_says("GET /terowongan HTTP/1.1\r\nHost: dalam.test\r\n\r\n");
        other.server_says("HTTP/1.1 204 No Content\r\n\r\n").close();
        const std::string vxlan("\x08\0\0\0\0\0\x2A\0", 8);
        for (const TimedFrame& frame : talk.frames())
            frames_.push_back({frame.time, udp_frame({"203.0.113.1", 50000}, {"203.0.113.2", 4789},
                                                     vxlan + frame.bytes)});
        const std::string gre("\0\0\x08\0", 4);
        for (const TimedFrame& frame : other.frames())
            frames_.push_back({frame.time, ethernet_frame(ip_packet(
                                               {"203.0.113.1"}, {"203.0.113.2"}, 47,
                                               gre + std::string(ip_packet_of(frame.bytes))))});
    }

    /// A segment is sent again with other bytes.
    void contradiction() {
        TcpConversation talk = open(80);
        talk.client_says("GET /benar HTTP/1.1\r\nHost: a.test\r\n\r\n");
        TimedFrame again = talk.frames().back();
        const auto at = again.bytes.find("/benar");
        again.bytes.replace(at, 6, "/palsu");
        again.time += milliseconds{2};
        talk.wait(milliseconds{10}).server_says("HTTP/1.1 204 No Content\r\n\r\n").close();
        add(talk);
        frames_.push_back(again);
    }

    void flood(int attempts) {
        at_ += seconds{5};
        for (int i = 0; i < attempts; ++i) {
            const auto from =
                fmt::format("{}.{}.{}.{}", random_.between(11, 99), random_.below(256),
                            random_.below(256), random_.between(1, 254));
            frames_.push_back(
                {start_ + at_ + std::chrono::microseconds{500 * i},
                 tcp_frame({from, static_cast<std::uint16_t>(random_.between(1024, 65000))},
                           {server_, 443}, {.flags = 2, .sequence = 1})});
        }
    }

    Random random_;
    Timestamp start_;
    Duration at_{};
    std::string server_;
    std::string client_;
    std::uint16_t port_ = 40000;
    std::vector<TimedFrame> frames_;
};

}  // namespace

std::string spoken_network(std::uint64_t seed, Timestamp start, int network, int attempts) {
    return Speakers{seed, start, network}.capture(attempts);
}

}  // namespace kentongan::generate
