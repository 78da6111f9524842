// kentongan watch: an agency's own eye on us. It takes the signs of life that came the whole way,
// and raises the alarm when they stop. No database, no settings file.
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <cstring>

#include "daemon/async/http/server.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/base/text.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/deliver/dead_man.hpp"
#include "daemon/deliver/net/http_sender.hpp"
#include "daemon/deliver/signing.hpp"

extern char** environ;

namespace kentongan::cli {

namespace {

namespace json = boost::json;
constexpr std::chrono::minutes kClockSkew{5};

struct Asked {
    std::string listen = "127.0.0.1:8490";
    std::string key_file;
    std::string grace = "180s";
    std::string notify;
    std::string ca_file;
    std::string exec;
    std::string certificate_file;
    std::string private_key_file;
};

Result<Duration> grace_of(std::string_view text) {
    const bool minutes = text.ends_with('m');
    if (minutes || text.ends_with('s')) text.remove_suffix(1);
    const auto number = parse_number<std::int64_t>(text);
    if (!number || *number < 1 || *number > 86400)
        return fail(ErrorCode::usage, "--grace {}: give seconds or minutes, such as 180s or 3m",
                    text);
    return std::chrono::seconds{*number * (minutes ? 60 : 1)};
}

class Watch {
  public:
    Watch(asio::io_context& loop, Duration grace, WebhookKeys keys,
          std::unique_ptr<HttpSender> notify, std::string exec)
        : loop_(loop),
          keys_(std::move(keys)),
          notify_(std::move(notify)),
          exec_(std::move(exec)),
          dead_man_(system_clock().now(), grace),
          group_(loop.get_executor()) {}

    /// Without TLS, a sender only comes from this machine.
    Result<> run(const std::string& listen, web::TlsContext tls) {
        web::Limits limits;
        limits.maximum_connections = 16;
        limits.body_bytes = 64 << 10;
        web::Server server{loop_.get_executor(),
                           listen,
                           limits,
                           {.answer = [this](const web::Request& r) { return answer(r); },
                            .finish = [](web::Response&) {}},
                           system_clock()};
        server.use_tls(std::move(tls));
        if (auto listening = server.listen(); !listening) return listening;
        fmt::print(stderr, "kentongan: watching; signs of life are taken on port {}\n",
                   server.bound_port());
        asio::signal_set signals{loop_, SIGTERM, SIGINT};
        signals.async_wait([this](auto, int) { group_.cancel(); });
        group_.spawn("server", server.run());
        group_.spawn("time", keep_time());
        while (group_.running() > 0) loop_.run_one();
        return {};
    }

  private:
    Task<web::Response> answer(const web::Request& request) {
        if (request.method == "GET")
            co_return web::Response{
                .status = dead_man_.silent() ? 503u : 200u,
                .type = "application/json",
                .body = dead_man_.silent() ? R"({"alive":false})" : R"({"alive":true})"};
        const Timestamp now = system_clock().now();
        const auto stamp = parse_number<std::int64_t>(request.webhook_timestamp);
        if (!stamp ||
            !verify(keys_, request.webhook_id, *stamp, request.body, request.webhook_signature))
            co_return web::problem(401, "the signature is none of the key file's keys",
                                   request.target);
        const auto skew = now - Timestamp{std::chrono::seconds{*stamp}};
        if (skew > kClockSkew || skew < -kClockSkew)
            co_return web::problem(401, "the message is too old, or a clock is wrong",
                                   request.target);
        const auto made = time_of(request.body);
        if (!made)
            co_return web::problem(422,
                                   "only signs of life are taken here: give this destination "
                                   "classes = [\"heartbeat\"]",
                                   request.target);
        if (const auto notice = dead_man_.heard(*made, now)) tell(*notice);
        co_return web::Response{.status = 200, .type = "application/json", .body = "{}"};
    }

    static std::optional<Timestamp> time_of(const std::string& body) {
        boost::system::error_code code;
        const json::value value = json::parse(body, code);
        if (code || !value.is_object()) return std::nullopt;
        const auto* type = value.as_object().if_contains("type");
        const auto* time = value.as_object().if_contains("timestamp");
        if (type == nullptr || *type != "heartbeat" || time == nullptr || !time->is_string())
            return std::nullopt;
        return parse_rfc3339(std::string_view(time->as_string()));
    }

    Task<> keep_time() {
        for (;;) {
            co_await sleep_for(std::chrono::seconds{1});
            if (const auto notice = dead_man_.advance(system_clock().now())) tell(*notice);
        }
    }

    void tell(const DeadMan::Notice& notice) {
        const auto seconds = static_cast<std::int64_t>(to_seconds(notice.silence));
        const std::string text =
            notice.alive ? fmt::format("signs of life are back after {} s", seconds)
                         : fmt::format("no sign of life from Kentongan for {} s", seconds);
        fmt::print(stderr, "kentongan: {}\n", text);
        if (!exec_.empty()) execute(notice.alive ? "up" : "down", text);
        if (notify_) group_.spawn("notify", post(notice.alive, text));
    }

    /// The program gets "down" or "up" and the text; nothing goes through a shell.
    void execute(std::string state, std::string text) const {
        std::string program = exec_;
        char* arguments[] = {program.data(), state.data(), text.data(), nullptr};
        pid_t child = 0;
        if (const int failed =
                ::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments, environ))
            fmt::print(stderr, "kentongan: run {}: {}\n", exec_, std::strerror(failed));
    }

    /// As Alertmanager takes it, which others read as easily.
    Task<> post(bool alive, std::string text) {
        const auto now = system_clock().now();
        json::object alert{
            {"labels", json::object{{"alertname", "KentonganSilent"}, {"severity", "critical"}}},
            {"annotations", json::object{{"summary", text}}},
            {"endsAt", to_rfc3339(alive ? now : now + std::chrono::hours{1})}};
        const std::string body = json::serialize(json::array{std::move(alert)});
        for (int attempt = 0; attempt < 5; ++attempt) {
            const auto answer = co_await notify_->send(notify_->request(
                boost::beast::http::verb::post, notify_->url().target, "application/json", body));
            if (answer && answer->status / 100 == 2) co_return;
            fmt::print(stderr, "kentongan: notify: {}\n",
                       answer ? fmt::format("HTTP {}", answer->status) : answer.error().message);
            co_await sleep_for(std::chrono::seconds{1 << attempt});
        }
    }

    asio::io_context& loop_;
    WebhookKeys keys_;
    std::unique_ptr<HttpSender> notify_;
    std::string exec_;
    DeadMan dead_man_;
    TaskGroup group_;
};

Result<int> watch(const Asked& asked) {
    const auto grace = grace_of(asked.grace);
    if (!grace) return std::unexpected(grace.error());
    auto keys = load_checking_keys(asked.key_file);
    if (!keys) return std::unexpected(keys.error());
    web::TlsContext tls;
    if (!asked.certificate_file.empty()) {
        auto read = web::server_tls({asked.certificate_file, asked.private_key_file, ""});
        if (!read) return std::unexpected(read.error());
        tls = std::move(*read);
    }
    asio::io_context loop{1};
    std::unique_ptr<HttpSender> notify;
    if (!asked.notify.empty()) {
        auto opened = HttpSender::open(loop.get_executor(), asked.notify,
                                       {.ca_file = asked.ca_file}, "--notify");
        if (!opened) return std::unexpected(opened.error());
        notify = std::move(*opened);
    }
    std::signal(SIGCHLD, SIG_IGN);  // nobody waits for what was executed
    Watch watching{loop, *grace, std::move(*keys), std::move(notify), asked.exec};
    if (auto done = watching.run(asked.listen, std::move(tls)); !done)
        return std::unexpected(done.error());
    return 0;
}

}  // namespace

void add_watch(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = add_subcommand(
        app, common, "watch", "raise the alarm when signs of life stop (on an agency's side)",
        "kentongan watch --listen 0.0.0.0:8490 --key /etc/kentongan/kpu.whpk --certificate "
        "/etc/kentongan/watch.pem --key-file /etc/kentongan/watch.key --exec /usr/local/bin/page");
    command->add_option("--listen", asked.listen, "address:port to take signs of life on")
        ->capture_default_str();
    command->add_option("--key", asked.key_file, "file with the sender's public key whpk_…")
        ->required();
    auto* certificate = command->add_option(
        "--certificate", asked.certificate_file,
        "our certificate with its chain, PEM: signs of life come over TLS, as they must from "
        "another machine");
    command->add_option("--key-file", asked.private_key_file, "its private key, PEM")
        ->needs(certificate);
    certificate->needs("--key-file");
    command->add_option("--grace", asked.grace, "silence that is an alarm")->capture_default_str();
    command->add_option("--notify", asked.notify,
                        "URL that gets an alert as Alertmanager takes it, such as "
                        "https://am:9093/api/v2/alerts");
    command->add_option("--ca", asked.ca_file, "CA certificates to trust for it");
    command->add_option("--exec", asked.exec, "program to run with \"down\" or \"up\" and a text");
    command->callback([&] { action = [&](const Output&) { return watch(asked); }; });
}

}  // namespace kentongan::cli
