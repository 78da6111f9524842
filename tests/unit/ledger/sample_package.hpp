#pragma once
// A package of one alert out of a sample history.
#include <boost/json.hpp>

#include "daemon/ledger/evidence_export.hpp"
#include "daemon/ledger/package_form.hpp"
#include "tests/unit/ledger/sample_history.hpp"

namespace kentongan::ledger {

inline constexpr std::string_view kSampleRecord = "Failed password\x01 for root";

inline Alert sample_alert(int number) {
    Alert out;
    out.id = fmt::format("01JTEST{:019}", number);
    auto rule = std::make_shared<Rule>();
    rule->id = "sample:rule";
    rule->name = "<Sample> & rule";
    out.rule = rule;
    out.message = "a message";
    out.first_seen = out.last_seen = out.created = SampleHistory::when(0);
    out.count = 1;
    out.evidence.push_back({"log", "auth.log", 0, sha256_hex(kSampleRecord), "Failed password"});
    return out;
}

/// The history has other entries before and after the alert's.
inline Result<std::string> sample_package(SampleHistory& history) {
    const Alert alert = sample_alert(1);
    const std::string salt = new_salt();
    while (history.entries.size() < 300)
        history.entries.push_back(SampleHistory::entry(history.entries.size()));
    history.entries.push_back(alert_entry(alert, boost::json::serialize(to_json(alert)),
                                          AlertEvent::created, salt, SampleHistory::when(300)));
    history.entries.push_back(action_entry(
        {.who = "budi", .what = "acknowledge", .object = "alert:" + alert.id, .why = "seen"}, salt,
        SampleHistory::when(301)));
    const std::string object = "alert:" + alert.id;
    history.entries.push_back(
        reading_entry("ani", {"alert:other", object}, salt, SampleHistory::when(302)));
    history.entries.push_back(
        custody_entry({.who = "siti", .what = "handover", .object = "package:0123", .why = "court"},
                      {object}, std::string(64, '0'), salt, SampleHistory::when(303)));
    history.entries.push_back(reading_entry("ani", {"case:7"}, salt, SampleHistory::when(304)));
    for (const int minute : {0, 1})  // the entry about the alert came in the first
        history.entries.push_back(
            coverage_entries({{.source = "log:auth", .seen = 5, .inspected = 5}},
                             SampleHistory::when(static_cast<std::size_t>(299 + 10 * minute)),
                             SampleHistory::when(static_cast<std::size_t>(308 + 10 * minute)), {})
                .front());
    history.grow(700);
    PackageRequest request;
    request.who = "siti";
    request.why = "case 7";
    request.to = "polri";
    request.tool = "test";
    request.at = SampleHistory::when(700);
    PackagedAlert packaged;
    packaged.id = alert.id;
    packaged.json = boost::json::serialize(to_json(alert));
    packaged.salts = {salt};
    auto gathered = gather_entries(history.folder(), {"alert:" + alert.id, "case:7"});
    if (!gathered) return std::unexpected(gathered.error());
    packaged.entries = gathered->about["alert:" + alert.id];
    packaged.files = {{"rule.txt", "rule sample"},
                      {"evidence/001.raw", std::string(kSampleRecord)},
                      {"files/" + sha256_hex("a file"), "a file"},
                      {"packets.pcapng", "packets"},
                      {"contents.json", "{}"}};
    request.case_id = "7";
    request.case_entries = gathered->about["case:7"];
    request.coverage = gathered->coverage;
    request.alerts.push_back(std::move(packaged));
    request.verifier = verifier_program();
    return make_package(request, history.folder(), &history.key);
}

/// What whoever has the key can make of a package: a file is another, listed and signed as such.
inline std::string with_other_file(const SampleHistory& history, ArchiveFiles files,
                                   const std::string& name, const std::string& content) {
    files[name] = content;
    auto manifest = boost::json::parse(files.at("manifest.json")).as_object();
    manifest["files"].as_object()[name] = {{"sha256", sha256_hex(content)},
                                           {"size", content.size()}};
    files["manifest.json"] = boost::json::serialize(manifest);
    const std::string text = manifest_note_text(files["manifest.json"]);
    files["manifest.note"] =
        Note{text, {sign_note(text, SampleHistory::kOrigin, history.key)}}.encode();
    return *write_archive(files);
}

/// The files of sample_package() that are evidence.
inline std::vector<std::string> sample_evidence() {
    const std::string folder = "alerts/" + sample_alert(1).id + "/";
    return {folder + "evidence/001.raw", folder + "files/" + sha256_hex("a file")};
}

}  // namespace kentongan::ledger
