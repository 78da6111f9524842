#include "daemon/pipeline/kept_evidence.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <ranges>
#include <set>

#include "collectors/log/raw_record.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/detect/rule_texts.hpp"
#include "daemon/pipeline/assembly.hpp"
#include "daemon/pipeline/kept_packets.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostCopies = 64;

/// The rule as it was when the alert came: of the newest entry that names it.
struct Fired {
    std::string id;
    std::string version;
    std::string sha256;
};

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

Fired fired_rule(const ledger::PackagedAlert& alert) {
    for (const auto& each : alert.entries | std::views::reverse) {
        boost::system::error_code problem;
        const json::value entry = json::parse(each.entry, problem);
        const auto* rule = problem ? nullptr : entry.find_pointer("/rule", problem);
        if (rule != nullptr && rule->is_object())
            return {text_of(rule->get_object(), "id"), text_of(rule->get_object(), "version"),
                    text_of(rule->get_object(), "sha256")};
    }
    return {};
}

class Gatherer {
  public:
    Gatherer(ledger::PackagedAlert& alert, const EvidenceSources& sources, std::uint64_t& room)
        : alert_(alert), sources_(sources), room_(room) {}

    void run() {
        add_rule();
        boost::system::error_code problem;
        const json::value value = json::parse(alert_.json, problem);
        if (const auto alert = problem ? Result<Alert>{fail(ErrorCode::data, "no alert")}
                                       : alert_from_json(value)) {
            add_records(*alert);
            add_copies(*alert);
        }
        add_packets();
        alert_.files["contents.json"] = json::serialize(contents_) + "\n";
    }

  private:
    void add_rule();
    void add_records(const Alert& alert);
    void add_copies(const Alert& alert);
    void add_packets();
    Result<std::string> record(const Evidence& evidence) const;
    Result<std::string> copy(const std::string& sha256) const;
    /// Puts `content` into the package and names it in `item`, or says there why it is not.
    bool put(json::object& item, const std::string& name, Result<std::string> content);

    ledger::PackagedAlert& alert_;
    const EvidenceSources& sources_;
    std::uint64_t& room_;
    json::object contents_;
};

bool Gatherer::put(json::object& item, const std::string& name, Result<std::string> content) {
    if (content && content->size() > room_)
        content =
            fail(ErrorCode::unavailable, "no room: it has {} bytes, the package takes {} more",
                 content->size(), room_);
    if (!content) {
        item["file"] = nullptr;
        item["why"] = content.error().message;
        return false;
    }
    room_ -= content->size();
    item["file"] = name;
    item["size"] = content->size();
    alert_.files[name] = std::move(*content);
    return true;
}

void Gatherer::add_rule() {
    const Fired fired = fired_rule(alert_);
    json::object rule{{"id", fired.id}, {"version", fired.version}, {"sha256", fired.sha256}};
    auto found = rule_file(sources_.rules, fired.id, fired.sha256);
    std::string remark = "tidak ada / not at hand";
    if (!found) {
        rule["file"] = nullptr;
        rule["why"] = found.error().message;
    } else {
        const bool same = found->sha256 == fired.sha256;
        rule["file"] = "rule.txt";
        rule["place"] = found->place;
        rule["file_sha256"] = found->sha256;
        rule["is_what_fired"] = same;
        if (same) {
            remark = "versi yang berbunyi / the version that fired";
        } else if (fired.sha256.empty()) {
            rule["why"] = "the entry has no digest of this rule: the program itself holds it";
            remark = "bagian dari program / held by the program";
        } else {
            rule["why"] = "the file on disk is no longer the version that fired";
            remark = "BUKAN versi yang berbunyi / NOT the version that fired";
        }
        alert_.files["rule.txt"] = std::move(found->text);
    }
    contents_["rule"] = std::move(rule);
    alert_.remarks.emplace_back("Teks aturan / Rule text", remark);
}

Result<std::string> Gatherer::record(const Evidence& evidence) const {
    if (evidence.kind != "log")
        return fail(ErrorCode::no_input, "it is no record of a log; the excerpt is what is kept");
    for (const auto& options : sources_.logs)
        if (log::is_read_by(options, evidence.source))
            return log::find_record(options, evidence.source, evidence.offset, evidence.sha256);
    return fail(ErrorCode::no_input, "no log of the settings is this file");
}

void Gatherer::add_records(const Alert& alert) {
    json::array list;
    std::size_t there = 0;
    for (const auto& evidence : alert.evidence) {
        json::object item{{"kind", evidence.kind},
                          {"source", evidence.source},
                          {"offset", evidence.offset},
                          {"sha256", evidence.sha256}};
        const auto name = fmt::format("evidence/{:03}.raw", list.size() + 1);
        auto content = record(evidence);
        if (!content)
            content = fail(ErrorCode::no_input, "no longer there: {}", content.error().message);
        there += put(item, name, std::move(content)) ? 1 : 0;
        list.push_back(std::move(item));
    }
    alert_.remarks.emplace_back("Baris mentah / Raw records",
                                fmt::format("{} / {}", there, list.size()));
    contents_["records"] = std::move(list);
}

Result<std::string> Gatherer::copy(const std::string& sha256) const {
    Result<std::string> out = fail(ErrorCode::no_input, "no copy of it is kept");
    for (const auto& folder : sources_.archives) {
        auto found = packet::kept_file(folder, sha256, room_);
        if (found) return found;
        if (found.error().code != ErrorCode::no_input) out = std::move(found);
    }
    return out;
}

void Gatherer::add_copies(const Alert& alert) {
    std::set<std::string> digests(alert.related_hash.begin(), alert.related_hash.end());
    if (!alert.subject.file_sha256.empty()) digests.insert(alert.subject.file_sha256);
    for (const auto& evidence : alert.evidence)
        if (evidence.kind == "file") digests.insert(evidence.sha256);
    json::array list;
    std::size_t there = 0;
    for (const auto& sha256 : digests | std::views::take(kMostCopies)) {
        json::object item{{"sha256", sha256}};
        there += put(item, "files/" + sha256, copy(sha256)) ? 1 : 0;
        list.push_back(std::move(item));
    }
    if (digests.size() > kMostCopies)
        list.push_back(
            {{"file", nullptr},
             {"why", fmt::format("{} more were not looked for", digests.size() - kMostCopies)}});
    alert_.remarks.emplace_back("Salinan berkas / Copies of files",
                                fmt::format("{} / {}", there, digests.size()));
    contents_["files"] = std::move(list);
}

void Gatherer::add_packets() {
    json::object packets;
    Result<packet::ring::FoundPackets> found =
        fail(ErrorCode::no_input, "no rolling capture is kept: ring_mib is 0");
    if (!sources_.rings.empty()) found = packets_of_alert(sources_.rings, alert_.json);
    if (found) {
        packets = {{"file", "packets.pcapng"}, {"packets", found->packets}, {"cut", found->cut}};
        alert_.files["packets.pcapng"] = std::move(found->pcapng);
    } else {
        packets = {{"file", nullptr}, {"why", found.error().message}};
    }
    alert_.remarks.emplace_back("Paket jaringan / Packets",
                                found ? fmt::format("{}", found->packets) : "-");
    contents_["packets"] = std::move(packets);
}

}  // namespace

EvidenceSources evidence_sources(const Config& config) {
    EvidenceSources out{.rings = ring_folders(config), .rules = config.rules.paths};
    for (const auto& [name, settings] : config.packet)
        if (auto archive = archive_options(name, settings, config.daemon); archive.quota_bytes > 0)
            out.archives.push_back(std::move(archive.folder));
    for (const auto& [name, settings] : config.log) out.logs.push_back(log_options(name, settings));
    return out;
}

void add_kept_evidence(ledger::PackagedAlert& alert, const EvidenceSources& sources,
                       std::uint64_t& room) {
    Gatherer{alert, sources, room}.run();
}

}  // namespace kentongan
