#include "daemon/detect/sigma/yaml.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <map>

namespace kentongan::sigma::yaml {

namespace {

std::string text_of(const yaml_char_t* text) {
    return text == nullptr ? std::string{} : reinterpret_cast<const char*>(text);
}

/// YAML 1.2, 10.3.2.
bool is_null(std::string_view text) {
    return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// One event of the parser, freed.
class Event {
  public:
    Event() = default;
    ~Event() { yaml_event_delete(&event_); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    bool next_of(yaml_parser_t& parser) { return yaml_parser_parse(&parser, &event_) == 1; }
    const yaml_event_t* operator->() const { return &event_; }

  private:
    yaml_event_t event_{};
};

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {
        yaml_parser_initialize(&parser_);
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    ~Parser() { yaml_parser_delete(&parser_); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    bool next(Event& event) { return event.next_of(parser_); }

    Problem problem() const {
        const auto line = parser_.error == YAML_READER_ERROR
                              ? std::ranges::count(text_.substr(0, parser_.problem_offset), '\n')
                              : static_cast<std::ptrdiff_t>(parser_.problem_mark.line);
        std::string reason = parser_.problem == nullptr ? "not YAML" : parser_.problem;
        if (parser_.context != nullptr) reason += std::string(" ") + parser_.context;
        return {static_cast<int>(line) + 1, std::move(reason)};
    }

  private:
    std::string_view text_;
    yaml_parser_t parser_{};
};

}  // namespace

bool Node::IsNull() const { return value_ != nullptr && value_->kind == Value::Kind::null; }
bool Node::IsScalar() const { return value_ != nullptr && value_->kind == Value::Kind::scalar; }
bool Node::IsSequence() const { return value_ != nullptr && value_->kind == Value::Kind::sequence; }
bool Node::IsMap() const { return value_ != nullptr && value_->kind == Value::Kind::map; }

const std::string& Node::Scalar() const {
    static const std::string kNone;
    return value_ == nullptr ? kNone : value_->text;
}
bool Node::is_plain() const { return value_ != nullptr && value_->plain; }
int Node::line() const { return value_ == nullptr ? 0 : value_->line; }

std::size_t Node::size() const {
    if (value_ == nullptr) return 0;
    return IsMap() ? value_->members.size() : value_->elements.size();
}
Node Node::operator[](std::size_t index) const { return value_->elements.at(index); }

const std::vector<Node::Member>& Node::members() const {
    static const std::vector<Member> kNone;
    return value_ == nullptr ? kNone : value_->members;
}

/// Makes the tree of the events as they come.
class Builder {
  public:
    Builder(Document& document, int line) : document_(document), line_(line) {}

    /// False at the end, or with a problem.
    bool take(const Event& event) {
        here_ = line_ + static_cast<int>(event->start_mark.line) + 1;
        switch (event->type) {
            case YAML_DOCUMENT_START_EVENT:
                return ++documents_ == 1 || refuse("text that is no part of the document");
            case YAML_SCALAR_EVENT:
                return take_scalar(event);
            case YAML_ALIAS_EVENT:
                return take_alias(text_of(event->data.alias.anchor));
            case YAML_SEQUENCE_START_EVENT:
                return open(Value::Kind::sequence, text_of(event->data.sequence_start.anchor));
            case YAML_MAPPING_START_EVENT:
                return open(Value::Kind::map, text_of(event->data.mapping_start.anchor));
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT:
                open_.back().value->complete = true;
                open_.pop_back();
                return true;
            case YAML_STREAM_END_EVENT:
                return false;
            default:
                return true;
        }
    }

    [[nodiscard]] const Problem& problem() const { return problem_; }

  private:
    struct Open {
        Value* value = nullptr;
        Node key;  // of a map, waiting for its value
    };

    bool refuse(std::string reason) {
        problem_ = {here_, std::move(reason)};
        return false;
    }

    Value& add(Value::Kind kind, const std::string& anchor) {
        Value& value = document_.values_.emplace_back();
        value.kind = kind;
        value.line = here_;
        if (!anchor.empty()) anchors_[anchor] = &value;
        return value;
    }

    bool take_scalar(const Event& event) {
        const auto& scalar = event->data.scalar;
        Value& value = add(Value::Kind::scalar, text_of(scalar.anchor));
        value.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
        value.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nullptr;
        if (value.plain && is_null(value.text)) value.kind = Value::Kind::null;
        return put(Node(&value));
    }

    bool take_alias(const std::string& anchor) {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) return refuse(fmt::format("unknown anchor '{}'", anchor));
        if (!found->second->complete) return refuse("an anchor that holds itself");
        return put(Node(found->second));
    }

    bool open(Value::Kind kind, const std::string& anchor) {
        if (open_.size() == kMaximumDepth) return refuse("nested too deeply");
        Value& value = add(kind, anchor);
        value.complete = false;
        if (!put(Node(&value))) return false;
        open_.push_back({&value, {}});
        return true;
    }

    bool put(Node node) {
        if (open_.empty()) {
            document_.root_ = node;
            return true;
        }
        Open& parent = open_.back();
        if (parent.value->kind == Value::Kind::sequence)
            parent.value->elements.push_back(node);
        else if (parent.key.IsDefined())
            parent.value->members.emplace_back(std::exchange(parent.key, Node{}), node);
        else
            parent.key = node;
        return true;
    }

    Document& document_;
    const int line_;
    int here_ = 0;
    int documents_ = 0;
    std::vector<Open> open_;
    std::map<std::string, const Value*, std::less<>> anchors_;
    Problem problem_;
};

std::expected<Document, Problem> Document::parse(std::string_view text, int line) {
    Document out;
    Parser parser(text);
    Builder builder(out, line);
    for (;;) {
        Event event;
        if (!parser.next(event)) {
            Problem problem = parser.problem();
            problem.line += line;
            return std::unexpected(std::move(problem));
        }
        if (!builder.take(event)) break;
    }
    if (!builder.problem().reason.empty()) return std::unexpected(builder.problem());
    return out;
}

}  // namespace kentongan::sigma::yaml
