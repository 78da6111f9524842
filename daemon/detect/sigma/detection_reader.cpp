// Reads selections and conditions.
#include "daemon/detect/sigma/detection_reader.hpp"

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/metadata_reader.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kMaximumConditions = 100;
constexpr std::size_t kMaximumSelections = 1000;

class DetectionReader {
  public:
    DetectionReader(RuleSyntax& syntax, ItemContext& context, Refusal& refusal)
        : syntax_(syntax), context_(context), refusal_(refusal) {}

    void read(const YAML::Node& detection) {
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
            selection.alternatives.push_back({read_keywords({value}, context_, refusal_)});
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
            items.push_back(read_item(entry.first, entry.second, context_, refusal_));
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
            selection.alternatives.push_back({read_keywords(keywords, context_, refusal_)});
    }

    RuleSyntax& syntax_;
    ItemContext& context_;
    Refusal& refusal_;
};

}  // namespace

void read_detection(const YAML::Node& detection, RuleSyntax& out, ItemContext& context,
                    Refusal& refusal) {
    DetectionReader(out, context, refusal).read(detection);
}

}  // namespace kentongan::sigma
