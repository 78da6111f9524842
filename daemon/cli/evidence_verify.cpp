#include "daemon/cli/evidence_verify.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/cli/alert_source.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/ledger/package.hpp"
#include "daemon/ledger/seals.hpp"
#include "daemon/pipeline/history_settings.hpp"
#include "daemon/pipeline/sealed_alerts.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

using ledger::Problems;

enum class Kind { folder, database, package };

Result<Kind> kind_of(const std::string& what) {
    std::error_code failed;
    if (fs::is_directory(what, failed)) return Kind::folder;
    const auto begin = read_file(what, std::size_t{4} << 30);
    if (!begin) return std::unexpected(begin.error());
    return begin->starts_with("SQLite format 3") ? Kind::database : Kind::package;
}

/// From the file that was given; else our own, with a warning.
Result<std::vector<ledger::VerifierKey>> keys_of(const Config& config, const VerifyOrder& order) {
    if (!order.keys.empty()) {
        const auto text = read_file(order.keys, std::size_t{1} << 20);
        if (!text) return std::unexpected(text.error());
        auto keys = ledger::parse_keys(*text);
        if (!keys) return std::unexpected(keys.error().within(order.keys));
        return keys;
    }
    fmt::print(stderr,
               "kentongan: no --keys: checking with this machine's own keys, which somebody who "
               "owns the machine can have replaced\n");
    const auto keys = history_keys(config);
    if (!keys)
        return fail(ErrorCode::usage, "name the list of keys: --keys FILE ({})",
                    keys.error().message);
    return public_keys_of(config, *keys);
}

void print_problems(const Problems& problems, const Output& out) {
    for (const auto& problem : problems.list()) {
        if (out.format == OutputFormat::ndjson) {
            json::object line{{"what", problem.what}, {"text", problem.text}};
            if (problem.entry) line["entry"] = *problem.entry;
            out.object(line);
        } else if (out.format == OutputFormat::human) {
            fmt::print("{}{}: {}\n", problem.what,
                       problem.entry ? fmt::format(" (entry {})", *problem.entry) : "",
                       cell(problem.text, 400));
        }
    }
}

int conclude(json::object facts, const Problems& problems, const Output& out) {
    print_problems(problems, out);
    const auto first = problems.first_bad_entry();
    if (out.format == OutputFormat::human) {
        std::string line = problems.empty()
                               ? "verified"
                               : fmt::format("NOT verified: {} problems", problems.count());
        if (first) line += fmt::format("; the first bad entry is {}", *first);
        for (const auto& [name, value] : facts)
            fmt::print(
                "{}: {}\n", std::string_view{name},
                value.is_string() ? std::string(value.get_string()) : json::serialize(value));
        fmt::print("{}\n", out.bold(line));
        return problems.empty() ? 0 : 1;
    }
    facts["verified"] = problems.empty();
    facts["problems"] = problems.count();
    if (first) facts["first_bad_entry"] = *first;
    if (out.format == OutputFormat::json) {
        json::array& list = facts["findings"].emplace_array();
        for (const auto& problem : problems.list()) {
            json::object item{{"what", problem.what}, {"text", problem.text}};
            if (problem.entry) item["entry"] = *problem.entry;
            list.push_back(std::move(item));
        }
    }
    out.object(facts);
    return problems.empty() ? 0 : 1;
}

Result<int> verify_package(const std::string& file, const std::vector<ledger::VerifierKey>& keys,
                           const Output& out) {
    const auto bytes = read_file(file, 2 * ledger::kLargestArchive);
    if (!bytes) return std::unexpected(bytes.error());
    const auto check = ledger::check_package(*bytes, keys);
    json::array alerts;
    for (const auto& id : check.alerts) alerts.emplace_back(json::string(id));
    return conclude({{"package", file},
                     {"origin", check.origin},
                     {"entries", check.size},
                     {"files", check.files},
                     {"alerts", std::move(alerts)}},
                    check.problems, out);
}

Result<int> verify_history(const fs::path& folder, const std::string& database,
                           const std::vector<ledger::VerifierKey>& keys, const VerifyOrder& order,
                           const Output& out) {
    ledger::CheckOptions options{.folder = folder, .keys = keys};
    for (const auto& file : order.against) {
        auto text = read_file(file, ledger::kLargestNote);
        if (!text) return std::unexpected(text.error());
        options.older.push_back(std::move(*text));
    }
    std::unique_ptr<SealedAlerts> alerts;
    if (!database.empty()) {
        auto opened = SealedAlerts::open(database);
        if (!opened && opened.error().code == ErrorCode::unavailable)
            return fail(ErrorCode::unavailable,
                        "{}; while kentongand runs, --files-only checks its history's files",
                        opened.error().message);
        if (!opened) return std::unexpected(opened.error());
        alerts = std::move(*opened);
        options.database = alerts->entries();
    }
    ledger::Seals seals;
    if (alerts)
        options.see = [&](std::uint64_t index, std::string_view entry) {
            seals.read(index, entry);
        };
    auto result = ledger::check_history(options);
    if (!result) return std::unexpected(result.error());
    if (alerts)
        if (auto checked = alerts->check(seals, result->entries, result->problems); !checked)
            return std::unexpected(checked.error());
    json::array names;
    for (const auto& name : result->signed_by) names.emplace_back(json::string(name));
    json::object facts{{"folder", folder.native()},
                       {"database", database.empty() ? "not checked" : database},
                       {"origin", result->origin},
                       {"entries", result->entries},
                       {"unpublished", result->unpublished},
                       {"root", result->root},
                       {"signed_by", std::move(names)}};
    if (alerts) {
        facts["alerts"] = seals.alerts();
        facts["erased"] = seals.erased();
    }
    return conclude(std::move(facts), result->problems, out);
}

}  // namespace

Result<int> verify_evidence(const Common& common, const VerifyOrder& order, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const Config& config = loaded->config;
    const auto keys = keys_of(config, order);
    if (!keys) return std::unexpected(keys.error());
    fs::path folder = history_folder(config);
    std::string database = order.database;
    if (order.what.empty()) {
        if (database.empty()) database = database_path(config);
    } else {
        const auto kind = kind_of(order.what);
        if (!kind) return std::unexpected(kind.error());
        if (*kind == Kind::package) return verify_package(order.what, *keys, out);
        if (*kind == Kind::folder)
            folder = order.what;
        else
            database = order.what;
    }
    if (order.files_only) database.clear();
    return verify_history(folder, database, *keys, order, out);
}

}  // namespace kentongan::cli
