#include "daemon/detect/sigma/rule_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/correlation_reader.hpp"
#include "daemon/detect/sigma/detection_reader.hpp"
#include "daemon/detect/sigma/filter_reader.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"

namespace kentongan::sigma {

namespace {

/// Collections of old, whose documents change one another.
bool refuse_action(const YAML::Node& root, RuleDocument& out) {
    const YAML::Node node = member(root, "action");
    if (!node.IsDefined()) return false;
    const YAML::Node title = member(root, "title");
    if (title.IsDefined() && title.IsScalar()) out.title = printable_utf8(title.Scalar(), 256);
    out.refusal.unsupported(line_of(node), "'action' documents");
    return true;
}

void read_plain_rule(const YAML::Node& root, ItemContext& context, RuleDocument& out) {
    read_metadata(root, out);
    const YAML::Node detection = member(root, "detection");
    if (!detection.IsDefined() || !detection.IsMap())
        return out.refusal.failed(line_of(root), "the rule has no detection");
    if (!out.refusal.any()) read_detection(detection, out.syntax, context, out.refusal);
}

RuleDocument read_document(const YAML::Node& root, std::string_view text,
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

/// Hears a document and does nothing.
class Deaf final : public YAML::EventHandler {
  public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

/// Whether something follows the first document that yaml-cpp sees in `text`.
bool holds_more_than_one(const std::string& text) {
    std::istringstream stream{text};
    YAML::Parser parser{stream};
    Deaf deaf;
    return parser.HandleNextDocument(deaf) && parser.HandleNextDocument(deaf);
}

/// A document of a file, and how many lines come before it.
struct Piece {
    std::size_t line = 0;
    std::string_view text;
};

/// A marker at the start of a line is one wherever it stands (YAML 1.2, 9.1.2). yaml-cpp's own
/// LoadAll never ends on some malformed documents.
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

std::optional<RuleDocument> read_piece(const Piece& document, const Placeholders* placeholders) {
    // Empty lines stand for those before it, so that marks name the file's lines.
    const std::string piece = std::string(document.line, '\n').append(document.text);
    try {  // yaml-cpp reports by exception, and limits the depth of nesting itself
        const YAML::Node root = YAML::Load(piece);
        if (holds_more_than_one(piece))
            return refused(line_of(root), "text that is no part of the document");
        if (root.IsNull()) return std::nullopt;
        return read_document(root, document.text, placeholders);
    } catch (const YAML::Exception& e) {
        return refused(e.mark.line + 1, e.msg);
    }
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
