// broker_peer: a Broker 1.4 endpoint that listens on loopback and publishes Zeek records read as
// NDJSON lines {"stream":"Conn::LOG","record":{…}}, as a Zeek that loads kentongan.zeek would.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <broker/broker.hh>
#include <broker/zeek.hh>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

namespace {

constexpr const char* kExample =
    "Example: broker_peer --port 9999 --input records.ndjson --rate 100\n"
    "prints \"listening on 127.0.0.1:9999\", then \"published N records\" once a subscriber has\n"
    "peered and had them all, and stays until SIGTERM. --port 0 takes any free port.";

struct Settings {
    std::uint16_t port = 0;
    std::string input = "-";
    std::string topic = "/kentongan/zeek/log";
    std::string node = "zeek";
    std::string ca, certificate, key;
    double rate = 0;
    bool plain = false;
    bool restamp = false;
};

/// SIGTERM and SIGINT are blocked in every thread and taken with sigtimedwait only.
sigset_t end_signals() {
    sigset_t out;
    ::sigemptyset(&out);
    ::sigaddset(&out, SIGTERM);
    ::sigaddset(&out, SIGINT);
    return out;
}

/// True when it is time to leave.
bool asked_to_end(std::chrono::nanoseconds patience) {
    static const sigset_t kSignals = end_signals();
    const timespec wait{patience.count() / 1'000'000'000, patience.count() % 1'000'000'000};
    return ::sigtimedwait(&kSignals, nullptr, &wait) > 0;
}

bool has_subscriber(broker::endpoint& endpoint, const std::string& topic) {
    for (const auto& wanted : endpoint.peer_subscriptions())
        if (topic.starts_with(wanted.string())) return true;
    return false;
}

/// The event of one line; nothing when the line is no {"stream", "record"}.
std::optional<broker::zeek::Event> event_of(const std::string& line, const Settings& settings) {
    boost::system::error_code error;
    auto value = boost::json::parse(line, error);
    auto* object = error ? nullptr : value.if_object();
    auto* stream = object == nullptr ? nullptr : object->if_contains("stream");
    auto* record = object == nullptr ? nullptr : object->if_contains("record");
    if (stream == nullptr || record == nullptr || !stream->is_string() || !record->is_object())
        return std::nullopt;
    if (settings.restamp)
        record->get_object()["ts"] =
            std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                .count();
    return broker::zeek::Event("Kentongan::log", {settings.node, std::string(stream->get_string()),
                                                  boost::json::serialize(*record)});
}

/// False when it was asked to end in the middle.
bool publish(broker::endpoint& endpoint, const Settings& settings, std::istream& input) {
    const auto pause = settings.rate > 0
                           ? std::chrono::nanoseconds(std::int64_t(1e9 / settings.rate))
                           : std::chrono::nanoseconds{0};
    auto due = std::chrono::steady_clock::now();
    std::size_t published = 0;
    for (std::string line; std::getline(input, line);) {
        if (line.empty()) continue;
        const auto event = event_of(line, settings);
        if (!event) {
            std::fprintf(stderr, "broker_peer: no record in this line: %.200s\n", line.c_str());
            continue;
        }
        due += pause;
        const auto wait = due - std::chrono::steady_clock::now();
        if (pause.count() > 0 && wait.count() > 0 && asked_to_end(wait)) return false;
        endpoint.publish(settings.topic, event->as_data());
        ++published;
    }
    std::printf("published %zu records\n", published);
    std::fflush(stdout);
    return true;
}

broker::configuration configuration_of(const Settings& settings) {
    broker::broker_options options;
    options.disable_ssl = settings.plain;
    options.ignore_broker_conf = true;
    broker::configuration out{options};
    out.set("scheduler.max-threads", std::size_t{1});
    if (!settings.certificate.empty()) {
        out.set("openssl.cafile", settings.ca);
        out.set("openssl.certificate", settings.certificate);
        out.set("openssl.key", settings.key);
    }
    return out;
}

int run(const Settings& settings) {
    std::ifstream file;
    if (settings.input != "-") {
        file.open(settings.input);
        if (!file) {
            std::fprintf(stderr, "broker_peer: open %s: cannot be read\n", settings.input.c_str());
            return 66;
        }
    }
    broker::endpoint endpoint{configuration_of(settings)};
    const auto port = endpoint.listen("127.0.0.1", settings.port);
    if (port == 0) {
        std::fprintf(stderr, "broker_peer: port %u is in use\n", settings.port);
        return 69;
    }
    std::printf("listening on 127.0.0.1:%u\n", port);
    std::fflush(stdout);
    while (!has_subscriber(endpoint, settings.topic))
        if (asked_to_end(std::chrono::milliseconds{20})) return 0;
    std::printf("a subscriber has peered\n");
    std::fflush(stdout);
    if (!publish(endpoint, settings, settings.input == "-" ? std::cin : file)) return 0;
    while (!asked_to_end(std::chrono::hours{1})) {
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"A Broker 1.4 endpoint that publishes Zeek records on loopback.", "broker_peer"};
    app.footer(kExample);
    Settings settings;
    app.add_option("--port", settings.port, "port to listen on; 0: any")->capture_default_str();
    app.add_option("--input", settings.input, "NDJSON file; -: standard input")
        ->capture_default_str();
    app.add_option("--topic", settings.topic, "topic to publish on")->capture_default_str();
    app.add_option("--node", settings.node, "name of the Zeek node")->capture_default_str();
    app.add_option("--rate", settings.rate, "records a second; 0: as fast as it goes");
    app.add_flag("--restamp", settings.restamp, "gives each record's ts the present time");
    app.add_flag("--plain", settings.plain, "no TLS");
    app.add_option("--ca", settings.ca, "authority for mutual TLS, PEM");
    app.add_option("--cert", settings.certificate, "certificate, PEM");
    app.add_option("--key", settings.key, "its key, PEM");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 64;
    }
    const sigset_t signals = end_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const int status = run(settings);
    std::fflush(nullptr);
    std::_Exit(status);  // libbroker may wait for a peer that is gone
}
