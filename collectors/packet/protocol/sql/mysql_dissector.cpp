#include "collectors/packet/protocol/sql/mysql_dissector.hpp"

#include <utility>

#include "collectors/packet/protocol/tls/tls_dissector.hpp"

namespace kentongan::packet {

using namespace sql;

namespace {

constexpr std::uint64_t kGoesOn = 0xFFFFFF;
constexpr std::uint16_t kMoreResults = 0x0008;

enum Command : std::uint8_t {
    init_db = 0x02,
    query = 0x03,
    prepare = 0x16,
    execute = 0x17,
};

}  // namespace

MysqlDissector::MysqlDissector() : client_(4, mysql::packet_size), server_(4, mysql::packet_size) {
    session_.system = "mysql";
}

Dissector::Outcome MysqlDissector::bytes(Side from, Bytes data, const Moment& at,
                                         ProtocolSink& out) {
    const bool is_client = from == Side::originator;
    FrameReader& reader = is_client ? client_ : server_;
    bool& goes_on = is_client ? client_goes_on_ : server_goes_on_;
    while (!encrypted_ && !data.empty()) {
        const auto frame = reader.next(data);
        if (!frame) break;
        const bool rest = std::exchange(goes_on, frame->size == kGoesOn);
        if (rest) continue;
        if (is_client)
            client(frame->body, at, out);
        else
            server(frame->body, frame->size, at, out);
        if (phase_ == Phase::foreign) return Outcome::foreign;
        if (phase_ == Phase::over) return Outcome::done;
    }
    if (!encrypted_ || data.empty()) return Outcome::more;
    return encrypted_->bytes(from, data, at, out);
}

void MysqlDissector::client(Bytes body, const Moment& at, ProtocolSink& out) {
    if (phase_ == Phase::login)
        login(body);
    else if (phase_ == Phase::commands)
        command(body, at, out);
    else if (phase_ == Phase::greeting)
        phase_ = Phase::foreign;  // the server speaks first
}

void MysqlDissector::login(Bytes body) {
    const auto login = mysql::parse_login(body);
    if (!login) return void(phase_ = Phase::foreign);
    if (login->encrypts) return void(encrypted_ = make_tls_dissector());
    capabilities_ &= login->capabilities;
    session_.user = login->user.substr(0, Session::kTextCap);
    session_.database = login->database.substr(0, Session::kTextCap);
    session_.application = login->program.substr(0, Session::kTextCap);
    if (!login->plugin.empty())
        session_.authentication = login->plugin.substr(0, Session::kTextCap);
    phase_ = Phase::checking;
}

void MysqlDissector::command(Bytes body, const Moment& at, ProtocolSink& out) {
    if (statement_) tell({}, at, out);
    reply_ = Reply::none;
    if (body.empty()) return;
    const Bytes rest = body.subspan(1);
    mysql::Reader in(rest);
    switch (body.front()) {
        case Command::query:
            statement_ =
                std::make_shared<const std::string>(mysql::query_text(rest, capabilities_));
            reply_ = Reply::first;
            break;
        case Command::prepare:
            statement_ = std::make_shared<const std::string>(as_text(rest));
            reply_ = Reply::prepared;
            break;
        case Command::execute:
            statement_ = prepared_.find(static_cast<std::uint32_t>(in.number(4)));
            reply_ = Reply::first;
            break;
        case Command::init_db:
            session_.database = as_text(rest).substr(0, Session::kTextCap);
            break;
        default:
            break;
    }
    asked_ = at;
    rows_ = 0;
}

void MysqlDissector::server(Bytes body, std::uint64_t size, const Moment& at, ProtocolSink& out) {
    switch (phase_) {
        case Phase::greeting:
            return greeting(body, at, out);
        case Phase::checking:
            return checked(body, at, out);
        case Phase::commands:
            return reply(body, size, at, out);
        default:
            return;
    }
}

/// A server that is full or has barred the client's address answers with an error at once.
void MysqlDissector::greeting(Bytes body, const Moment& at, ProtocolSink& out) {
    if (!body.empty() && body.front() == 0xFF) return checked(body, at, out);
    const auto greeting = mysql::parse_greeting(body);
    if (!greeting) return void(phase_ = Phase::foreign);
    session_.version = greeting->version;
    session_.thread = greeting->thread;
    session_.authentication = greeting->plugin.substr(0, Session::kTextCap);
    capabilities_ = greeting->capabilities;
    phase_ = Phase::login;
}

void MysqlDissector::checked(Bytes body, const Moment& at, ProtocolSink& out) {
    constexpr std::uint8_t kSwitch = 0xFE;
    constexpr std::uint8_t kMoreData = 0x01;
    if (body.empty() || body.front() == kMoreData) return;
    if (body.front() == kSwitch) {
        mysql::Reader in(body.subspan(1));
        session_.authentication = in.text().substr(0, Session::kTextCap);
        return;
    }
    const auto outcome = mysql::parse_outcome(body);
    Result result;
    const std::string code = std::to_string(outcome.code);
    result.success = outcome.kind == mysql::Outcome::Kind::ok;
    if (outcome.kind == mysql::Outcome::Kind::error) {
        result.error_code = code;
        result.error = outcome.message;
    }
    emit_login(session_, result, at, out);
    const bool readable = *result.success && (capabilities_ & mysql::compress) == 0;
    phase_ = readable ? Phase::commands : Phase::over;
}

void MysqlDissector::reply(Bytes body, std::uint64_t size, const Moment& at, ProtocolSink& out) {
    const bool has_end = (capabilities_ & mysql::deprecate_eof) == 0;
    switch (reply_) {
        case Reply::first:
        case Reply::prepared:
            return first_reply(body, at, out);
        case Reply::columns:
            if (--columns_ == 0) reply_ = has_end ? Reply::columns_end : Reply::rows;
            return;
        case Reply::columns_end:
            return void(reply_ = Reply::rows);
        case Reply::rows:
            return row(body, size, at, out);
        case Reply::none:
            return;
    }
}

void MysqlDissector::first_reply(Bytes body, const Moment& at, ProtocolSink& out) {
    constexpr std::uint8_t kLocalFile = 0xFB;
    const auto outcome = mysql::parse_outcome(body);
    if (outcome.kind == mysql::Outcome::Kind::error) return finish(false, outcome, at, out);
    if (reply_ == Reply::prepared) {
        mysql::Reader in(body);
        const bool ok = in.number(1) == 0;
        const auto number = static_cast<std::uint32_t>(in.number(4));
        if (ok && in.ok() && statement_ && !prepared_.remember(number, std::move(statement_)))
            out.evicted(Table::mysql);
        statement_ = nullptr;  // told when it is run
        reply_ = Reply::none;
        return;
    }
    if (outcome.kind == mysql::Outcome::Kind::ok && body.front() == 0) {
        rows_ += outcome.affected_rows;
        return finish(true, outcome, at, out);
    }
    if (body.empty() || body.front() == kLocalFile) return;  // OK or ERR follows the file
    mysql::Reader in(body);
    columns_ = in.packed();
    reply_ = in.ok() && columns_ > 0 ? Reply::columns : Reply::none;
}

void MysqlDissector::row(Bytes body, std::uint64_t size, const Moment& at, ProtocolSink& out) {
    const bool has_end = (capabilities_ & mysql::deprecate_eof) == 0;
    if (!body.empty() && body.front() == 0xFF)
        return finish(false, mysql::parse_outcome(body), at, out);
    const bool ends =
        !body.empty() && body.front() == 0xFE && (has_end ? size < 9 : size < kGoesOn);
    if (!ends) return void(++rows_);
    mysql::Outcome outcome;
    if (!has_end) return finish(true, mysql::parse_outcome(body), at, out);
    mysql::Reader in(body.subspan(1));
    (void)in.number(2);  // warnings
    outcome.status = static_cast<std::uint16_t>(in.number(2));
    finish(true, outcome, at, out);
}

/// One event for a statement, however many results it has.
void MysqlDissector::finish(bool success, const mysql::Outcome& outcome, const Moment& at,
                            ProtocolSink& out) {
    if (success && (outcome.status & kMoreResults) != 0) return void(reply_ = Reply::first);
    Result result;
    const std::string code = std::to_string(outcome.code);
    result.success = success;
    if (success) {
        result.rows = rows_;
    } else {
        result.error_code = code;
        result.error = outcome.message;
    }
    tell(result, at, out);
    reply_ = Reply::none;
}

void MysqlDissector::tell(const Result& result, const Moment& at, ProtocolSink& out) {
    if (statement_) emit_statement(session_, *statement_, result, asked_, at, out);
    statement_ = nullptr;
}

Dissector::Outcome MysqlDissector::gap(Side from, std::uint64_t size, const Moment& at,
                                       ProtocolSink& out) {
    if (encrypted_) return encrypted_->gap(from, size, at, out);
    end(at, out);
    return Outcome::foreign;
}

void MysqlDissector::end(const Moment& at, ProtocolSink& out) {
    if (encrypted_) return encrypted_->end(at, out);
    if (phase_ == Phase::checking) emit_login(session_, {}, at, out);
    if (phase_ == Phase::commands && reply_ != Reply::prepared) tell({}, at, out);
    phase_ = Phase::over;
}

std::size_t MysqlDissector::held_bytes() const {
    return client_.held_bytes() + server_.held_bytes() + sql::held_bytes(session_) +
           prepared_.held_bytes() + (statement_ ? statement_->capacity() : 0) +
           (encrypted_ ? encrypted_->held_bytes() : 0);
}

std::unique_ptr<Dissector> make_mysql_dissector() { return std::make_unique<MysqlDissector>(); }

}  // namespace kentongan::packet
