#include "daemon/detect/yara/file_scanner.hpp"

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/regular_file.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::yara {

namespace {

constexpr std::size_t kExcerptCap = 1024;

std::string excerpt_of(const Match& match) {
    std::string out = "rule " + match.identifier;
    const char* separator = ": ";
    for (const Match::Hit& hit : match.hits) {
        out += fmt::format("{}{} at {:#x}", separator, hit.identifier, hit.offset);
        separator = ", ";
    }
    return printable_utf8(out, kExcerptCap);
}

}  // namespace

Finding finding_of(const Match& match, const Event& event, std::string_view what,
                   std::string sha256) {
    Finding out = kentongan::finding_of(
        match.rule, event, fmt::format("{}: {}", printable_utf8(what, 512), match.rule->name));
    Evidence& evidence = out.evidence.front();
    evidence.sha256 = std::move(sha256);
    evidence.excerpt = excerpt_of(match);
    if (event.kind != EventKind::file) return out;
    evidence.source = printable_utf8(what, kExcerptCap);
    evidence.offset = match.hits.empty() ? 0 : match.hits.front().offset;
    out.subject.file_sha256 = evidence.sha256;
    return out;
}

FileScanner::FileScanner(std::shared_ptr<const Rules> rules, Options options, SkipCounter skipped)
    : rules_(std::move(rules)), options_(options), skipped_(std::move(skipped)) {}

void FileScanner::inspect_file(const Event& event, FindingSink& out) const {
    const std::string_view action = event.text(Field::event_action);
    const std::string path(event.text(Field::file_path));
    if (path.empty() || (action != "created" && action != "modified")) return;
    if (event.has(Field::file_type) && event.text(Field::file_type) != "file") return;
    const auto content = read_regular_file(path.c_str(), options_.maximum_bytes);
    if (!content) {
        if (!content.error().empty()) skipped_(content.error());
        return;
    }
    Target target = target_of(path);
    target.owner = event.text(Field::file_owner);
    target.tree = event.text(Field::file_tree);
    const ScanResult result = rules_->scan(as_bytes(*content), target, options_.timeout);
    if (!result.skipped.empty()) skipped_(result.skipped);
    if (result.matches.empty()) return;
    const std::string sha256 = sha256_hex(*content);
    for (const Match& match : result.matches) out.report(finding_of(match, event, path, sha256));
}

}  // namespace kentongan::yara
