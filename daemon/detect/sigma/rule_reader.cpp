#include "daemon/detect/sigma/rule_reader.hpp"

#include <algorithm>
#include <optional>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/correlation_reader.hpp"
#include "daemon/detect/sigma/detection_reader.hpp"
#include "daemon/detect/sigma/filter_reader.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"

namespace kentongan::sigma {

namespace {

/// Collections of old, whose documents change one another.
bool refuse_action(const yaml::Node& root, RuleDocument& out) {
    const yaml::Node node = member(root, "action");
    if (!node.IsDefined()) return false;
    const yaml::Node title = member(root, "title");
    if (title.IsDefined() && title.IsScalar()) out.title = printable_utf8(title.Scalar(), 256);
    out.refusal.unsupported(line_of(node), "'action' documents");
    return true;
}

void read_plain_rule(const yaml::Node& root, ItemContext& context, RuleDocument& out) {
    read_metadata(root, out);
    const yaml::Node detection = member(root, "detection");
    if (!detection.IsDefined() || !detection.IsMap())
        return out.refusal.failed(line_of(root), "the rule has no detection");
    if (!out.refusal.any()) read_detection(detection, out.syntax, context, out.refusal);
}

RuleDocument read_document(const yaml::Node& root, std::string_view text,
                           const Placeholders* placeholders) {
    RuleDocument out;
    if (!root.IsMap()) {
        out.refusal.failed(line_of(root), "a rule must be a map of keys and values");
        return out;
    }
    check_keys(root, out.refusal);
    if (refuse_action(root, out)) return out;
    ItemContext context;
    context.placeholders = placeholders;
    if (member(root, "correlation").IsDefined())
        read_correlation(root, text, out);
    else if (member(root, "filter").IsDefined())
        read_filter(root, context, out);
    else
        read_plain_rule(root, context, out);
    return out;
}

RuleDocument refused(int line, std::string_view reason) {
    RuleDocument out;
    out.refusal.failed(line, "{}", reason);
    return out;
}

/// A document of a file, and how many lines come before it.
struct Piece {
    std::size_t line = 0;
    std::string_view text;
};

/// A marker at the start of a line is one wherever it stands (YAML 1.2, 9.1.2). A document that is
/// malformed leaves the others whole.
std::vector<Piece> split_documents(std::string_view text) {
    std::vector<Piece> out;
    std::size_t line = 0;
    std::size_t begin = 0;
    std::size_t begin_line = 0;
    const auto cut = [&](std::size_t end, std::size_t next, std::size_t next_line) {
        out.push_back({begin_line, text.substr(begin, end - begin)});
        begin = next;
        begin_line = next_line;
    };
    for (std::size_t at = 0; at < text.size() && out.size() <= kMaximumDocuments; ++line) {
        const std::size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
        const auto marker = trim(text.substr(at, std::min<std::size_t>(next - at, 4)));
        if (marker == "---") cut(at, at, line);
        if (marker == "...") cut(at, next, line + 1);
        at = next;
    }
    cut(text.size(), text.size(), line);
    return out;
}

std::optional<RuleDocument> read_piece(const Piece& piece, const Placeholders* placeholders) {
    const auto document = yaml::Document::parse(piece.text, static_cast<int>(piece.line));
    if (!document) return refused(document.error().line, document.error().reason);
    const yaml::Node root = document->root();
    if (!root.IsDefined() || root.IsNull()) return std::nullopt;
    return read_document(root, piece.text, placeholders);
}

}  // namespace

std::vector<RuleDocument> read_rules(std::string_view text, const Placeholders* placeholders) {
    if (text.size() > kMaximumFileBytes)
        return {refused(0, fmt::format("larger than {} bytes", kMaximumFileBytes))};
    std::vector<RuleDocument> out;
    for (const Piece& piece : split_documents(text)) {
        if (out.size() == kMaximumDocuments) {
            out.push_back(refused(0, "more than 1000 documents in one file"));
            break;
        }
        if (auto document = read_piece(piece, placeholders)) out.push_back(std::move(*document));
    }
    if (out.empty()) out.push_back(refused(0, "the file holds no rule"));
    return out;
}

}  // namespace kentongan::sigma
