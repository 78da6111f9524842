#pragma once
// YAML documents as trees to read from: libyaml's events, kept in one place.
#include <cstddef>
#include <deque>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kentongan::sigma::yaml {

inline constexpr int kMaximumDepth = 100;

struct Value;

/// Looks at a part of a document, which must outlive it. Copies are cheap and equal.
class Node {
  public:
    using Member = std::pair<Node, Node>;

    Node() = default;
    explicit Node(const Value* value) : value_(value) {}

    [[nodiscard]] bool IsDefined() const { return value_ != nullptr; }
    [[nodiscard]] bool IsNull() const;
    [[nodiscard]] bool IsScalar() const;
    [[nodiscard]] bool IsSequence() const;
    [[nodiscard]] bool IsMap() const;

    /// The text of a scalar, else empty.
    [[nodiscard]] const std::string& Scalar() const;
    /// Whether a scalar was written without quotes and without a tag.
    [[nodiscard]] bool is_plain() const;
    /// Of its first character, from 1; 0 for what is not defined.
    [[nodiscard]] int line() const;

    /// Of a list or map.
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] Node operator[](std::size_t index) const;
    /// Of a map: keys and values in their order.
    [[nodiscard]] const std::vector<Member>& members() const;

  private:
    const Value* value_ = nullptr;
};

struct Value {
    enum class Kind { null, scalar, sequence, map };
    Kind kind = Kind::null;
    bool plain = false;
    bool complete = true;  // its end was read
    int line = 0;
    std::string text;
    std::vector<Node> elements;
    std::vector<Node::Member> members;
};

struct Problem {
    int line = 0;  ///< from 1
    std::string reason;
};

/// Owns what its nodes look at.
class Document {
  public:
    /// The only document of a text; an empty one has no root. Lines are counted from `line` + 1.
    /// Anchors are shared, not copied, and cannot hold themselves.
    [[nodiscard]] static std::expected<Document, Problem> parse(std::string_view text, int line);

    [[nodiscard]] Node root() const { return root_; }

  private:
    friend class Builder;
    std::deque<Value> values_;  // a deque keeps them in place
    Node root_;
};

}  // namespace kentongan::sigma::yaml
