#pragma once
// Finds the text patterns and regular expressions that hold for one field, or for keywords.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/detect/sigma/fold.hpp"
#include "daemon/detect/sigma/pattern.hpp"
#include "daemon/detect/sigma/regex.hpp"
#include "daemon/detect/sigma/scan_database.hpp"

namespace kentongan::sigma {

/// What follows when a pattern is found: the predicate may hold, or, when `sure`, does; and so may
/// the rules whose witness it is, by their places in the matcher's list.
struct IndexHit {
    std::uint32_t predicate = 0;
    std::uint32_t first_rule = 0;
    std::uint32_t rules = 0;
    bool sure = true;
};

/// Where databases come from: compiled, or known already.
class DatabaseSource {
  public:
    virtual ~DatabaseSource() = default;
    /// Null when the scanner cannot take the patterns together. Thread-safe.
    [[nodiscard]] virtual std::shared_ptr<const ScanDatabase> database_of(
        const std::vector<ScanPattern>& patterns) = 0;
};

/// A text as it came; folded() gives it in lower case when that is asked for.
template <class Fold>
struct ScannedText {
    std::string_view original;
    bool ascii = true;
    Fold folded;
};

/// Patterns with what they hit; those that one database takes together are in one.
class PatternSet {
  public:
    struct Target {
        IndexHit hit;
        bool at_end = false;    ///< counts only at the end of the text
        bool original = false;  ///< heeds case: an expression
    };

    /// `shortest`: no text of fewer bytes matches.
    void add(ScanPattern pattern, Target target, std::size_t shortest);
    /// Once, when all are added. What no database takes is moved to `left`.
    void build(DatabaseSource& source, std::vector<IndexHit>& left);

    [[nodiscard]] bool empty() const { return targets_.empty(); }
    [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
    [[nodiscard]] bool any_original() const { return any_original_; }
    [[nodiscard]] bool any_folded() const { return any_folded_; }
    void make_room_in(ScanScratch& scratch) const;

    /// Calls found(target) for each place where a pattern ends.
    template <class Found>
    void scan(std::string_view text, ScanScratch& scratch, Found&& found) const {
        if (text.size() < shortest_) return;
        for (const Part& part : parts_)
            part.database->scan(text, scratch, [&](std::size_t id, std::size_t end) {
                const Target& target = targets_[part.first + id];
                if (!target.at_end || end == text.size()) found(target);
            });
    }

  private:
    struct Part {
        std::size_t first = 0;  // its patterns' targets begin here
        std::shared_ptr<const ScanDatabase> database;
    };
    void build(std::size_t first, std::size_t last, DatabaseSource& source,
               std::vector<IndexHit>& left);

    std::vector<ScanPattern> patterns_;  // until they are built
    std::vector<Target> targets_;
    std::vector<Part> parts_;
    std::size_t shortest_ = static_cast<std::size_t>(-1);  // text that any pattern matches
    bool any_original_ = false;
    bool any_folded_ = false;
};

/// Immutable once built; shared between threads.
///
/// ASCII needs one pass, where the scanner ignores case itself. Other texts are scanned twice: as
/// they came for expressions, and folded for the other patterns, which are folded too. Expressions
/// that speak of characters have a database of their own that sees valid UTF-8 only; in other
/// texts each of them may hold, and PCRE2 decides.
class TextIndex {
  public:
    static constexpr char kSeparator = '\xFF';  ///< in no UTF-8

    void add(const TextPattern& pattern, IndexHit hit);
    void add(const Regex& regex, IndexHit hit);
    /// Once, when all are added.
    void build(DatabaseSource& source);

    [[nodiscard]] bool empty() const;
    /// Whether what is found in a part of an ASCII text is always found in the whole, and nothing
    /// across kSeparator: no pattern asks for a beginning or an end, or for that byte.
    [[nodiscard]] bool holds_for_parts() const { return holds_for_parts_; }
    void make_room_in(ScanScratch& scratch) const;

    /// Calls found(hit, sure), at times more than once for a hit.
    template <class Fold, class Found>
    void search(const ScannedText<Fold>& text, ScanScratch& scratch, Found&& found) const {
        if (may_be_exact(text.original.size(), text.ascii))
            if (const auto same = exact_.find(text.folded()); same != exact_.end())
                for (const IndexHit& hit : same->second) found(hit, hit.sure);
        if (text.ascii) {
            bytes_.scan(text.original, scratch,
                        [&](const auto& target) { found(target.hit, target.hit.sure); });
        } else {
            scan_side(text.original, true, bytes_.any_original(), scratch, found);
            if (bytes_.any_folded()) scan_side(text.folded(), false, true, scratch, found);
        }
        if (!characters_.empty()) search_characters(text.original, text.ascii, scratch, found);
        for (const IndexHit& hit : always_) found(hit, false);
    }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    void add_exact(std::string text, IndexHit hit);
    /// Folding may change the length of what is not ASCII.
    [[nodiscard]] bool may_be_exact(std::size_t size, bool ascii) const {
        return exact_sizes_ != 0 && (!ascii || (exact_sizes_ >> (size < 63 ? size : 63) & 1) != 0);
    }

    template <class Found>
    void scan_side(std::string_view text, bool original, bool any, ScanScratch& scratch,
                   Found& found) const {
        if (!any) return;
        bytes_.scan(text, scratch, [&](const auto& target) {
            if (target.original == original) found(target.hit, target.hit.sure);
        });
    }

    template <class Found>
    void search_characters(std::string_view text, bool ascii, ScanScratch& scratch,
                           Found& found) const {
        if (ascii || is_valid_utf8(text))
            characters_.scan(text, scratch,
                             [&](const auto& target) { found(target.hit, target.hit.sure); });
        else
            for (const auto& target : characters_.targets()) found(target.hit, false);
    }

    std::uint64_t exact_sizes_ = 0;  // a bit for each length; 63 for those longer than 62
    std::unordered_map<std::string, std::vector<IndexHit>, Hash, std::equal_to<>> exact_;
    bool holds_for_parts_ = true;
    PatternSet bytes_;
    PatternSet characters_;
    std::vector<IndexHit> always_;  // what no database takes
};

}  // namespace kentongan::sigma
