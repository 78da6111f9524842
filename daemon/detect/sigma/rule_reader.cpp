#include "daemon/detect/sigma/rule_reader.hpp"

#include <algorithm>
#include <optional>

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

    void read(const yaml::Node& root) {
        const yaml::Node detection = member(root, "detection");
        if (!detection.IsDefined() || !detection.IsMap())
            return refusal_.failed(line_of(root), "the rule has no detection");
        check_keys(detection, refusal_);
        for (const auto& entry : detection.members()) {
            if (refusal_.any()) return;
            read_part(entry.first, entry.second);
        }
        if (syntax_.conditions.empty())
            refusal_.failed(line_of(detection), "the detection has no condition");
    }

  private:
    void read_part(const yaml::Node& key, const yaml::Node& value) {
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

    void read_conditions(const yaml::Node& value) {
        const std::size_t count = value.IsSequence() ? value.size() : 1;
        if (count > kMaximumConditions)
            return refusal_.failed(line_of(value), "more than {} conditions", kMaximumConditions);
        for (std::size_t i = 0; i < count; ++i) {
            const yaml::Node node = value.IsSequence() ? value[i] : value;
            if (!node.IsScalar()) return refusal_.failed(line_of(node), "a condition must be text");
            syntax_.conditions.push_back({node.Scalar(), line_of(node)});
        }
    }

    void read_selection(const std::string& name, const yaml::Node& value) {
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

    void read_map(const yaml::Node& map, Selection& selection) {
        check_keys(map, refusal_);
        std::vector<Item> items;
        for (const auto& entry : map.members()) {
            if (refusal_.any()) return;
            items.push_back(read_item(entry.first, entry.second, budget_, refusal_));
        }
        if (!items.empty()) selection.alternatives.push_back(std::move(items));
        if (map.size() == 0) refusal_.failed(line_of(map), "an empty map selects nothing");
    }

    void read_list(const yaml::Node& list, Selection& selection) {
        std::vector<yaml::Node> keywords;
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
bool refuse_other_kinds(const yaml::Node& root, RuleDocument& out) {
    for (const std::string_view kind : {"correlation", "filter", "action"}) {
        const yaml::Node node = member(root, kind);
        if (!node.IsDefined()) continue;
        const yaml::Node title = member(root, "title");
        if (title.IsDefined() && title.IsScalar()) out.title = printable_utf8(title.Scalar(), 256);
        out.refusal.unsupported(line_of(node), "'{}' documents", kind);
        return true;
    }
    return false;
}

RuleDocument read_document(const yaml::Node& root) {
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

std::optional<RuleDocument> read_piece(const Piece& piece) {
    const auto document = yaml::Document::parse(piece.text, static_cast<int>(piece.line));
    if (!document) return refused(document.error().line, document.error().reason);
    const yaml::Node root = document->root();
    if (!root.IsDefined() || root.IsNull()) return std::nullopt;
    return read_document(root);
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
