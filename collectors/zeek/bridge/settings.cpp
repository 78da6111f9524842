#include "collectors/zeek/bridge/settings.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "daemon/base/text.hpp"

namespace kentongan::bridge {

namespace {

constexpr const char* kDescription =
    "Peers with Zeek 3.2 over Broker and hands its log records to kentongand's Unix socket.\n"
    "It only connects, never listens. Zeek loads kentongan.zeek and calls Broker::listen.";
constexpr const char* kExample =
    "Example, a Zeek on this host that listens with Broker's default (anonymous) TLS:\n"
    "  kentongan-broker-bridge --peer 127.0.0.1:9999 --socket /run/kentongan/zeek.sock\n"
    "Another host, both sides with certificates of one authority:\n"
    "  kentongan-broker-bridge --peer zeek.kpu.example:9999 --ca ca.pem --cert bridge.pem \\\n"
    "                          --key bridge.key";

struct Numbers {
    std::int64_t deadline = 10;
    std::int64_t status = 5;
    std::int64_t queue_mib = 64;
    std::int64_t worker = -1;
};

void add_options(CLI::App& app, Settings& settings, std::vector<std::string>& peers,
                 Numbers& numbers) {
    app.add_option("--peer", peers, "HOST:PORT of a Zeek; may be repeated")->required();
    app.add_option("--socket", settings.socket, "Unix socket of kentongand")->capture_default_str();
    app.add_option("--topic", settings.topics, "topic prefix to subscribe to; may be repeated")
        ->capture_default_str();
    app.add_flag("--plain", settings.plain, "no TLS (Zeek: Broker::disable_ssl = T)");
    app.add_option("--ca", settings.ca_file, "PEM file: the authority of Zeek's certificate");
    app.add_option("--cert", settings.certificate_file, "PEM file: our certificate and its chain");
    app.add_option("--key", settings.key_file, "PEM file: the key of our certificate");
    app.add_option("--peering-deadline", numbers.deadline,
                   "longest wait for Zeek's answer, seconds")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    app.add_option("--status-interval", numbers.status, "between reports to the daemon, seconds")
        ->check(CLI::Range(1, 30))
        ->capture_default_str();
    app.add_option("--queue-mib", numbers.queue_mib,
                   "records kept for a daemon that is away or slow, MiB; more are dropped and "
                   "counted")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    app.add_option("--worker", numbers.worker)->group("");
    app.set_version_flag("--version", "kentongan-broker-bridge " KENTONGAN_VERSION);
}

Result<> check_tls(const Settings& settings) {
    const bool any = !settings.ca_file.empty() || !settings.certificate_file.empty() ||
                     !settings.key_file.empty();
    const bool all = !settings.ca_file.empty() && !settings.certificate_file.empty() &&
                     !settings.key_file.empty();
    if (any && !all)
        return fail(ErrorCode::usage,
                    "mutual TLS needs --ca, --cert and --key together; without any of them "
                    "Broker's anonymous TLS is used");
    if (any && settings.plain)
        return fail(ErrorCode::usage, "--plain and certificates exclude each other; drop one");
    return {};
}

Result<> adopt(Settings& settings, const std::vector<std::string>& peers, const Numbers& numbers) {
    for (const auto& text : peers) {
        auto peer = parse_peer(text);
        if (!peer) return std::unexpected(peer.error());
        settings.peers.push_back(std::move(*peer));
    }
    settings.peering_deadline = std::chrono::seconds{numbers.deadline};
    settings.status_interval = std::chrono::seconds{numbers.status};
    settings.queue_bytes = static_cast<std::size_t>(numbers.queue_mib) << 20;
    if (numbers.worker >= 0) settings.worker = static_cast<std::size_t>(numbers.worker);
    if (settings.worker && *settings.worker >= settings.peers.size())
        return fail(ErrorCode::usage, "--worker {}: there is no such peer", *settings.worker);
    return check_tls(settings);
}

}  // namespace

Result<Peer> parse_peer(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto wrong = [text] {
        return fail(ErrorCode::usage,
                    "--peer \"{}\": write HOST:PORT, such as 127.0.0.1:9999 or [::1]:9999",
                    printable_utf8(text, 200));
    };
    if (colon == std::string_view::npos) return wrong();
    std::string_view host = text.substr(0, colon);
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host.empty() || !port || *port == 0 || (!bracketed && host.contains(':'))) return wrong();
    return Peer{std::string(text), std::string(host), *port};
}

Result<std::optional<Settings>> parse_command_line(int argc, char** argv) {
    CLI::App app{kDescription, "kentongan-broker-bridge"};
    app.footer(kExample);
    Settings settings;
    std::vector<std::string> peers;
    Numbers numbers;
    add_options(app, settings, peers, numbers);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) {
            app.exit(e);
            return std::optional<Settings>{};
        }
        return fail(ErrorCode::usage, "{}; see --help", e.what());
    }
    if (const auto adopted = adopt(settings, peers, numbers); !adopted)
        return std::unexpected(adopted.error());
    return std::optional{std::move(settings)};
}

}  // namespace kentongan::bridge
