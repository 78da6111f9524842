// Reading, then rules, then correlations.
#include "daemon/detect/sigma/loader.hpp"

#include <atomic>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::sigma {

namespace {

/// Every set of this process has a number of its own, so that a later one is known as such.
std::uint64_t next_serial() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

void Loader::read_file(const std::filesystem::path& path) {
    const auto text = kentongan::read_file(path, kMaximumFileBytes);
    if (text) return read_text(*text, path.string());
    Entry& entry = entries_.emplace_back();
    entry.file = path.string();
    entry.document.refusal.failed(0, "{}", text.error().message);
}

void Loader::read_text(std::string_view text, const std::string& file) {
    const std::string sha256 = sha256_hex(text);
    for (RuleDocument& document : read_rules(text, options_.placeholders.get())) {
        Entry& entry = entries_.emplace_back();
        document.syntax.rule.sha256 = sha256;
        entry.file = file;
        entry.document = std::move(document);
        refuse_known_id(entry);
    }
}

LoadedSet Loader::finish(std::vector<RuleStatus>& statuses) {
    for (Entry& entry : entries_)
        if (entry.document.filter)
            filters_.add(entry.document.syntax, *entry.document.filter, entry.document.refusal);
    compile_rules();
    LoadedSet out;
    out.correlations = resolve_correlations();
    out.program = compiler_.finish();
    for (Entry& entry : entries_) {
        if (entry.document.filter) entry.remark = filters_.remark_on(entry.document.syntax);
        const Refusal& refusal = entry.document.refusal;
        statuses.push_back({entry.file, "sigma", entry.document.title, refusal.state(),
                            refusal.any() ? refusal.reason() : entry.remark,
                            entry.document.syntax.rule.id});
    }
    return out;
}

/// Two rules of one id would share their alerts and suppressions.
void Loader::refuse_known_id(Entry& entry) {
    RuleDocument& document = entry.document;
    if (document.refusal.any()) return;
    const auto [known, added] = ids_.try_emplace(document.syntax.rule.id, entry.file);
    if (!added)
        document.refusal.failed(0, "id {} is already that of a rule in {}", known->first,
                                known->second);
}

void Loader::compile_rules() {
    for (Entry& entry : entries_) {
        RuleDocument& document = entry.document;
        if (document.correlation || document.filter) continue;
        Reference reference{Reference::Kind::refused,
                            static_cast<std::uint32_t>(compiler_.program().rules.size())};
        if (!document.refusal.any())
            compiler_.add(document.syntax, entry.file, document.refusal,
                          filters_.for_rule(document.syntax));
        if (!document.refusal.any()) reference.kind = Reference::Kind::rule;
        document.syntax.selections.clear();  // compiled
        register_document(entry, reference);
    }
}

void Loader::register_document(const Entry& entry, const Reference& reference) {
    const RuleSyntax& syntax = entry.document.syntax;
    for (const std::string& key : {syntax.rule.id, syntax.name}) {
        if (key.empty()) continue;
        const auto [known, added] = references_.try_emplace(key, reference);
        if (added || known->second.kind == Reference::Kind::refused)
            known->second = reference;
        else if (reference.kind != Reference::Kind::refused &&
                 (known->second.kind != reference.kind || known->second.index != reference.index))
            known->second.kind = Reference::Kind::ambiguous;
    }
}

std::shared_ptr<const CorrelationSet> Loader::resolve_correlations() {
    CorrelationResolver resolver(compiler_.program(), references_);
    std::uint32_t next = 0;
    for (Entry& entry : entries_) {
        if (!entry.document.correlation) continue;
        resolver.add(entry.document, entry.file);
        const bool refused = entry.document.refusal.any();
        register_document(
            entry, {refused ? Reference::Kind::refused : Reference::Kind::correlation, next++});
    }
    return resolver.resolve(next_serial());
}

}  // namespace kentongan::sigma
