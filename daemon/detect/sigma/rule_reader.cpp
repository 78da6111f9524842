#include "daemon/detect/sigma/rule_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/item_reader.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kMaximumConditions = 100;
constexpr std::size_t kMaximumSelections = 1000;

/// Reads the `detection` part of one rule.
class DetectionReader {
  public:
    DetectionReader(RuleSyntax& syntax, Refusal& refusal) : syntax_(syntax), refusal_(refusal) {}

    void read(const YAML::Node& root) {
        const YAML::Node detection = member(root, "detection");
        if (!detection.IsDefined() || !detection.IsMap())
            return refusal_.failed(line_of(root), "the rule has no detection");
        check_keys(detection, refusal_);
        for (const auto& entry : detection) {
            if (refusal_.any()) return;
            read_part(entry.first, entry.second);
        }
        if (syntax_.conditions.empty())
            refusal_.failed(line_of(detection), "the detection has no condition");
    }

  private:
    void read_part(const YAML::Node& key, const YAML::Node& value) {
        if (!key.IsScalar())
            return refusal_.failed(line_of(key), "the name of a selection must be text");
        const std::string& name = key.Scalar();
        if (name == "condition") return read_conditions(value);
        if (name == "timeframe")
            return refusal_.unsupported(line_of(key), "'timeframe' (use a correlation rule)");
        if (syntax_.selections.size() == kMaximumSelections)
            return refusal_.failed(line_of(key), "more than {} selections", kMaximumSelections);
        read_selection(name, value);
    }

    void read_conditions(const YAML::Node& value) {
        const std::size_t count = value.IsSequence() ? value.size() : 1;
        if (count > kMaximumConditions)
            return refusal_.failed(line_of(value), "more than {} conditions", kMaximumConditions);
        for (std::size_t i = 0; i < count; ++i) {
            const YAML::Node node = value.IsSequence() ? value[i] : value;
            if (!node.IsScalar()) return refusal_.failed(line_of(node), "a condition must be text");
            syntax_.conditions.push_back({node.Scalar(), line_of(node)});
        }
    }

    void read_selection(const std::string& name, const YAML::Node& value) {
        Selection selection{name, {}};
        if (value.IsMap())
            read_map(value, selection);
        else if (value.IsSequence())
            read_list(value, selection);
        else if (value.IsScalar())
            selection.alternatives.push_back({read_keywords({value}, budget_, refusal_)});
        if (selection.alternatives.empty())
            refusal_.failed(line_of(value), "the selection '{}' is empty",
                            printable_utf8(name, 80));
        syntax_.selections.push_back(std::move(selection));
    }

    void read_map(const YAML::Node& map, Selection& selection) {
        check_keys(map, refusal_);
        std::vector<Item> items;
        for (const auto& entry : map) {
            if (refusal_.any()) return;
            items.push_back(read_item(entry.first, entry.second, budget_, refusal_));
        }
        if (!items.empty()) selection.alternatives.push_back(std::move(items));
        if (map.size() == 0) refusal_.failed(line_of(map), "an empty map selects nothing");
    }

    void read_list(const YAML::Node& list, Selection& selection) {
        std::vector<YAML::Node> keywords;
        for (std::size_t i = 0; i < list.size() && !refusal_.any(); ++i)
            if (list[i].IsMap())
                read_map(list[i], selection);
            else
                keywords.push_back(list[i]);
        if (!keywords.empty())
            selection.alternatives.push_back({read_keywords(keywords, budget_, refusal_)});
    }

    RuleSyntax& syntax_;
    Refusal& refusal_;
    std::size_t budget_ = kMaximumValues;  // an alias bomb ends here
};

/// Documents of the language that are no plain rules.
bool refuse_other_kinds(const YAML::Node& root, RuleDocument& out) {
    for (const std::string_view kind : {"correlation", "filter", "action"}) {
        const YAML::Node node = member(root, kind);
        if (!node.IsDefined()) continue;
        const YAML::Node title = member(root, "title");
        if (title.IsDefined() && title.IsScalar()) out.title = printable_utf8(title.Scalar(), 256);
        out.refusal.unsupported(line_of(node), "'{}' documents", kind);
        return true;
    }
    return false;
}

RuleDocument read_document(const YAML::Node& root) {
    RuleDocument out;
    if (!root.IsMap()) {
        out.refusal.failed(line_of(root), "a rule must be a map of keys and values");
        return out;
    }
    check_keys(root, out.refusal);
    if (refuse_other_kinds(root, out)) return out;
    read_metadata(root, out);
    if (!out.refusal.any()) DetectionReader(out.syntax, out.refusal).read(root);
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

std::optional<RuleDocument> read_piece(const Piece& document) {
    // Empty lines stand for those before it, so that marks name the file's lines.
    const std::string piece = std::string(document.line, '\n').append(document.text);
    try {  // yaml-cpp reports by exception, and limits the depth of nesting itself
        const YAML::Node root = YAML::Load(piece);
        if (holds_more_than_one(piece))
            return refused(line_of(root), "text that is no part of the document");
        if (root.IsNull()) return std::nullopt;
        return read_document(root);
    } catch (const YAML::Exception& e) {
        return refused(e.mark.line + 1, e.msg);
    }
}

}  // namespace

std::vector<RuleDocument> read_rules(std::string_view text) {
    if (text.size() > kMaximumFileBytes)
        return {refused(0, fmt::format("larger than {} bytes", kMaximumFileBytes))};
    std::vector<RuleDocument> out;
    for (const Piece& piece : split_documents(text)) {
        if (out.size() == kMaximumDocuments) {
            out.push_back(refused(0, "more than 1000 documents in one file"));
            break;
        }
        if (auto document = read_piece(piece)) out.push_back(std::move(*document));
    }
    if (out.empty()) out.push_back(refused(0, "the file holds no rule"));
    return out;
}

}  // namespace kentongan::sigma
