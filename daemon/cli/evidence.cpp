// kentongan evidence verify | export | handover | erase | checkpoint | cosign | import | key: the
// history that cannot be rewritten, from the outside.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/evidence_export.hpp"
#include "daemon/cli/evidence_verify.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/ledger/cosigned.hpp"
#include "daemon/pipeline/history_settings.hpp"

namespace kentongan::cli {

namespace fs = std::filesystem;

namespace {

struct Asked {
    VerifyOrder verify;
    ExportOrder package;
    HandoverRequest handover;
    std::string file;
    std::string to;
    std::string witness;
    std::string ground;
    bool as_witness = false;
};

/// To a file, or to standard output.
Result<int> put(const std::string& to, std::string_view content) {
    if (!to.empty()) {
        if (auto written = write_file(to, content); !written)
            return std::unexpected(written.error());
        return 0;
    }
    fmt::print("{}", content);
    return 0;
}

/// The newest checkpoint; for a witness, with the proof from what it signed last.
Result<int> checkpoint(const Common& common, const Asked& asked) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const fs::path folder = history_folder(loaded->config);
    const auto newest = ledger::read_checkpoint(folder);
    if (!newest) return std::unexpected(newest.error());
    if (!*newest)
        return fail(ErrorCode::no_input, "{}: no checkpoint yet; is kentongand running?",
                    folder.native());
    if (asked.witness.empty()) return put(asked.to, (*newest)->note.encode());
    const auto found = loaded->config.witness.find(asked.witness);
    if (found == loaded->config.witness.end())
        return fail(ErrorCode::usage, "no [witness.{}] in the settings", asked.witness);
    const auto key = ledger::parse_vkey(found->second.key);
    if (!key) return std::unexpected(key.error());
    const auto request =
        ledger::witness_request(folder, **newest, ledger::cosigned_size(folder, *key));
    if (!request) return std::unexpected(request.error());
    return put(asked.to, *request);
}

/// As a witness: signs what another site's `checkpoint --for` wrote, and gives the checkpoint back
/// with our signature.
Result<int> cosign(const Common& common, const Asked& asked) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    auto witness = open_witness(loaded->config);
    if (!witness) return std::unexpected(witness.error());
    const auto body = read_file(asked.file, ledger::kLargestNote);
    if (!body) return std::unexpected(body.error());
    const auto answer = witness->add_checkpoint(*body, system_clock().now());
    if (answer.status == 409)
        return fail(ErrorCode::data,
                    "{}: it starts from another size than we signed last, which is {}", asked.file,
                    answer.body.substr(0, answer.body.find('\n')));
    if (answer.status != 200)
        return fail(ErrorCode::data, "{}: not signed: {}", asked.file, answer.body);
    const auto request = ledger::parse_witness_request(*body);
    return put(asked.to, request->checkpoint + answer.body);
}

Result<int> import(const Common& common, const Asked& asked, const Output& out) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    const auto note = read_file(asked.file, ledger::kLargestNote);
    if (!note) return std::unexpected(note.error());
    const auto keys = witness_keys(loaded->config);
    if (!keys) return std::unexpected(keys.error());
    const auto done = ledger::import_cosigned(history_folder(loaded->config), *note, *keys);
    if (!done) return std::unexpected(done.error().within(asked.file));
    out.object(boost::json::object{
        {"witness", done->witness.name}, {"size", done->size}, {"at", to_rfc3339(done->at)}});
    return 0;
}

Result<int> new_key(const Asked& asked) {
    const auto key = ledger::make_key_file(asked.file);
    if (!key) return std::unexpected(key.error());
    fmt::print(stderr, "{}: made; nobody but its program may read it\n", asked.file);
    return 0;
}

/// The public halves, as others put them into their lists.
Result<int> show_keys(const Common& common, const Asked& asked) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    if (asked.as_witness) {
        const auto witness = witness_public_key(loaded->config);
        if (!witness) return std::unexpected(witness.error());
        return put(asked.to, witness->text() + "\n");
    }
    const auto keys = history_keys(loaded->config);
    if (!keys) return std::unexpected(keys.error());
    std::string text;
    for (const auto& key : public_keys_of(loaded->config, *keys)) text += key.text() + "\n";
    return put(asked.to, text);
}

void add_key(CLI::App& evidence, Common& common, Action& action, Asked& asked) {
    CLI::App* key = evidence.add_subcommand("key", "keys that sign");
    key->require_subcommand(1);
    CLI::App* making = add_subcommand(*key, common, "new", "make a signing key",
                                      "kentongan evidence key new /etc/kentongan/ledger-key");
    making->add_option("file", asked.file, "must not exist yet; mode 0600")->required();
    making->callback([&] { action = [&](const Output&) { return new_key(asked); }; });
    CLI::App* showing = add_subcommand(*key, common, "show", "print verifier keys, a line each",
                                       "kentongan evidence key show > keys.txt");
    showing->add_flag("--witness", asked.as_witness, "the key with which we sign for others");
    showing->add_option("--to", asked.to, "file to write");
    showing->callback([&] { action = [&](const Output&) { return show_keys(common, asked); }; });
}

void add_files(CLI::App& evidence, Common& common, Action& action, Asked& asked) {
    CLI::App* printing =
        add_subcommand(evidence, common, "checkpoint", "print the newest signed checkpoint",
                       "kentongan evidence checkpoint --for bssn --to usb/request");
    printing->add_option("--for", asked.witness,
                         "name of a [witness.NAME]: what it needs to cosign by file");
    printing->add_option("--to", asked.to, "file to write");
    printing->callback([&] { action = [&](const Output&) { return checkpoint(common, asked); }; });
    CLI::App* signing =
        add_subcommand(evidence, common, "cosign", "sign another site's checkpoint, as its witness",
                       "kentongan evidence cosign usb/request --to usb/cosigned");
    signing->add_option("file", asked.file, "what `checkpoint --for` wrote there")->required();
    signing->add_option("--to", asked.to, "file to write");
    signing->callback([&] { action = [&](const Output&) { return cosign(common, asked); }; });
    CLI::App* taking =
        add_subcommand(evidence, common, "import", "take in what a witness has cosigned",
                       "kentongan evidence import usb/cosigned");
    taking->add_option("file", asked.file, "what `cosign` wrote there")->required();
    taking->callback(
        [&] { action = [&](const Output& out) { return import(common, asked, out); }; });
}

}  // namespace

void add_evidence(CLI::App& app, Common& common, Action& action) {
    static Asked asked;
    CLI::App* command = app.add_subcommand("evidence", "the history that cannot be rewritten");
    command->require_subcommand(1);
    CLI::App* verifying = add_subcommand(
        *command, common, "verify",
        "check a history, with its database, or a package; exit 1 when something is wrong",
        "kentongan evidence verify --keys agencies.keys kentongan-evidence.zip");
    verifying->add_option("what", asked.verify.what,
                          "folder, database or package; none: those of the settings");
    verifying->add_option("--keys", asked.verify.keys, "list of verifier keys, a line each");
    verifying->add_option("--against", asked.verify.against,
                          "a checkpoint that is known to be genuine; more than one may be given");
    verifying->add_option("--database", asked.verify.database, "database that belongs to a folder");
    verifying->add_flag("--files-only", asked.verify.files_only, "leave the database out");
    verifying->callback([&] {
        action = [&](const Output& out) { return verify_evidence(common, asked.verify, out); };
    });
    CLI::App* exporting = add_subcommand(
        *command, common, "export", "write a package of evidence that verifies offline",
        "kentongan evidence export 01J… --case 7 --why \"court 12\" --for polri --to bukti.zip");
    exporting->add_option("id", asked.package.ids, "alerts")->required();
    exporting->add_option("--case", asked.package.case_id, "the case they belong to");
    exporting->add_option("--why", asked.package.why, "the ground")->required();
    exporting->add_option("--for", asked.package.recipient, "whom it is for");
    exporting->add_option("--to", asked.package.to, "file to write")->required();
    exporting->callback([&] {
        action = [&](const Output& out) { return export_evidence(common, asked.package, out); };
    });
    CLI::App* erasing = add_subcommand(
        *command, common, "erase",
        "destroy what identifies people in an alert, or in a case and its alerts, for ever",
        "kentongan evidence erase alert:01J… --ground \"UU 27/2022 art. 16\"");
    erasing->add_option("object", asked.file, "alert:ID or case:ID")->required();
    erasing->add_option("--ground", asked.ground, "the law or the order, and nobody's name")
        ->required();
    erasing->callback([&] {
        action = [&](const Output& out) {
            return erase_evidence(common, asked.file, asked.ground, out);
        };
    });
    CLI::App* handing = add_subcommand(
        *command, common, "handover", "note in the history that a package changes hands",
        "kentongan evidence handover bukti.zip --to \"Polri, Budi\" --why \"court 12\"");
    handing->add_option("package", asked.handover.file, "the package")->required();
    handing->add_option("--to", asked.handover.to, "who gets it")->required();
    handing->add_option("--why", asked.handover.why, "the ground")->required();
    handing->callback([&] {
        action = [&](const Output& out) { return hand_over_evidence(common, asked.handover, out); };
    });
    add_files(*command, common, action, asked);
    add_key(*command, common, action, asked);
}

}  // namespace kentongan::cli
