#pragma once
// Asks the predicates of a program about one event after another, each at most once an event.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/sigma/matcher.hpp"
#include "daemon/detect/sigma/program.hpp"
#include "daemon/detect/sigma/regex.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sigma {

/// Scratch memory of one thread; nothing is allocated once it has grown to the events' size. The
/// program must outlive it.
class Evaluation {
  public:
    explicit Evaluation(const Program& program);

    /// To be called once for each matcher before it is used.
    void make_room_for(const Matcher& matcher) { matcher.make_room_in(scan_); }

    /// Starts on an event, which must stay until the next call. With a matcher, all its indexes
    /// are searched first; only its rules may be asked then. Without one, any.
    void begin(const Event& event, const Matcher* matcher);
    /// The only rules that can match, in the order loaded; after begin() with a matcher.
    [[nodiscard]] const std::vector<std::uint32_t>& candidates() const { return candidates_; }

    [[nodiscard]] bool holds(const CompiledRule& rule);
    [[nodiscard]] bool holds(PredicateId id);
    /// Evaluates the tree itself, for explanations.
    [[nodiscard]] bool holds(const Expression& expression);

    /// The position in the event of the first value for which the predicate holds; none for
    /// keywords and for tests of absence and presence.
    [[nodiscard]] std::optional<std::size_t> deciding_value(PredicateId id);

    /// Regular expressions that were given up since construction.
    [[nodiscard]] std::uint64_t gave_up() const { return regex_.gave_up(); }

  private:
    enum class Answer : std::uint32_t { unknown = 0, no = 1, yes = 2, maybe = 3 };
    /// A value's text, and what is known of it.
    struct Text {
        std::string_view original{};  // in the event; of a value that is text
        Value::Type type = Value::Type::null;
        std::uint32_t rendered = 0;  // in rendered_, for values that are not text
        std::uint32_t size = 0;      // there
        std::uint32_t begin = 0;     // in folded_
        std::uint32_t length = 0;
        bool ready = false;
        bool ascii = true;
        bool is_folded = false;
    };

    void read_fields();
    GroupId group_of(Field field);
    void search(const Matcher& matcher);
    void search_keywords(const Matcher& matcher);
    void found(const Matcher& matcher, const IndexHit& hit, bool sure);
    void add_candidates(std::span<const std::uint32_t> rules);

    [[nodiscard]] Answer answer(PredicateId id) const;
    void record(PredicateId id, Answer answer);

    [[nodiscard]] bool decide(const Predicate& predicate);
    [[nodiscard]] bool decide_value(const Predicate& predicate, std::size_t index);
    [[nodiscard]] bool decide_keyword(const Predicate& predicate);
    [[nodiscard]] bool decide_text(const Predicate& predicate, std::string_view folded,
                                   std::string_view original);
    [[nodiscard]] bool decide_reference(const Predicate& predicate, std::size_t index);
    [[nodiscard]] bool is_present(const Predicate& predicate, bool or_null) const;

    [[nodiscard]] bool reads(const Slot& slot, std::size_t index) const;
    template <class Visit>
    [[nodiscard]] bool any_value(const std::vector<SlotId>& slots, Visit&& visit) const;

    /// A value's text as it came and in lower case. Not for null. Valid until another is asked for.
    Text& prepare(std::size_t index);
    [[nodiscard]] std::string_view original_text(std::size_t index);
    [[nodiscard]] std::string_view folded_text(std::size_t index);
    [[nodiscard]] std::string_view folded_raw();
    std::string_view fold(std::string_view original, Text& text);

    const Program& program_;
    const Event* event_ = nullptr;
    bool searched_ = false;
    std::uint32_t epoch_ = 0;
    std::vector<std::uint32_t> answers_;  // by predicate: epoch * 4 + Answer
    std::vector<std::uint32_t> asked_;    // by rule: the epoch in which it became a candidate
    std::vector<std::uint32_t> candidates_;
    std::vector<GroupId> group_of_field_;
    std::vector<Field> fields_;  // of the event, with their groups and texts
    std::vector<GroupId> groups_;
    std::vector<Text> texts_;
    std::string folded_;
    std::string rendered_;
    std::string joined_;  // values, for keywords
    Text raw_;
    bool raw_ascii_ = false;
    RegexScratch regex_;
    ScanScratch scan_;
};

}  // namespace kentongan::sigma
