// kentongan account: the people who may log in to the console.
#include <openssl/rand.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "daemon/api/login/accounts.hpp"
#include "daemon/api/login/totp.hpp"
#include "daemon/api/roles.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

namespace {

constexpr std::size_t kShortestPassword = 12;
constexpr std::size_t kTotpBytes = 20;  // RFC 4226 §4, R6

struct Asked {
    std::string name;
    std::string role = "analyst";
    std::string file;
    bool no_totp = false;
};

bool knows_role(std::string_view role) { return api::parse_role(role).has_value(); }

/// Terminal echo is off while it lives.
class Silence {
  public:
    Silence() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        on_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~Silence() {
        if (on_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

  private:
    termios before_{};
    bool on_ = false;
};

Result<std::string> ask_line(const char* prompt) {
    const bool terminal = ::isatty(STDIN_FILENO) == 1;
    if (terminal) fmt::print(stderr, "{}: ", prompt);
    std::string out;
    {
        const Silence silence;
        std::getline(std::cin, out);
    }
    if (terminal) fmt::print(stderr, "\n");
    if (out.empty())
        return fail(ErrorCode::usage, "no password was given; it is read from standard input");
    return out;
}

Result<std::string> ask_password() {
    auto password = ask_line("password");
    if (!password) return password;
    if (password->size() < kShortestPassword)
        return fail(ErrorCode::usage, "a password has at least {} characters", kShortestPassword);
    if (::isatty(STDIN_FILENO) == 1) {
        const auto again = ask_line("again");
        if (!again) return again;
        if (*again != *password) return fail(ErrorCode::usage, "the two are not the same");
    }
    return password;
}

Result<std::string> file_of(const Common& common, const Asked& asked) {
    if (!asked.file.empty()) return asked.file;
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    if (loaded->config.api.accounts_file.empty())
        return fail(ErrorCode::config,
                    "no file of accounts: set api.accounts_file, or give --file");
    return loaded->config.api.accounts_file;
}

Result<api::Accounts> accounts_in(const std::string& file) {
    if (!std::filesystem::exists(file)) return api::Accounts{};
    return api::Accounts::read(file, knows_role);
}

Result<> write_accounts(const std::string& file, std::map<std::string, api::Account> accounts) {
    std::string text = "# Accounts of the console: kentongan account\n";
    for (const auto& [name, account] : accounts) text += api::to_line(account) + "\n";
    return replace_file(file, text);
}

std::map<std::string, api::Account> copy_of(const api::Accounts& accounts) {
    return {accounts.all().begin(), accounts.all().end()};
}

void show_secret(const api::Account& account) {
    fmt::print(
        "Put this into the authenticator app of {0}; it is not shown again:\n"
        "  otpauth://totp/Kentongan:{0}?secret={1}&issuer=Kentongan\n",
        account.name, api::to_base32(account.totp));
}

/// New, or with another role, password and secret.
Result<int> add(const Common& common, const Asked& asked) {
    if (!api::is_account_name(asked.name))
        return fail(ErrorCode::usage, "{}: a name has 1 to 64 letters, digits and . _ - @",
                    printable_utf8(asked.name, 70));
    if (!knows_role(asked.role))
        return fail(ErrorCode::usage,
                    "--role {}: use viewer, analyst, lead, admin, wall or agency-NAME", asked.role);
    const auto file = file_of(common, asked);
    if (!file) return std::unexpected(file.error());
    const auto accounts = accounts_in(*file);
    if (!accounts) return std::unexpected(accounts.error());
    const auto password = ask_password();
    if (!password) return std::unexpected(password.error());
    auto hash = api::hash_password(*password);
    if (!hash) return std::unexpected(hash.error());
    api::Account account{
        .name = asked.name, .role = asked.role, .password = std::move(*hash), .totp = {}};
    if (!asked.no_totp) {
        std::array<unsigned char, kTotpBytes> secret;
        RAND_bytes(secret.data(), static_cast<int>(secret.size()));
        account.totp.assign(secret.begin(), secret.end());
    }
    auto all = copy_of(*accounts);
    all[account.name] = account;
    if (auto written = write_accounts(*file, std::move(all)); !written)
        return std::unexpected(written.error());
    fmt::print("{} may log in as {} once the daemon has reloaded\n", account.name, account.role);
    if (!account.totp.empty()) show_secret(account);
    return 0;
}

Result<int> remove(const Common& common, const Asked& asked) {
    const auto file = file_of(common, asked);
    if (!file) return std::unexpected(file.error());
    const auto accounts = accounts_in(*file);
    if (!accounts) return std::unexpected(accounts.error());
    auto all = copy_of(*accounts);
    if (all.erase(asked.name) == 0)
        return fail(ErrorCode::no_input, "{} has no account {}", *file, asked.name);
    if (auto written = write_accounts(*file, std::move(all)); !written)
        return std::unexpected(written.error());
    fmt::print("{} may log in no longer once the daemon has reloaded\n", asked.name);
    return 0;
}

Result<int> list(const Common& common, const Asked& asked, const Output& out) {
    const auto file = file_of(common, asked);
    if (!file) return std::unexpected(file.error());
    const auto accounts = accounts_in(*file);
    if (!accounts) return std::unexpected(accounts.error());
    for (const auto& [name, account] : accounts->all())
        out.object(boost::json::object{
            {"name", name}, {"role", account.role}, {"one_time_code", !account.totp.empty()}});
    return 0;
}

}  // namespace

void add_account(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = app.add_subcommand("account", "people who may log in to the console");
    command->require_subcommand(1);
    const auto with_file = [&](CLI::App* one) {
        one->add_option("--file", asked.file, "file of accounts (default: api.accounts_file)");
    };
    CLI::App* adding = add_subcommand(*command, common, "add", "a new one, or a new password",
                                      "kentongan account add siti --role lead");
    adding->add_option("name", asked.name, "of the person")->required();
    adding->add_option("--role", asked.role, "viewer, analyst, lead, admin, wall or agency-NAME")
        ->capture_default_str();
    adding->add_flag("--no-totp", asked.no_totp,
                     "without a one-time code (for a wall on loopback)");
    with_file(adding);
    adding->callback([&] { action = [&](const Output&) { return add(common, asked); }; });

    CLI::App* removing = add_subcommand(*command, common, "remove", "takes an account away",
                                        "kentongan account remove siti");
    removing->add_option("name", asked.name, "of the person")->required();
    with_file(removing);
    removing->callback([&] { action = [&](const Output&) { return remove(common, asked); }; });

    CLI::App* listing =
        add_subcommand(*command, common, "list", "who there is", "kentongan account list");
    with_file(listing);
    listing->callback(
        [&] { action = [&](const Output& out) { return list(common, asked, out); }; });
}

}  // namespace kentongan::cli
