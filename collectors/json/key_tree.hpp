#pragma once
// The dotted names of a log's JSON keys, each judged once: logs repeat their keys line by line.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kentongan::flat {

/// Names by their way down from the root, with what they mean to a format. Keys that come in the
/// order of an earlier line are found without a search. Belongs to one reader, so to one thread.
template <class Meaning>
class KeyTree {
  public:
    using Node = std::uint32_t;
    static constexpr Node kRoot = 0;
    static constexpr std::size_t kMostNodes = 4096;  ///< past that it begins anew with a line

    KeyTree() { forget(); }

    /// At the beginning of a line: nodes of the last one are not valid any more.
    void begin_line() {
        if (nodes_.size() > kMostNodes) forget();
        last_ = kRoot;
    }

    /// The key below `parent`; judge(path) says what a name means that was not known.
    template <class Judge>
    Node child(Node parent, std::string_view key, Judge&& judge) {
        const Node guess = nodes_[last_].next;
        if (nodes_[guess].parent == parent && nodes_[guess].key == key && guess != kRoot)
            return last_ = guess;
        const auto known = by_key_.find(Key{parent, key});
        const Node node = known != by_key_.end() ? known->second : add(parent, key, judge);
        nodes_[last_].next = node;
        return last_ = node;
    }

    [[nodiscard]] const Meaning& meaning(Node node) const { return nodes_[node].meaning; }

  private:
    struct Entry {
        Node parent = kRoot;
        Node next = kRoot;  // what came behind it last time
        std::string key;
        std::string path;
        Meaning meaning{};
    };
    struct Key {
        Node parent;
        std::string_view key;
        bool operator==(const Key&) const = default;
    };
    struct OwnKey {
        Node parent;
        std::string key;
        operator Key() const { return {parent, key}; }
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(Key key) const {
            return std::hash<std::string_view>{}(key.key) ^ key.parent * 0x9E3779B97F4A7C15ull;
        }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(Key a, Key b) const { return a == b; }
    };

    void forget() {
        by_key_.clear();
        nodes_.assign(1, Entry{});
    }

    template <class Judge>
    Node add(Node parent, std::string_view key, Judge& judge) {
        Entry entry{parent, kRoot, std::string(key), nodes_[parent].path, {}};
        if (!entry.path.empty()) entry.path += '.';
        entry.path += key;
        entry.meaning = judge(std::string_view(entry.path));
        const auto node = static_cast<Node>(nodes_.size());
        nodes_.push_back(std::move(entry));
        by_key_.emplace(OwnKey{parent, std::string(key)}, node);
        return node;
    }

    std::vector<Entry> nodes_;
    std::unordered_map<OwnKey, Node, Hash, Equal> by_key_;
    Node last_ = kRoot;
};

}  // namespace kentongan::flat
