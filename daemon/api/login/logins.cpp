// From a name and a password to a session, and back from a cookie to a name.
#include "daemon/api/login/logins.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "daemon/api/login/totp.hpp"
#include "daemon/async/task.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::string_view kWrong =
    "the name, the password or the code is wrong; the code changes every 30 s and serves once";

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool changes(std::string_view method) { return method != "GET" && method != "HEAD"; }

}  // namespace

void Logins::use(std::shared_ptr<const Accounts> accounts) {
    if (accounts_)
        for (const auto& [name, account] : accounts_->all()) {
            const Account* now = accounts ? accounts->find(name) : nullptr;
            if (now == nullptr || now->role != account.role || now->password != account.password)
                sessions_.end_all(name);
        }
    accounts_ = std::move(accounts);
}

Task<LoginOutcome> Logins::attempt(LoginAttempt attempt, std::string peer, Timestamp now,
                                   asio::any_io_executor blocking) {
    const Duration wait = std::max(limiter_.wait("account " + attempt.name, now),
                                   limiter_.wait("address " + peer, now));
    if (wait > Duration{}) {
        metrics_.logins.with({"limited"}).add();
        co_return LoginOutcome{
            .refusal = fmt::format("too many failed logins; try again in {:.0f} s",
                                   std::max(1.0, to_seconds(wait))),
            .wait = wait};
    }
    const auto accounts = accounts_;  // a reload may come while the password is checked
    const Account* account = accounts ? accounts->find(attempt.name) : nullptr;
    auto check = [password = attempt.password, account] {
        return verify_password(password, account == nullptr ? nullptr : &account->password);
    };
    const bool right = co_await run_on(blocking, check);
    co_return settle(attempt, peer, account, right, now);
}

LoginOutcome Logins::settle(const LoginAttempt& attempt, const std::string& peer,
                            const Account* account, bool right, Timestamp now) {
    bool good = account != nullptr && right;
    if (good && !account->totp.empty()) {
        std::uint64_t& used = used_codes_[account->name];
        const auto step = accept_totp(account->totp, attempt.code, now, used);
        if (step) used = *step;
        good = step.has_value();
    }
    if (!good) {
        limiter_.failed("account " + attempt.name, now);
        limiter_.failed("address " + peer, now);
        metrics_.logins.with({"wrong"}).add();
        return {.refusal = std::string{kWrong}};
    }
    limiter_.succeeded("account " + attempt.name);
    metrics_.logins.with({"ok"}).add();
    return {.cookie = sessions_.begin(account->name, account->role, now)};
}

std::optional<Identity> Logins::identify(const Request& request, Timestamp now) {
    const auto cookie = cookie_of(request.cookie, kCookie);
    if (!cookie) return std::nullopt;
    const Session* session = sessions_.find(*cookie, now);
    if (session == nullptr) return std::nullopt;
    if (changes(request.method) && !same(request.csrf, session->csrf)) return std::nullopt;
    const auto role = parse_role(session->role);
    if (!role) return std::nullopt;
    Identity out{.name = session->name, .role = *role};
    if (*role == Role::agency) out.agency = session->role.substr(session->role.find('-') + 1);
    return out;
}

std::string Logins::csrf_of(const Request& request, Timestamp now) {
    const auto cookie = cookie_of(request.cookie, kCookie);
    const Session* session = cookie ? sessions_.find(*cookie, now) : nullptr;
    return session == nullptr ? std::string{} : session->csrf;
}

void Logins::end(const Request& request) {
    if (const auto cookie = cookie_of(request.cookie, kCookie)) sessions_.end(*cookie);
}

std::string session_cookie(std::string_view value, bool encrypted) {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}{}", Logins::kCookie, value,
                       encrypted ? "; Secure" : "", value.empty() ? "; Max-Age=0" : "");
}

}  // namespace kentongan::api
