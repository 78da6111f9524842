#include "collectors/packet/protocol/smtp/smtp_dissector.hpp"

#include <algorithm>

#include "collectors/packet/protocol/login.hpp"
#include "collectors/packet/protocol/pending.hpp"
#include "collectors/packet/protocol/smtp/commands.hpp"
#include "collectors/packet/protocol/tls/tls_dissector.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet {

namespace {

using smtp::address_of;
using smtp::kLongestText;
using smtp::take_verb;

constexpr std::size_t kMostNames = 100;
constexpr std::size_t kMostAsked = 128;
constexpr unsigned kMostStrange = 20;

void add(std::vector<std::string>& names, std::string name, ProtocolSink& out) {
    if (name.empty()) return;
    if (names.size() == kMostNames) return out.evicted(Table::smtp);
    names.push_back(std::move(name));
}

std::size_t held(const std::vector<std::string>& names) {
    std::size_t out = names.capacity() * sizeof(std::string);
    for (const std::string& name : names) out += name.capacity();
    return out;
}

}  // namespace

Dissector::Outcome SmtpDissector::bytes(Side from, Bytes data, const Moment& at,
                                        ProtocolSink& out) {
    if (encrypted_) return encrypted_->bytes(from, data, at, out);
    at_ = &at;
    out_ = &out;
    if (from == Side::originator) {
        client_spoke_ = true;
        for (;;) {
            if (chunk_left_ > 0 && !chunk(data)) break;
            const auto line = client_.next(data);
            if (!line) break;
            client_line(*line);
        }
    } else {
        while (const auto line = server_.next(data)) {
            if (!line->begins) continue;
            if (const auto reply_line = parse_reply(line->text))
                reply(*reply_line, at, out);
            else
                ++strange_;
            if (encrypted_)
                return data.empty() ? Outcome::more : encrypted_->bytes(from, data, at, out);
            if (strange_ <= kMostStrange) continue;
            end(at, out);
            return Outcome::foreign;
        }
    }
    return Outcome::more;
}

void SmtpDissector::client_line(const Lines::Line& line) {
    if (reading_content_) return content_line(line);
    if (!line.begins) return;
    // While a login goes on, lines are credentials.
    const bool secret = !asked_.empty() && asked_.back() == Asked::authentication;
    secret ? authentication_.line(line.text) : command(line.text);
}

void SmtpDissector::command(std::string_view line) {
    if (take_verb(line, "EHLO") || take_verb(line, "HELO")) {
        helo_ = line.substr(0, kLongestText);
        return ask(Asked::other);
    }
    if (take_verb(line, "MAIL FROM:")) {
        mail_ = {};
        told_ = false;
        mail_.from = address_of(line);
        return ask(Asked::mail);
    }
    if (take_verb(line, "RCPT TO:")) {
        add(mail_.to, address_of(line), *out_);
        return ask(Asked::other);
    }
    if (take_verb(line, "BDAT")) {
        std::string_view rest = line;
        chunk_left_ = parse_number<std::uint64_t>(trim(take_until(rest, ' '))).value_or(0);
        last_chunk_ = equals_ignoring_case(trim(rest), "LAST");
        if (!content_) content_.emplace(static_cast<smtp::MimeListener&>(*this));
        if (chunk_left_ == 0 && last_chunk_) end_content(true);
        return ask(last_chunk_ ? Asked::content : Asked::chunk);
    }
    if (take_verb(line, "DATA")) return ask(Asked::data);
    if (take_verb(line, "STARTTLS")) return ask(Asked::tls);
    if (take_verb(line, "AUTH")) {
        authentication_.begin(line);
        return ask(Asked::authentication);
    }
    ask(Asked::other);
}

void SmtpDissector::ask(Asked asked) {
    if (asked_.size() == kMostAsked) {
        out_->evicted(Table::smtp);
        asked_.pop_front();
    }
    asked_.push_back(asked);
}

/// A line that begins with a dot has one more than it should (RFC 5321, section 4.5.2).
void SmtpDissector::content_line(const Lines::Line& line) {
    std::string_view text = line.text;
    if (line.begins && line.ends && text == ".") {
        end_content(true);
        return ask(Asked::content);
    }
    if (line.begins && text.starts_with('.')) text.remove_prefix(1);
    if (content_) content_->line(text, line.begins, line.ends);
}

void SmtpDissector::end_content(bool whole) {
    reading_content_ = false;
    if (content_) content_->finish(whole);
    content_.reset();
}

/// A part of the message by its length (RFC 3030); false when more is to come.
bool SmtpDissector::chunk(Bytes& data) {
    Bytes part =
        data.first(static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, data.size())));
    data = data.subspan(part.size());
    chunk_left_ -= part.size();
    while (const auto line = chunk_lines_.next(part))
        if (content_) content_->line(line->text, line->begins, line->ends);
    if (chunk_left_ > 0) return false;
    if (last_chunk_) end_content(true);
    return true;
}

void SmtpDissector::reply(const ReplyLine& reply, const Moment& at, ProtocolSink& out) {
    if (!reply.last) return;
    last_reply_ = std::to_string(reply.code) + ' ';
    last_reply_ += reply.text.substr(0, kLongestText);
    if (asked_.empty() || (asked_.front() == Asked::authentication && reply.code == 334)) return;
    const Asked asked = asked_.front();
    asked_.pop_front();
    switch (asked) {
        case Asked::data:
            if (reply.code != 354) return;
            reading_content_ = true;
            content_.emplace(static_cast<smtp::MimeListener&>(*this));
            return;
        case Asked::content:
            return tell(at, out);
        case Asked::tls:
            if (reply.code != 220) return;
            tls_ = true;
            tell(at, out);
            encrypted_ = make_tls_dissector();
            return;
        case Asked::authentication:
            if (reply.code == 235 || reply.code == 535)  // RFC 4954, section 6
                emit_auth({"smtp", Side::originator, reply.code == 235, authentication_.user(),
                           reply.text},
                          at, out);
            return;
        default:
            return;
    }
}

void SmtpDissector::tell(const Moment& at, ProtocolSink& out) {
    static const Field kFrom = field_named("mailfrom");
    static const Field kTo = field_named("rcptto");
    Event& event = out.begin(EventKind::mail, "", Side::originator, at);
    event.logsource = {"", "zeek", "smtp"};
    event.set(Field::network_protocol, "smtp");
    set_text(event, Field::smtp_helo, helo_);
    set_text(event, kFrom, mail_.from);
    set_text(event, Field::email_from_address,
             mail_.header_from.empty() ? mail_.from : mail_.header_from);
    for (const std::string& one : mail_.to) event.set(kTo, one);
    for (const std::string& one : mail_.to.empty() ? mail_.header_to : mail_.to)
        event.set(Field::email_to_address, one);
    set_text(event, Field::email_subject, mail_.subject);
    set_text(event, Field::email_message_id, mail_.message_id);
    for (const std::string& name : mail_.attachments)
        set_text(event, Field::email_attachments_file_name, name);
    set_text(event, Field::smtp_last_reply, last_reply_);
    event.set(Field::smtp_tls, tls_);
    out.emit();
    mail_ = {};
    told_ = true;
}

void SmtpDissector::header(std::string_view name, std::string_view value) {
    if (equals_ignoring_case(name, "from"))
        mail_.header_from = address_of(value);
    else if (equals_ignoring_case(name, "to"))
        while (!value.empty())
            add(mail_.header_to, address_of(trim(take_until(value, ','))), *out_);
    else if (equals_ignoring_case(name, "subject"))
        mail_.subject = smtp::decode_words(value).substr(0, kLongestText);
    else if (equals_ignoring_case(name, "message-id"))
        mail_.message_id = value.substr(0, kLongestText);
}

void SmtpDissector::begin_file(std::string_view name, std::string_view mime_type) {
    add(mail_.attachments, std::string(name), *out_);
    out_->begin_file(Side::originator, {name, mime_type, "smtp"}, *at_);
}
void SmtpDissector::file_bytes(Bytes data) { out_->file_bytes(Side::originator, data); }
void SmtpDissector::end_file(bool whole) { out_->end_file(Side::originator, whole, *at_); }

Dissector::Outcome SmtpDissector::gap(Side from, std::uint64_t size, const Moment& at,
                                      ProtocolSink& out) {
    if (encrypted_) return encrypted_->gap(from, size, at, out);
    end(at, out);
    return Outcome::foreign;
}

void SmtpDissector::end(const Moment& at, ProtocolSink& out) {
    if (encrypted_) return encrypted_->end(at, out);
    at_ = &at;
    out_ = &out;
    end_content(false);
    if (!told_ && client_spoke_) tell(at, out);
    told_ = true;
}

std::size_t SmtpDissector::held_bytes() const {
    std::size_t out = client_.held_bytes() + server_.held_bytes() + chunk_lines_.held_bytes() +
                      helo_.capacity() + last_reply_.capacity() + mail_.from.capacity() +
                      mail_.header_from.capacity() + mail_.subject.capacity() +
                      mail_.message_id.capacity() + asked_.size();
    out += held(mail_.to) + held(mail_.header_to) + held(mail_.attachments);
    if (content_) out += content_->held_bytes();
    return out + (encrypted_ ? encrypted_->held_bytes() : 0);
}

std::unique_ptr<Dissector> make_smtp_dissector() { return std::make_unique<SmtpDissector>(); }

}  // namespace kentongan::packet
