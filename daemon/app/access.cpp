// The Application's doors: tokens, accounts and certificates, and what is told of who came in.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/app/application.hpp"
#include "daemon/async/http/tls.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/evidence_export.hpp"

namespace kentongan {

namespace json = boost::json;

Result<Application::Access> Application::read_access(const ApiSettings& settings) {
    Access out;
    if (!settings.token_file.empty()) {
        auto tokens = api::Tokens::read(settings.token_file);
        if (!tokens) return std::unexpected(tokens.error());
        out.tokens = std::move(*tokens);
    }
    if (!settings.accounts_file.empty()) {
        auto accounts = api::Accounts::read(settings.accounts_file, [](std::string_view role) {
            return api::parse_role(role).has_value();
        });
        if (!accounts) return std::unexpected(accounts.error());
        out.accounts = std::make_shared<const api::Accounts>(std::move(*accounts));
    }
    if (settings.certificate_file.empty()) return out;
    auto tls =
        web::server_tls({settings.certificate_file, settings.key_file, settings.client_ca_file});
    if (!tls) return std::unexpected(tls.error().within("api"));
    out.tls = std::move(*tls);
    return out;
}

/// Looks at our own: what the API shows, and what we show the agencies.
void Application::show_certificates(const Config& config) {
    certificates_.clear();
    const auto look_at = [this](const std::string& name, const std::string& file) {
        if (!file.empty()) certificates_[name] = web::certificate_end(file);
    };
    look_at("api", config.api.certificate_file);
    for (const auto& [name, settings] : config.delivery)
        look_at("delivery:" + name, settings.certificate_file);
    if (const auto api = certificates_.find("api"); api != certificates_.end())
        metrics_.certificate_end.with({"api"}).set(static_cast<double>(api->second));
}

/// Ours, and those that watched servers showed last; ends: null where that is not known.
json::array Application::certificates() const {
    auto ends = certificates_;
    ends.insert(server_certificates_.begin(), server_certificates_.end());
    json::array out;
    for (const auto& [name, end] : ends)
        out.push_back(
            {{"name", name},
             {"ends", end > 0 ? json::value(to_rfc3339(Timestamp{} + std::chrono::seconds{end}, 0))
                              : json::value(nullptr)}});
    return out;
}

void Application::logged_in(const api::LoginEvent& event) {
    using Outcome = api::LoginEvent::Outcome;
    if (!logins_.note(event, clock_.now())) return;
    const logging::Values fields{
        {"name", event.name}, {"by", event.method}, {"from", event.address}};
    if (event.outcome == Outcome::refused)
        logging::warning("a login was refused", fields);
    else if (event.outcome == Outcome::limited)
        logging::warning("logins are turned away unheard: too many", fields);
    else
        logging::info(event.outcome == Outcome::ok       ? "logged in"
                      : event.outcome == Outcome::logout ? "logged out"
                                                         : "came in",
                      fields);
}

/// Each second. What the store refuses comes with the next.
void Application::store_logins(bool all) {
    auto noted = logins_.take(clock_.now(), all);
    if (!history_ || noted.entries.empty()) return;
    asio::post(store_thread_.executor(), [this, noted = std::move(noted)]() mutable {
        const auto stored = store_->append(noted.entries, noted.salts);
        if (stored) return;
        logging::error("logins were not written to the history; they will be with the next",
                       {{"why", stored.error().message}});
        asio::post(loop_, [this, noted = std::move(noted)]() mutable {
            if (const auto lost = logins_.give_back(std::move(noted)); lost > 0)
                logging::error("logins will not be in the history: too many wait for the store",
                               {{"entries", lost}});
        });
    });
}

void Application::read_red(const std::string& name, std::vector<std::string> objects) {
    logging::info("TLP:RED was read", {{"name", name},
                                       {"objects", std::to_string(objects.size())},
                                       {"first", objects.front()},
                                       {"last", objects.back()}});
    if (!history_) return;
    auto& list = readings_[name];
    std::ranges::move(objects, std::back_inserter(list));
}

/// Each second, one entry a person: however many pages look, the store has one append.
void Application::store_readings() {
    std::vector<std::string> entries;
    std::vector<Salt> salts;
    for (const auto& [name, objects] : std::exchange(readings_, {}))
        for (std::size_t at = 0; at < objects.size(); at += ledger::kMostReadings) {
            const auto end = std::min(at + ledger::kMostReadings, objects.size());
            const std::vector<std::string> part(objects.begin() + static_cast<std::ptrdiff_t>(at),
                                                objects.begin() + static_cast<std::ptrdiff_t>(end));
            const std::string salt = ledger::new_salt();
            entries.push_back(ledger::reading_entry(name, part, salt, clock_.now()));
            salts.push_back({"read:" + name, salt});
        }
    if (entries.empty()) return;
    asio::post(store_thread_.executor(), [this, entries, salts] {
        if (const auto stored = store_->append(entries, salts); !stored)
            logging::error("who read TLP:RED was not written to the history",
                           {{"why", stored.error().message}});
    });
}

json::object Application::history_head() const {
    json::array witnesses;
    for (const auto& [name, settings] : config_.witness) {
        const double last = metrics_.evidence_cosigned.with({name}).value();
        witnesses.push_back(
            {{"name", name},
             {"last", last > 0 ? json::value(to_rfc3339(
                                     Timestamp{} + std::chrono::seconds{std::int64_t(last)}, 0))
                               : json::value(nullptr)}});
    }
    const double checkpoint = metrics_.evidence_checkpoint.with().value();
    return {{"size", static_cast<std::uint64_t>(metrics_.evidence_log_size.with().value())},
            {"waiting", static_cast<std::uint64_t>(metrics_.evidence_waiting.with().value())},
            {"checkpoint_time",
             checkpoint > 0 ? json::value(to_rfc3339(
                                  Timestamp{} + std::chrono::seconds{std::int64_t(checkpoint)}, 0))
                            : json::value(nullptr)},
            {"failure", history_->failure()},
            {"witnesses", std::move(witnesses)}};
}

namespace {

json::object to_json(const ledger::EntryProof& proof) {
    const auto& [head, note] = proof.checkpoint;
    json::array hashes;
    for (const auto& hash : proof.hashes) hashes.emplace_back(to_hex(hash));
    json::array signers;
    for (const auto& signature : note.signatures)
        if (signature.name != head.origin) signers.emplace_back(signature.name);
    return {{"index", proof.entry.index},
            {"entry", proof.entry.entry},
            {"leaf", to_hex(ledger::leaf_hash(proof.entry.entry))},
            {"tree_size", head.size},
            {"root", to_hex(head.root)},
            {"hashes", std::move(hashes)},
            {"checkpoint", note.encode()},
            {"cosigned", std::move(signers)}};
}

}  // namespace

Task<Result<json::object>> Application::proof_of(std::string alert) {
    const auto find = [this, &alert] { return store_->entries_about(alert); };
    const auto indexes = co_await run_on(store_thread_.executor(), find);
    if (!indexes) co_return std::unexpected(indexes.error());
    const auto work = [folder = history_->folder(), &indexes, &alert] {
        return ledger::prove_newest(folder, *indexes, alert);
    };
    const auto proof = co_await run_on(pipeline_->scan_executor(), work);
    if (!proof) co_return std::unexpected(proof.error());
    co_return to_json(*proof);
}

}  // namespace kentongan
