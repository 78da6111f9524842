// From events of published files to findings.
#include "daemon/detect/sirekap/published/published_detector.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap::published {

namespace {

enum Counted : std::size_t { kVersions, kConfirmed, kUnreadable, kOlder, kLeftOut };
constexpr Duration kAlertLasts = std::chrono::hours{24};

Node node_of(const Event& event, std::string_view race, std::string_view code,
             const Document& document) {
    Node out;
    out.race = race;
    out.code = code;
    out.level = document.level;
    out.ts = document.made.value_or(event.time);
    out.ts_text = document.ts;
    out.version_at = out.seen = event.time;
    out.body = sha256(as_bytes(event.raw()));
    out.source = event.origin.source;
    out.position = event.origin.position;
    out.chart = document.chart;
    out.progress = document.progress;
    out.rows = document.rows;
    for (const auto& url : document.images) out.images.push_back(image_hash(url));
    out.status_votes = document.status_votes;
    out.zeroed = false;
    return out;
}

/// The version a node was made from, without its text.
Evidence evidence_of(const Node& node) {
    std::string excerpt = fmt::format("{} {} of {}:", node.race, node.code, node.ts_text);
    if (node.chart)
        for (const Vote& vote : *node.chart)
            excerpt += fmt::format(" {}={}", vote.candidate, vote.votes);
    if (node.progress)
        excerpt += fmt::format(" progres={}/{}", node.progress->counted, node.progress->total);
    return {"file", std::string(node.source), node.position, to_hex(node.body),
            printable_utf8(excerpt, 1024)};
}

std::string entity_of(std::string_view race, std::string_view code) {
    return fmt::format("{} {}", race, code);
}

void set_subject(Subject& subject, std::string_view code) {
    subject.tps = code.size() == kTpsLength ? std::string(code) : std::string{};
    subject.area = std::string(code.size() == kTpsLength ? code.substr(0, 6)
                               : code == "0"             ? std::string_view{}
                                                         : code);
}

}  // namespace

PublishedDetector::PublishedDetector(std::shared_ptr<const Register> list, NodeTable::Limits limits)
    : list_(std::move(list)),
      nodes_(limits),
      sums_(nodes_, [this](const AggregateCheck::Mismatch& mismatch) { tell(mismatch); }) {}

PublishedDetector::~PublishedDetector() = default;

void PublishedDetector::inspect(const Event& event, FindingSink& out) {
    out_ = &out;
    now_ = std::max(now_, event.time);
    const std::string race = printable_utf8(event.get(Field::sirekap_race).to_string(), 40);
    std::string code = printable_utf8(event.get(Field::sirekap_node).to_string(), 40);
    if (code.empty()) code = "0";
    const auto action = event.text(Field::event_action);
    Node* known = nodes_.find(race, code);
    if (action == "confirmed") {
        ++counts_[kConfirmed].total;
        const auto ts = event.text(Field::sirekap_published_at);
        if (known != nullptr && (ts.empty() || ts == known->ts_text)) {
            known->seen = event.time;
            known->doubtful = false;
            nodes_.use(*known);
            sums_.confirmed(*known, event.time);
        }
    } else if (action == "failed") {
        if (known != nullptr) known->doubtful = true;
    } else if (action == "removed") {
        removed(event, race, code);
    } else {
        take_document(event, race, code);
    }
    out_ = nullptr;
}

void PublishedDetector::take_document(const Event& event, const std::string& race_name,
                                      const std::string& code) {
    const auto document = Document::parse(event.raw());
    Race* of = race(race_name);
    if (!document || of == nullptr) {
        ++counts_[kUnreadable].total;
        report(finding(unreadable_rule(), event, race_name, code,
                       document ? "one race too many to be followed" : document.error().message));
        return;
    }
    if (is_out_of_place(event, race_name, code, *document)) return;
    take_version(event, *of, node_of(event, race_name, code, *document), *document);
}

/// The file of one area must not stand in for another's.
bool PublishedDetector::is_out_of_place(const Event& event, const std::string& race_name,
                                        const std::string& code, const Document& document) {
    std::string why;
    if (code != "0" && !is_code(code))
        why = "the file's name is no code of an area or a TPS";
    else if ((code.size() == kTpsLength) != (document.level == Document::Level::tps))
        why = "the content is that of another level";
    for (const Row& row : document.rows)
        if (why.empty() && parent_of(row.code) != code)
            why = fmt::format("a row of {} does not belong to this area", row.code);
    if (why.empty()) return false;
    ++counts_[kUnreadable].total;
    report(finding(unreadable_rule(), event, race_name, code, why));
    return true;
}

void PublishedDetector::take_version(const Event& event, Race& of, Node node,
                                     const Document& document) {
    Node* known = nodes_.find(node.race, node.code);
    if (known != nullptr && known->body == node.body) {
        known->seen = event.time;
        known->doubtful = false;
        sums_.confirmed(*known, event.time);
        return;
    }
    ++counts_[kVersions].total;
    std::optional<Node> before;
    if (known != nullptr) {
        compare(event, of, *known, node, document);
        if (node.ts < known->ts) {  // an older copy, from a cache perhaps: the newer one stays
            ++counts_[kOlder].total;
            return;
        }
        node.zeroed = is_zeroed(*known, document) || (known->zeroed && node.votes() == 0);
        before = *known;
    } else {
        check_register(event, node);
    }
    check_schema(event, of, node, document);
    Node& kept = nodes_.put(std::move(node));
    if (kept.zeroed && !before->zeroed) {
        Finding alone = finding(result_vanished_rule(), event, kept.race, kept.code,
                                fmt::format("all {} published votes went to 0 while the number of "
                                            "TPS counted did not fall",
                                            grouped(before->votes())));
        of.withdrawal.zeroed(kept, event.time, std::move(alone));
    } else if (of.withdrawal.is_withdrawn() && kept.votes() > 0) {
        of.withdrawal.has_votes(kept);
    }
    sums_.version(kept, before ? &*before : nullptr, event.time);
}

void PublishedDetector::compare(const Event& event, Race&, const Node& before, const Node& now,
                                const Document& document) {
    const bool older = now.ts < before.ts;
    for (const Change& change : changes(before, document)) {
        // What an older copy lacks is no news, but for a counter that goes back with it.
        if (older && change.rule != progress_fell_rule()) continue;
        Finding told = finding(change.rule, event, now.race, now.code,
                               older ? fmt::format("{}, in a file of {} that came after that of {}",
                                                   change.what, now.ts_text, before.ts_text)
                                     : change.what);
        told.severity = older ? Severity::medium : change.severity;
        told.evidence.push_back(published::evidence_of(before));
        report(std::move(told));
    }
    if (now.ts != before.ts || !document.made) return;
    Finding edit =
        finding(silent_edit_rule(), event, now.race, now.code,
                fmt::format("the file changed although its time is still {}", before.ts_text));
    if (before.chart && now.chart)
        if (const auto apart = difference(*now.chart, *before.chart); !apart.none())
            edit.message += "; its totals changed by " + describe(apart);
    edit.evidence.push_back(published::evidence_of(before));
    report(std::move(edit));
}

void PublishedDetector::removed(const Event& event, const std::string& race_name,
                                const std::string& code) {
    const Node* known = nodes_.find(race_name, code);
    if (known == nullptr) return;
    Finding gone = finding(
        result_vanished_rule(), event, race_name, code,
        fmt::format("the file is there no more; its last version was of {}", known->ts_text));
    gone.severity = known->level == Document::Level::tps ? Severity::medium : Severity::high;
    gone.evidence.push_back(published::evidence_of(*known));
    nodes_.erase(race_name, code);
    report(std::move(gone));
}

/// Against the register, once a file: the numbers of the publication are its own matter.
void PublishedDetector::check_register(const Event& event, const Node& node) {
    if (!list_ || node.code == "0" || node.code.starts_with("99")) return;
    const Register::Area* area = list_->area(node.code);
    const bool known =
        node.code.size() == kTpsLength ? list_->contains(node.code) : area != nullptr;
    if (!known)
        report(finding(unreadable_rule(), event, node.race, node.code,
                       "the code is not in the register of TPS"));
    else if (area != nullptr && node.progress && node.progress->total != area->tps())
        report(finding(denominator_rule(), event, node.race, node.code,
                       fmt::format("{} TPS are to be counted; the register has {}",
                                   grouped(node.progress->total), grouped(area->tps()))));
}

void PublishedDetector::check_schema(const Event& event, Race& of, const Node& node,
                                     const Document& document) {
    for (auto& drift : of.schema.take(document)) {
        Finding told = finding(schema_drift_rule(), event, node.race, node.code, drift.what);
        told.severity = drift.severity;
        if (!drift.of_this_file) told.entity = node.race + ": " + drift.what.substr(0, 80);
        report(std::move(told));
    }
}

void PublishedDetector::tell(const AggregateCheck::Mismatch& mismatch) {
    const bool sure = mismatch.snapshots >= 2;
    // Nodes are the table's; the flag says that this was told.
    Node* node = nodes_.find(mismatch.node.race, mismatch.node.code);
    if (node == nullptr || (node->told && sure)) return;
    node->told = node->told || sure;
    Finding out;
    out.rule = aggregate_mismatch_rule();
    out.time = now_;
    out.entity = entity_of(node->race, node->code);
    set_subject(out.subject, node->code);
    out.severity = sure ? Severity::critical : Severity::low;
    out.lasts = kAlertLasts;
    const std::string what =
        mismatch.parent == nullptr
            ? fmt::format("the table of its own file (of {}) is {} apart from its total",
                          node->ts_text, describe(mismatch.difference))
            : fmt::format(
                  "the file of {} (of {}) gives it {} apart from what its own file (of {}) "
                  "gives",
                  place(node->race, mismatch.parent->code), mismatch.parent->ts_text,
                  describe(mismatch.difference), node->ts_text);
    out.message = fmt::format("Inconsistency in Sirekap data: {}: {}, {}",
                              place(node->race, node->code), what,
                              sure ? fmt::format("in {} snapshots in a row", mismatch.snapshots)
                                   : "in one snapshot so far");
    out.evidence.push_back(published::evidence_of(*node));
    if (mismatch.parent != nullptr)
        out.evidence.push_back(published::evidence_of(*mismatch.parent));
    report(std::move(out));
}

void PublishedDetector::advance(Timestamp now, FindingSink& out) {
    out_ = &out;
    now_ = std::max(now_, now);
    sums_.advance(now);
    decide(false);
    out_ = nullptr;
}

void PublishedDetector::end_of_input(FindingSink& out) {
    out_ = &out;
    sums_.end();
    decide(true);
    out_ = nullptr;
}

void PublishedDetector::decide(bool at_once) {
    for (auto& [name, of] : races_) {
        auto verdict = of.withdrawal.decide(name, nodes_, now_, at_once);
        if (!verdict) continue;
        for (Finding& alone : verdict->alone) report(std::move(alone));
        if (!verdict->withdrawn) continue;
        Finding out;
        out.rule = tabulation_withdrawn_rule();
        out.time = now_;
        out.entity = name;
        out.lasts = kAlertLasts;
        out.count = verdict->files;
        out.message = fmt::format(
            "Inconsistency in Sirekap data: {}: every published number of votes went to 0, in {} "
            "files, while the number of TPS counted did not fall: the tabulation was withdrawn",
            name, verdict->files);
        out.evidence.push_back({"aggregate", "sirekap.published", verdict->files,
                                sha256_hex(out.message), out.message});
        report(std::move(out));
    }
}

PublishedDetector::Race* PublishedDetector::race(const std::string& name) {
    if (const auto found = races_.find(name); found != races_.end()) return &found->second;
    if (races_.size() >= kRaces) {
        ++counts_[kLeftOut].total;
        return nullptr;
    }
    return &races_[name];
}

std::string PublishedDetector::place(std::string_view race_name, std::string_view code) const {
    if (code == "0") return fmt::format("{} of the whole country", race_name);
    const Register::Area* area = list_ ? list_->area(code) : nullptr;
    if (code.size() == kTpsLength) return fmt::format("{} of TPS {}", race_name, code);
    if (area == nullptr || area->name.empty()) return fmt::format("{} of {}", race_name, code);
    return fmt::format("{} of {} {}", race_name, code, area->name);
}

Finding PublishedDetector::finding(const RulePointer& rule, const Event& event,
                                   std::string_view race_name, std::string_view code,
                                   const std::string& what) const {
    Finding out = finding_of(
        rule, event,
        fmt::format("Inconsistency in Sirekap data: {}: {}", place(race_name, code), what));
    out.entity = entity_of(race_name, code);
    set_subject(out.subject, code);
    return out;
}

void PublishedDetector::report(Finding finding) {
    Told& told = told_[finding.rule->id];
    const auto found = told.find(finding.entity);
    if (found == told.end()) {
        std::erase_if(told, [&](const auto& one) { return one.second + kToldWindow <= now_; });
        // A confirmed mismatch is never left to a sum of many.
        if (told.size() >= kToldOneByOne && finding.severity != Severity::critical) {
            finding.entity = "further published files";
            finding.subject.tps.clear();
            finding.subject.area.clear();
        } else if (told.size() < kToldOneByOne) {
            told.emplace(finding.entity, now_);
        }
    } else {
        found->second = now_;
    }
    out_->report(std::move(finding));
}

std::uint64_t PublishedDetector::evicted() const { return nodes_.evicted() + sums_.left_out(); }

}  // namespace kentongan::sirekap::published
