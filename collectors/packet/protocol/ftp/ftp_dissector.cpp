#include "collectors/packet/protocol/ftp/ftp_dissector.hpp"

#include <algorithm>
#include <initializer_list>

#include "collectors/packet/protocol/login.hpp"
#include "collectors/packet/protocol/pending.hpp"
#include "collectors/packet/protocol/tls/tls_dissector.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kLongestText = 1024;
constexpr unsigned kMostStrange = 20;

bool is_verb(std::string_view word) {
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return word.size() >= 3 && word.size() <= 8 && std::ranges::all_of(word, is_letter);
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

bool is_one_of(std::string_view command, std::initializer_list<std::string_view> commands) {
    return std::ranges::find(commands, command) != commands.end();
}

bool sends_a_file(std::string_view command) {
    return is_one_of(command, {"RETR", "STOR", "STOU", "APPE"});
}
bool uses_data(std::string_view command) {
    return sends_a_file(command) || is_one_of(command, {"LIST", "NLST", "MLSD"});
}

std::optional<std::uint16_t> port_of(std::string_view data_channel) {
    return parse_number<std::uint16_t>(data_channel.substr(data_channel.rfind(':') + 1));
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.find_last_of("/\\") + 1);
}

}  // namespace

Dissector::Outcome FtpDissector::bytes(Side from, Bytes data, const Moment& at, ProtocolSink& out) {
    if (encrypted_) return encrypted_->bytes(from, data, at, out);
    Lines& lines = from == Side::originator ? client_ : server_;
    while (const auto line = lines.next(data)) {
        if (line->begins && from == Side::originator) command(line->text, at, out);
        if (line->begins && from == Side::responder) reply_line(line->text, at, out);
        if (encrypted_)
            return data.empty() ? Outcome::more : encrypted_->bytes(from, data, at, out);
        if (strange_ <= kMostStrange) continue;
        end(at, out);
        return Outcome::foreign;
    }
    return Outcome::more;
}

/// Within a reply of several lines anything may stand, up to its code and a blank.
void FtpDissector::reply_line(std::string_view line, const Moment& at, ProtocolSink& out) {
    const auto one = parse_reply(line);
    if (one && (!many_ || (one->last && one->code == *many_)))
        reply(*one, at, out);
    else if (!many_)
        ++strange_;
}

void FtpDissector::command(std::string_view line, const Moment& at, ProtocolSink& out) {
    std::string_view rest = line;
    // Telnet's signals may come before ABOR.
    while (!rest.empty() && static_cast<unsigned char>(rest.front()) >= 0x80) rest.remove_prefix(1);
    Command one;
    one.name = upper(take_until(rest, ' ').substr(0, 16));
    one.asked = at;
    if (!is_verb(one.name)) return void(++strange_);
    const bool secret = one.name == "PASS" || one.name == "ACCT" || one.name == "ADAT";
    if (!secret) one.argument = rest.substr(0, kLongestText);
    if (one.name == "USER") user_ = one.argument;
    if (waiting_.size() == kMostWaiting) {
        out.evicted(Table::ftp);
        tell(waiting_.front(), nullptr, at, out);
        waiting_.pop_front();
    }
    prepare(one);
    waiting_.push_back(std::move(one));
    announce(at, out);
}

/// The server may connect before it has said yes.
void FtpDissector::prepare(const Command& command) {
    if (command.name != "PORT" && command.name != "EPRT") return;
    channel_.reset();
    if (const auto port = port_of(data_channel(command.name, command.argument)))
        channel_ = Channel{Side::originator, *port};
}

/// The first that waits for data gets the channel, be it for a file or for a list.
void FtpDissector::announce(const Moment& at, ProtocolSink& out) {
    if (!channel_ || !as_stream_) return;
    const auto next =
        std::ranges::find_if(waiting_, [](const Command& c) { return uses_data(c.name); });
    if (next == waiting_.end() || next->announced || !sends_a_file(next->name)) return;
    next->announced = true;
    out.await_file({.listens = channel_->listens,
                    .port = channel_->port,
                    .sender = next->name == "RETR" ? Side::responder : Side::originator,
                    .name = last_part(next->argument),
                    .whole = !restarts_},
                   at);
}

/// What a command's last reply changes. A data connection serves once, unless it was refused.
void FtpDissector::settle(const Command& command, const ReplyLine& reply, ProtocolSink& out) {
    const bool accepted = reply.code < 400;
    if (command.name == "REST") restarts_ = accepted && trim(command.argument) != "0";
    if (command.name == "MODE" && accepted) as_stream_ = upper(trim(command.argument)) == "S";
    if (command.name == "PASV" || command.name == "EPSV") {
        channel_.reset();
        const auto port = port_of(data_channel(command.name, reply.text));
        if (accepted && port) channel_ = Channel{Side::responder, *port};
    }
    if (!accepted && (command.name == "PORT" || command.name == "EPRT")) channel_.reset();
    if (!uses_data(command.name)) return;
    restarts_ = false;
    if (!accepted && command.announced && channel_)
        out.forget_file(channel_->listens, channel_->port);
    if (accepted) channel_.reset();
}

/// A reply of the first hundred says that another follows.
void FtpDissector::reply(const ReplyLine& reply, const Moment& at, ProtocolSink& out) {
    many_ = reply.last ? std::nullopt : std::optional(reply.code);
    if (!reply.last || reply.code < 200 || waiting_.empty()) return;
    const Command command = std::move(waiting_.front());
    waiting_.pop_front();
    tell(command, &reply, at, out);
    settle(command, reply, out);
    announce(at, out);
    if (command.name == "AUTH" && reply.code == 234) encrypted_ = make_tls_dissector();
}

void FtpDissector::tell(const Command& command, const ReplyLine* reply, const Moment& at,
                        ProtocolSink& out) {
    Event& event = out.begin(EventKind::ftp, "", Side::originator, at);
    event.logsource = {"", "zeek", "ftp"};
    event.set(Field::network_protocol, "ftp");
    event.set(Field::event_action, command.name);
    event.set(Field::ftp_command, command.name);
    set_text(event, Field::ftp_argument, command.argument);
    set_text(event, Field::user_name, user_);
    if (sends_a_file(command.name) || command.name == "DELE")
        set_text(event, Field::file_path, command.argument);
    const bool passive = command.name == "PASV" || command.name == "EPSV";
    const std::string_view says = passive && reply != nullptr ? reply->text : command.argument;
    set_text(event, Field::ftp_data_channel, data_channel(command.name, says));
    if (reply != nullptr) {
        event.set(Field::ftp_reply_code, reply->code);
        set_text(event, Field::ftp_reply, reply->text.substr(0, kLongestText));
        event.set(Field::event_outcome, reply->code < 400 ? "success" : "failure");
        event.set(Field::event_duration, (at.time - command.asked.time).count());
    }
    const bool login = command.name == "PASS";
    if (login) event.set(Field::event_category, "authentication");
    out.emit();
    // 230 lets the user in, 332 asks for an account as well; 503 had no USER before it.
    if (login && reply != nullptr && reply->code != 332 && reply->code != 503)
        emit_auth({"ftp", Side::originator, reply->code < 400, user_, reply->text}, at, out);
}

Dissector::Outcome FtpDissector::gap(Side from, std::uint64_t size, const Moment& at,
                                     ProtocolSink& out) {
    if (encrypted_) return encrypted_->gap(from, size, at, out);
    end(at, out);
    return Outcome::foreign;
}

void FtpDissector::end(const Moment& at, ProtocolSink& out) {
    if (encrypted_) return encrypted_->end(at, out);
    for (const Command& command : waiting_) tell(command, nullptr, at, out);
    waiting_.clear();
}

std::size_t FtpDissector::held_bytes() const {
    std::size_t held = client_.held_bytes() + server_.held_bytes() + user_.capacity();
    for (const Command& command : waiting_)
        held += sizeof command + command.name.capacity() + command.argument.capacity();
    return held + (encrypted_ ? encrypted_->held_bytes() : 0);
}

std::unique_ptr<Dissector> make_ftp_dissector() { return std::make_unique<FtpDissector>(); }

}  // namespace kentongan::packet
