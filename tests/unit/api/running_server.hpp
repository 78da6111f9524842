#pragma once
// The real server on loopback port 0 with its own loop and store threads, and a blocking client.
#include <gmock/gmock.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <future>

#include "daemon/alert/redact.hpp"
#include "daemon/api/casework.hpp"
#include "daemon/api/server.hpp"
#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/store/memory/memory_triage.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/api/fake_store.hpp"

namespace kentongan {

namespace http = boost::beast::http;
using asio::ip::tcp;

inline constexpr std::string_view kToken = "a-token-of-the-tests-0123456789";

using Reply = http::response<http::string_body>;

/// A blocking client on one connection.
class Client {
  public:
    explicit Client(std::uint16_t port) {
        socket.connect({asio::ip::make_address("127.0.0.1"), port});
    }
    void send(std::string_view bytes) { asio::write(socket, asio::buffer(bytes)); }
    Reply receive(bool head = false) {
        http::response_parser<http::string_body> parser;
        parser.skip(head);
        parser.body_limit(std::uint64_t{64} << 20);
        http::read(socket, buffer, parser);
        return parser.release();
    }
    /// Whatever comes until the server closes.
    std::string rest() {
        std::string out{boost::beast::buffers_to_string(buffer.data())};
        boost::system::error_code ignored;
        asio::read(socket, asio::dynamic_buffer(out), ignored);
        return out;
    }
    /// Reads on until the bytes seen so far hold `pattern`, and then end in an empty line.
    void read_past(std::string_view pattern, std::string& seen) {
        while (!seen.contains(pattern) || !seen.ends_with("\n\n")) {
            std::array<char, 4096> piece;
            seen.append(piece.data(), socket.read_some(asio::buffer(piece)));
        }
    }
    /// True when the server has closed without another byte.
    bool closed() { return rest().empty(); }
    Reply ask(std::string_view method, std::string_view target, std::string_view headers = "",
              std::string_view body = "") {
        send(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\n{}\r\n{}", method, target, headers, body));
        return receive(method == "HEAD");
    }

    asio::io_context context;
    tcp::socket socket{context};
    boost::beast::flat_buffer buffer;
};

inline std::string bearer(std::string_view token) {
    return fmt::format("Authorization: Bearer {}\r\n", token);
}

class RunningServer {
  public:
    explicit RunningServer(api::Options options = with_token()) {
        options.listen = "127.0.0.1:0";
        on_loop([&] {
            server.emplace(loop.executor(), std::move(options), dependencies());
            const auto listening = server->listen();
            if (!listening) throw std::runtime_error(listening.error().message);
            port = server->bound_port();
            group.emplace(loop.executor());
            group->spawn("server", server->run());
        });
    }
    ~RunningServer() { stop(); }

    static api::Options with_token() {
        api::Options options;
        options.tokens.add(kToken);
        for (const auto role : {api::Role::agency, api::Role::wall, api::Role::viewer,
                                api::Role::analyst, api::Role::lead, api::Role::admin})
            options.tokens.add(token_of(role), {.name = std::string(name_of(role)), .role = role});
        for (const char* agency : {"kpu", "bssn", "polri", "brin"})
            options.tokens.add(token_of(agency),
                               {.name = agency, .role = api::Role::agency, .agency = agency});
        return options;
    }

    static std::string token_of(api::Role role) { return token_of(name_of(role)); }
    static std::string token_of(std::string_view name) {
        return fmt::format("a-token-of-{}-0123456789", name);
    }

    /// Cancels the server and waits until its last connection has ended.
    void stop() {
        if (!server) return;
        auto end = [this]() -> Task<> {
            group->cancel();
            (void)co_await group->join();
            group.reset();
            server.reset();
        };
        asio::co_spawn(loop.executor(), end(), asio::use_future).get();
    }

    template <class Function>
    void on_loop(Function function) {
        asio::post(loop.executor(), asio::use_future(function)).get();
    }
    template <class Function>
    void on_store(Function function) {
        asio::post(store_thread.executor(), asio::use_future(function)).get();
    }

    /// One request on a connection of its own, with the right token.
    Reply ask(std::string_view method, std::string_view target, std::string_view headers = "",
              std::string_view body = "") {
        return Client{port}.ask(method, target, bearer(kToken) + std::string{headers}, body);
    }
    Reply get(std::string_view target) { return ask("GET", target); }

    /// The same with a body; `headers` hold the token.
    Reply post(std::string_view target, std::string_view body, std::string_view headers) {
        Client client{port};
        client.send(
            fmt::format("POST {} HTTP/1.1\r\nHost: x\r\n{}Content-Type: application/json\r\n"
                        "Content-Length: {}\r\n\r\n{}",
                        target, headers, body.size(), body));
        return client.receive();
    }

    FakeStore store;
    Metrics metrics;
    ManualClock clock;
    MemoryAlertStore records{clock};  ///< what casework sees; on the store's thread
    MemoryTriage triage{records};
    bool two_person = false;
    std::vector<std::string> exported;    ///< and handed over: who and why; on the loop
    Timestamp window = Timestamp::max();  ///< from here on two persons are needed, too
    int reloads = 0;                      ///< asked for; on the loop
    std::vector<std::string> logins;      ///< "NAME ok"; on the loop
    std::vector<std::string> red_read;    ///< "NAME OBJECT"; on the loop
    std::shared_ptr<const Suppressions> silenced;
    std::vector<std::string> permitted;         ///< on the store's thread
    std::map<std::string, std::string> paused;  ///< by name; on the store's thread
    std::optional<Route> bssn;  ///< how BSSN is told of alerts; on the store's thread
    api::Casework casework{records, records, triage, records, clock, casework_options()};
    std::shared_ptr<const Routing> routing;  ///< set it before requests are sent
    boost::json::object status{{"name", "tps-sensor"}};
    boost::json::object rules{{"rules", boost::json::array{}}};
    boost::json::object score{{"score", 1}};
    api::Health health;  ///< change it before requests are sent, or on the loop
    std::uint16_t port = 0;
    LoopThread store_thread{"test-store"};
    LoopThread loop{"test-loop"};
    std::optional<api::Server> server;
    std::optional<TaskGroup> group;

  private:
    api::Casework::Options casework_options() {
        api::Casework::Options out;
        out.two_person = [this](Timestamp, Timestamp until) {
            return two_person || until >= window;
        };
        out.permit = [this](std::string object) { permitted.push_back(std::move(object)); };
        out.destinations = {"bssn", "kpu"};
        out.pause_by = [this](auto all) { paused = std::move(all); };
        out.told_to_bssn = [this](const Alert& alert) -> std::optional<boost::json::object> {
            if (!bssn) return std::nullopt;
            return redacted(alert, *bssn);
        };
        out.suppress_by = [this](auto list) { silenced = std::move(list); };
        return out;
    }
    api::Views views() {
        const auto page = [] { return boost::json::object{{"page", true}}; };
        return {.sensors = page,
                .services = page,
                .rules = [this] { return rules; },
                .settings = page,
                .evidence = page,
                .proof = [](std::string) -> Task<Result<boost::json::object>> {
                    co_return boost::json::object{{"leaf", 7}};
                },
                .rule = [](std::string) -> Task<Result<boost::json::object>> {
                    co_return boost::json::object{{"text", "a rule"}};
                },
                .drill = [this]() -> Task<Result<boost::json::object>> { co_return score; },
                .series = [](std::string) -> Task<std::optional<boost::json::object>> {
                    co_return boost::json::object{{"points", boost::json::array{}}};
                }};
    }
    api::Dependencies dependencies() {
        return {.alerts = store,
                .outbox = store,
                .store = store_thread.executor(),
                .metrics = metrics,
                .health = [this] { return health; },
                .status = [this] { return status; },
                .clock = clock,
                .coverage = [](const std::string& area,
                               std::optional<Timestamp> at) -> std::optional<boost::json::object> {
                    if (area == "32") return std::nullopt;
                    return boost::json::object{{"area", area}, {"at", at ? to_rfc3339(*at) : ""}};
                },
                .packets = [](std::string alert) -> Task<Result<api::KeptPackets>> {
                    if (alert.contains("never captured"))
                        co_return fail(ErrorCode::no_input, "no packets are kept");
                    if (alert.contains("disk fails"))
                        co_return fail(ErrorCode::io, "read: the disk fails");
                    co_return api::KeptPackets{std::string("\0packets", 8), 3, true};
                },
                .context = [](std::string alert,
                              std::size_t evidence) -> Task<Result<boost::json::object>> {
                    if (evidence > 0) co_return fail(ErrorCode::no_input, "there is one only");
                    co_return boost::json::object{{"of", alert.size()},
                                                  {"state", "same"},
                                                  {"file", "auth.log"},
                                                  {"before", boost::json::array{}},
                                                  {"record", boost::json::array{}},
                                                  {"after", boost::json::array{}}};
                },
                .routing = [this] { return routing; },
                .agency_of =
                    [](const std::string& destination) {
                        return destination.substr(0, destination.find('-'));
                    },
                .views = views(),
                .noise = &store,
                .casework = &casework,
                .searches = &store,
                .evidence = [this](api::EvidenceOrder order) -> Task<Result<std::string>> {
                    exported.push_back(order.who + " " + order.why);
                    co_return "a package";
                },
                .handover = [this](api::HandoverOrder order) -> Task<Result<>> {
                    if (order.sha256 != std::string(64, 'a'))
                        co_return fail(ErrorCode::no_input, "not made here");
                    exported.push_back(order.who + " > " + order.to + " " + order.why);
                    co_return Result<>{};
                },
                .reload = [this] { ++reloads; },
                .blocking = store_thread.executor(),
                .logged_in =
                    [this](const api::LoginEvent& event) {
                        constexpr std::string_view kWords[] = {" ok", " refused", " limited",
                                                               " used", " logout"};
                        if (event.outcome == api::LoginEvent::Outcome::used) return;
                        logins.push_back(event.name +
                                         std::string(kWords[static_cast<int>(event.outcome)]));
                    },
                .read_red =
                    [this](const std::string& name, std::vector<std::string> objects) {
                        for (const auto& object : objects) red_read.push_back(name + " " + object);
                    }};
    }
};

inline DeliveryStatus a_destination(std::string name) {
    DeliveryStatus out;
    out.destination = std::move(name);
    return out;
}

inline Alert an_alert(std::string message = "something", Severity severity = Severity::medium) {
    auto rule = std::make_shared<Rule>();
    rule->id = "sigma:test";
    rule->name = "A rule";
    rule->ruleset = Ruleset::sigma;
    rule->severity = severity;
    Alert alert;
    alert.rule = rule;
    alert.entity = "10.0.0.1";
    alert.message = std::move(message);
    alert.severity = severity;
    alert.count = 1;
    alert.first_seen = alert.last_seen = alert.created = *parse_rfc3339("2024-11-27T06:00:00Z");
    alert.agencies = {"kpu"};
    alert.hostname = "sensor";
    return alert;
}

inline boost::json::object json_of(const Reply& reply) {
    return boost::json::parse(reply.body()).as_object();
}

}  // namespace kentongan
