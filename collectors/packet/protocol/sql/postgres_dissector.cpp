#include "collectors/packet/protocol/sql/postgres_dissector.hpp"

#include "collectors/packet/protocol/sql/postgres_messages.hpp"
#include "collectors/packet/protocol/tls/tls_dissector.hpp"

namespace kentongan::packet {

using namespace sql;

PostgresDissector::PostgresDissector()
    : client_(4, postgres::startup_size), server_(5, postgres::message_size) {
    session_.system = "postgresql";
}

Dissector::Outcome PostgresDissector::bytes(Side from, Bytes data, const Moment& at,
                                            ProtocolSink& out) {
    if (encrypted_) return encrypted_->bytes(from, data, at, out);
    if (from == Side::originator) return client(data, at, out);
    if (!encryption_asked_ || data.empty()) return server(data, at, out);
    encryption_asked_ = false;
    const std::uint8_t answer = data.front();
    if (answer != 'S' && answer != 'N' && answer != 'G') return server(data, at, out);
    data = data.subspan(1);
    if (answer == 'G') return Outcome::done;  // GSSAPI's encryption: nothing to be read
    if (answer == 'N') return server(data, at, out);
    encrypted_ = make_tls_dissector();
    return data.empty() ? Outcome::more : encrypted_->bytes(from, data, at, out);
}

Dissector::Outcome PostgresDissector::client(Bytes data, const Moment& at, ProtocolSink& out) {
    while (const auto frame = client_.next(data)) {
        if (started_)
            request(*frame, at, out);
        else
            startup(*frame);
        if (foreign_) return Outcome::foreign;
    }
    return client_.broken() ? Outcome::foreign : Outcome::more;
}

Dissector::Outcome PostgresDissector::server(Bytes data, const Moment& at, ProtocolSink& out) {
    while (const auto frame = server_.next(data)) reply(*frame, at, out);
    return server_.broken() ? Outcome::foreign : Outcome::more;
}

void PostgresDissector::startup(const Frame& frame) {
    ByteReader in(frame.body);
    switch (in.u32()) {
        case postgres::kSslRequest:
        case postgres::kGssRequest:
            encryption_asked_ = true;
            return;
        case postgres::kCancelRequest:
            return;
        default:
            break;
    }
    started_ = true;
    client_.change(5, postgres::message_size);
    session_.authentication = "trust";
    for (Bytes rest = in.rest(); !rest.empty() && rest.front() != 0;) {
        const std::string_view name = take_text(rest);
        const std::string_view value = take_text(rest).substr(0, Session::kTextCap);
        if (name == "user") session_.user = value;
        if (name == "database") session_.database = value;
        if (name == "application_name") session_.application = value;
    }
    if (session_.database.empty()) session_.database = session_.user;
}

void PostgresDissector::request(const Frame& frame, const Moment& at, ProtocolSink& out) {
    Bytes rest = frame.body;
    switch (frame.head[0]) {
        case 'Q':
            return wait_for(
                {Waiting::What::query, std::make_shared<const std::string>(take_text(rest)), at},
                at, out);
        case 'P': {
            const std::string_view name = take_text(rest).substr(0, Session::kTextCap);
            auto text = std::make_shared<const std::string>(take_text(rest));
            if (!prepared_.remember(std::string(name), text)) out.evicted(Table::postgresql);
            return wait_for({Waiting::What::parse, std::move(text), at}, at, out);
        }
        case 'B':
            (void)take_text(rest);
            bound_ = prepared_.find(take_text(rest).substr(0, Session::kTextCap));
            return;
        case 'E':
            return wait_for({Waiting::What::execute, bound_, at}, at, out);
        case 'S':
            return wait_for({Waiting::What::sync, nullptr, at}, at, out);
        default:
            foreign_ = !postgres::is_client_type(frame.head[0]);
            return;
    }
}

void PostgresDissector::wait_for(Waiting waiting, const Moment& at, ProtocolSink& out) {
    if (waiting_.size() == kMostWaiting) {
        out.evicted(Table::postgresql);
        tell(waiting_.front(), {}, at, out);
        waiting_.pop_front();
    }
    waiting_.push_back(std::move(waiting));
}

void PostgresDissector::tell(const Waiting& waiting, const Result& result, const Moment& at,
                             ProtocolSink& out) {
    if (waiting.text && !waiting.text->empty())
        emit_statement(session_, *waiting.text, result, waiting.asked, at, out);
}

void PostgresDissector::reply(const Frame& frame, const Moment& at, ProtocolSink& out) {
    switch (frame.head[0]) {
        case 'R':
            return authentication(frame.body, at, out);
        case 'E':
            return error(frame.body, at, out);
        case 'C':
        case 'I':  // of an empty query
        case 's':  // suspended: it gave as many rows as were asked for
            return complete(frame.head[0] == 'C' ? frame.body : Bytes{}, at, out);
        case '1':
            if (!waiting_.empty() && waiting_.front().what == Waiting::What::parse)
                waiting_.pop_front();
            return;
        case 'Z':
            return ready(at, out);
        default:
            return;
    }
}

void PostgresDissector::authentication(Bytes body, const Moment& at, ProtocolSink& out) {
    ByteReader in(body);
    const std::uint32_t kind = in.u32();
    if (!in.ok() || logged_in_ || !started_) return;
    if (kind != 0) {
        const std::string_view method = postgres::authentication_name(kind);
        if (!method.empty()) session_.authentication = method;
        return;
    }
    logged_in_ = true;
    emit_login(session_, {.success = true, .rows = {}, .error_code = {}, .error = {}, .tag = {}},
               at, out);
}

/// After an error the server passes over everything up to the next Sync.
void PostgresDissector::error(Bytes body, const Moment& at, ProtocolSink& out) {
    const postgres::ErrorFields fields = postgres::parse_error(body);
    Result result;
    result.success = false;
    result.error_code = fields.state;
    result.error = fields.message;
    if (!logged_in_) {
        if (started_) emit_login(session_, result, at, out);
        return;
    }
    if (waiting_.empty() || waiting_.front().what == Waiting::What::sync) return;
    tell(waiting_.front(), result, at, out);
    if (waiting_.front().what == Waiting::What::query) {
        waiting_.front().text = nullptr;  // told; ReadyForQuery ends it
        return;
    }
    while (!waiting_.empty() && waiting_.front().what != Waiting::What::sync &&
           waiting_.front().what != Waiting::What::query)
        waiting_.pop_front();
}

void PostgresDissector::complete(Bytes body, const Moment& at, ProtocolSink& out) {
    const std::string_view tag = take_text(body).substr(0, Session::kTextCap);
    const auto rows = postgres::rows_of(tag);
    if (waiting_.empty()) return;
    if (waiting_.front().what == Waiting::What::query) {
        tag_ = tag;
        rows_ += rows.value_or(0);
        return;
    }
    if (waiting_.front().what != Waiting::What::execute) return;
    Result result;
    result.success = true;
    result.rows = rows;
    result.tag = tag;
    tell(waiting_.front(), result, at, out);
    waiting_.pop_front();
}

void PostgresDissector::ready(const Moment& at, ProtocolSink& out) {
    while (!waiting_.empty() && waiting_.front().what != Waiting::What::query &&
           waiting_.front().what != Waiting::What::sync)
        waiting_.pop_front();
    if (waiting_.empty()) return;
    Result result;
    result.success = true;
    result.rows = rows_;
    result.tag = tag_;
    tell(waiting_.front(), result, at, out);
    waiting_.pop_front();
    tag_.clear();
    rows_ = 0;
}

Dissector::Outcome PostgresDissector::gap(Side from, std::uint64_t size, const Moment& at,
                                          ProtocolSink& out) {
    if (encrypted_) return encrypted_->gap(from, size, at, out);
    end(at, out);
    return Outcome::foreign;
}

void PostgresDissector::end(const Moment& at, ProtocolSink& out) {
    if (encrypted_) return encrypted_->end(at, out);
    for (const Waiting& waiting : waiting_)
        if (waiting.what != Waiting::What::parse) tell(waiting, {}, at, out);
    waiting_.clear();
}

std::size_t PostgresDissector::held_bytes() const {
    std::size_t held = client_.held_bytes() + server_.held_bytes() + sql::held_bytes(session_) +
                       prepared_.held_bytes() + tag_.capacity();
    for (const Waiting& waiting : waiting_)
        held += sizeof waiting + (waiting.text ? waiting.text->capacity() : 0);
    return held + (encrypted_ ? encrypted_->held_bytes() : 0);
}

std::unique_ptr<Dissector> make_postgres_dissector() {
    return std::make_unique<PostgresDissector>();
}

}  // namespace kentongan::packet
