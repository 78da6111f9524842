#include "daemon/deliver/channel/mail_channel.hpp"

#include <algorithm>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/deliver/net/peer_stream.hpp"
#include "daemon/deliver/net/smtp_reply.hpp"

namespace kentongan {

namespace {

bool is_address(std::string_view text) {
    return text.size() <= 254 && text.find('@') != std::string_view::npos &&
           std::ranges::all_of(text, [](char c) {
               return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ',';
           });
}

/// One conversation. Its functions answer nothing while all is well, else what ends it.
class Conversation {
  public:
    using Outcome = Result<std::optional<Receipt>>;

    Conversation(std::shared_ptr<PeerStream> stream, const MailSettings& settings)
        : stream_(std::move(stream)), settings_(settings) {}

    Task<Result<SmtpReply>> read() {
        SmtpReplyReader reader;
        for (;;) {
            const auto line = co_await stream_->read_line(SmtpReplyReader::kLineBytes);
            if (!line) co_return std::unexpected(line.error());
            auto reply = reader.add(*line);
            if (!reply) co_return std::unexpected(reply.error());
            if (*reply) co_return std::move(**reply);
        }
    }
    Task<Result<SmtpReply>> say(std::string command) {
        auto sent = co_await stream_->write(command + "\r\n");
        if (!sent) co_return std::unexpected(sent.error());
        co_return co_await read();
    }
    /// Says it and wants a reply of this class, such as 2 for 2xx.
    Task<Outcome> expect(std::string command, int wanted) {
        auto reply = co_await say(std::move(command));
        if (!reply) co_return std::unexpected(reply.error());
        co_return judged(*reply, wanted);
    }
    static Outcome judged(const SmtpReply& reply, int wanted) {
        if (reply.code / 100 == wanted) return std::nullopt;
        return Receipt{.status = reply.code / 100 < 4 ? 503 : status_of(reply),
                       .body = reply.text(),
                       .retry_after = std::nullopt};
    }

    Task<Outcome> greet() {
        auto reply = co_await say("EHLO " + settings_.hostname);
        if (!reply) co_return std::unexpected(reply.error());
        hello_ = *reply;
        co_return judged(*reply, 2);
    }
    [[nodiscard]] bool offers(std::string_view what) const {
        return hello_.extension(what).has_value();
    }

    Task<Outcome> hand_over(std::string mail) {
        auto outcome = co_await expect(fmt::format("MAIL FROM:<{}>", settings_.from), 2);
        for (const std::string& to : settings_.to)
            if (outcome && !*outcome) outcome = co_await expect(fmt::format("RCPT TO:<{}>", to), 2);
        if (outcome && !*outcome) outcome = co_await expect("DATA", 3);
        if (!outcome || *outcome) co_return outcome;
        auto sent = co_await stream_->write(data_of(mail));
        if (!sent) co_return std::unexpected(sent.error());
        auto reply = co_await read();
        if (!reply) co_return std::unexpected(reply.error());
        co_return Receipt{
            .status = status_of(*reply), .body = reply->text(), .retry_after = std::nullopt};
    }

  private:
    std::shared_ptr<PeerStream> stream_;
    const MailSettings& settings_;
    SmtpReply hello_;
};

}  // namespace

struct MailChannel::Impl {
    asio::any_io_executor executor;
    MailSettings settings;
    ServiceAddress address;
    DialPolicy policy;
    struct Files {
        std::shared_ptr<asio::ssl::context> tls;
        std::string password{};
    };
    Files files;

    Result<Files> read_files() const;
    Task<Conversation::Outcome> secure(Conversation& talk, std::shared_ptr<PeerStream> stream);
    Task<Result<Receipt>> converse(std::shared_ptr<PeerStream> stream, std::string mail);
};

MailChannel::MailChannel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MailChannel::~MailChannel() = default;

std::string data_of(std::string_view mail) {
    std::string out;
    while (!mail.empty()) {
        std::string_view line = take_until(mail, '\n');
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with('.')) out.push_back('.');
        out.append(line).append("\r\n");
    }
    return out + ".\r\n";
}

Result<std::unique_ptr<MailChannel>> MailChannel::open(asio::any_io_executor executor,
                                                       const MailSettings& settings) {
    auto address = ServiceAddress::parse(settings.url, {{"smtp", 587}, {"smtps", 465}});
    if (!address) return std::unexpected(address.error());
    auto policy = policy_of(settings.peer);
    if (!policy) return std::unexpected(policy.error());
    if (!is_address(settings.from))
        return fail(ErrorCode::config, "mail_from \"{}\" is no address", settings.from);
    for (const std::string& to : settings.to)
        if (!is_address(to)) return fail(ErrorCode::config, "mail_to \"{}\" is no address", to);
    if (settings.to.empty()) return fail(ErrorCode::config, "mail_to names nobody");
    std::unique_ptr<Impl> impl{new Impl{.executor = std::move(executor),
                                        .settings = settings,
                                        .address = std::move(*address),
                                        .policy = std::move(*policy),
                                        .files = {}}};
    std::erase_if(impl->settings.hostname, [](char c) { return c <= 0x20 || c >= 0x7F; });
    if (impl->settings.hostname.empty()) impl->settings.hostname = "localhost";
    auto read = impl->read_files();
    if (!read) return std::unexpected(read.error());
    impl->files = std::move(*read);
    return std::unique_ptr<MailChannel>{new MailChannel(std::move(impl))};
}

Result<MailChannel::Impl::Files> MailChannel::Impl::read_files() const {
    auto made =
        client_tls(settings.peer.ca_file, settings.peer.certificate_file, settings.peer.key_file);
    if (!made) return std::unexpected(made.error());
    Files out{.tls = std::move(*made)};
    if (settings.user.empty()) return out;
    auto read = load_password(settings.password_file);
    if (!read) return std::unexpected(read.error());
    out.password = std::move(*read);
    return out;
}

Result<DeliveryChannel::Swap> MailChannel::reread() {
    auto read = impl_->read_files();
    if (!read) return std::unexpected(read.error());
    return [this, made = std::move(*read)] { impl_->files = made; };
}

/// Up to where mail may be handed over.
Task<Conversation::Outcome> MailChannel::Impl::secure(Conversation& talk,
                                                      std::shared_ptr<PeerStream> stream) {
    auto outcome = co_await talk.greet();
    if (!outcome || *outcome) co_return outcome;
    bool secured = address.scheme == "smtps";
    if (!secured && talk.offers("STARTTLS")) {
        outcome = co_await talk.expect("STARTTLS", 2);
        if (!outcome || *outcome) co_return outcome;
        if (auto done = co_await stream->start_tls(files.tls); !done)
            co_return std::unexpected(done.error());
        secured = true;
        outcome = co_await talk.greet();  // what it offered before may have been another's words
        if (!outcome || *outcome) co_return outcome;
    }
    const auto literal = IpAddress::parse(address.host);
    const bool local = address.host == "localhost" || (literal && literal->is_loopback());
    if (!secured && (!local || !settings.user.empty()))
        co_return fail(ErrorCode::unavailable,
                       "the server does not offer STARTTLS: nothing is sent");
    if (settings.user.empty()) co_return outcome;
    std::string login{'\0'};
    login.append(settings.user).append(1, '\0').append(files.password);
    co_return co_await talk.expect("AUTH PLAIN " + to_base64(as_bytes(login)), 2);
}

Task<Result<Receipt>> MailChannel::Impl::converse(std::shared_ptr<PeerStream> stream,
                                                  std::string mail) {
    auto done = co_await stream->connect();
    if (done && address.scheme == "smtps") done = co_await stream->start_tls(files.tls);
    if (!done) co_return std::unexpected(done.error());
    Conversation talk{stream, settings};
    const auto greeting = co_await talk.read();
    if (!greeting) co_return std::unexpected(greeting.error());
    auto outcome = Conversation::judged(*greeting, 2);
    if (outcome && !*outcome) outcome = co_await secure(talk, stream);
    if (outcome && !*outcome) outcome = co_await talk.hand_over(std::move(mail));
    if (!outcome) co_return std::unexpected(outcome.error());
    (void)co_await stream->write("QUIT\r\n");
    co_return **outcome;
}

Task<Result<Receipt>> MailChannel::deliver(Delivery message) {
    auto stream = std::make_shared<PeerStream>(impl_->executor, impl_->address, impl_->policy);
    stream->expires_at(std::chrono::steady_clock::now() + impl_->settings.peer.timeout);
    auto answer = co_await impl_->converse(stream, message.body);
    stream->expires_at(DialDeadline::max());
    stream->close();
    if (!answer) co_return std::unexpected(answer.error().within("mail " + impl_->settings.url));
    co_return answer;
}

}  // namespace kentongan
