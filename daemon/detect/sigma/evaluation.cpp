#include "daemon/detect/sigma/evaluation.hpp"

#include <algorithm>
#include <utility>

#include "daemon/detect/sigma/fold.hpp"

namespace kentongan::sigma {

namespace {

constexpr GroupId kNotLookedUp = 0xFFFF;
constexpr GroupId kNoGroup = 0xFFFE;
constexpr std::uint32_t kLastEpoch = 0x3FFF'FFFF;

}  // namespace

Evaluation::Evaluation(const Program& program)
    : program_(program), answers_(program.predicates.size()), asked_(program.rules.size()) {}

void Evaluation::begin(const Event& event, const Matcher* matcher) {
    event_ = &event;
    if (++epoch_ > kLastEpoch) {
        std::ranges::fill(answers_, 0);
        std::ranges::fill(asked_, 0);
        epoch_ = 1;
    }
    candidates_.clear();
    folded_.clear();
    rendered_.clear();
    raw_ = {};
    raw_ascii_ = is_ascii(event.raw());
    read_fields();
    searched_ = matcher != nullptr;
    if (searched_) search(*matcher);
}

void Evaluation::read_fields() {
    const std::size_t size = event_->size();
    fields_.resize(size);
    groups_.resize(size);
    texts_.resize(size);
    for (std::size_t i = 0; i < size; ++i) {
        const Field field = event_->field_at(i);
        const auto index = static_cast<std::size_t>(field);
        fields_[i] = field;
        const bool known = index < group_of_field_.size() && group_of_field_[index] != kNotLookedUp;
        groups_[i] = known ? group_of_field_[index] : group_of(field);
        texts_[i] = {.type = event_->type_at(i)};
        if (texts_[i].type == Value::Type::text) texts_[i].original = event_->text_at(i);
    }
}

GroupId Evaluation::group_of(Field field) {
    const auto index = static_cast<std::size_t>(field);
    if (index >= group_of_field_.size()) group_of_field_.resize(index + 1, kNotLookedUp);
    GroupId& group = group_of_field_[index];
    if (group == kNotLookedUp) {
        const auto found = program_.groups.find(group_name(name_of(field)));
        group = found == program_.groups.end() ? kNoGroup : found->second;
    }
    return group;
}

void Evaluation::search(const Matcher& matcher) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (groups_[i] == kNoGroup) continue;
        const auto& indexes = matcher.of_group(groups_[i]);
        if (indexes.empty()) continue;
        if (texts_[i].type == Value::Type::null) continue;
        for (const Matcher::SlotIndex& index : indexes) {
            if (!reads(program_.slots[index.slot], i)) continue;
            if (!index.numbers.empty())
                index.numbers.search(event_->value_at(i),
                                     [&](const IndexHit& hit) { found(matcher, hit, true); });
            if (index.texts.empty()) continue;
            const Text& text = prepare(i);
            const auto folded = [&] { return folded_text(i); };
            index.texts.search(ScannedText{original_text(i), text.ascii, folded}, scan_,
                               [&](const IndexHit& hit, bool sure) { found(matcher, hit, sure); });
        }
    }
    if (!matcher.keywords().empty()) search_keywords(matcher);
    add_candidates(matcher.always());
    std::ranges::sort(candidates_);
}

/// The raw record, then the values: those that are parts of it need no search of their own, and the
/// other ones are searched together where nothing asks for beginnings and ends.
void Evaluation::search_keywords(const Matcher& matcher) {
    const TextIndex& keywords = matcher.keywords();
    const bool parts_suffice = keywords.holds_for_parts();
    const auto search_in = [&](std::string_view original, bool ascii, auto&& folded) {
        keywords.search(ScannedText{original, ascii, folded}, scan_,
                        [&](const IndexHit& hit, bool sure) { found(matcher, hit, sure); });
    };
    joined_.clear();
    if (!event_->raw().empty()) search_in(event_->raw(), raw_ascii_, [&] { return folded_raw(); });
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (parts_suffice && raw_ascii_ && event_->is_in_raw(i)) continue;
        if (texts_[i].type != Value::Type::text) continue;
        const bool ascii = prepare(i).ascii;
        if (parts_suffice && ascii)
            joined_.append(original_text(i)) += TextIndex::kSeparator;
        else
            search_in(original_text(i), ascii, [&] { return folded_text(i); });
    }
    if (!joined_.empty()) search_in(joined_, true, [] { return std::string_view{}; });
}

void Evaluation::found(const Matcher& matcher, const IndexHit& hit, bool sure) {
    const Answer known = answer(hit.predicate);
    if (known == Answer::yes) return;
    if (sure)
        record(hit.predicate, Answer::yes);
    else if (known == Answer::unknown)
        record(hit.predicate, Answer::maybe);
    if (known == Answer::unknown) add_candidates(matcher.rules_of(hit));
}

void Evaluation::add_candidates(std::span<const std::uint32_t> rules) {
    for (const std::uint32_t rule : rules)
        if (std::exchange(asked_[rule], epoch_) != epoch_) candidates_.push_back(rule);
}

Evaluation::Answer Evaluation::answer(PredicateId id) const {
    const std::uint32_t stored = answers_[id];
    return stored >> 2 == epoch_ ? static_cast<Answer>(stored & 3) : Answer::unknown;
}

void Evaluation::record(PredicateId id, Answer answer) {
    answers_[id] = epoch_ << 2 | static_cast<std::uint32_t>(answer);
}

bool Evaluation::holds(const CompiledRule& rule) {
    std::uint32_t at = rule.entry;
    while (at < Step::kFalse) {
        const Step& step = program_.steps[at];
        at = holds(step.predicate) ? step.on_true : step.on_false;
    }
    return at == Step::kTrue;
}

bool Evaluation::holds(PredicateId id) {
    const Answer known = answer(id);
    if (known == Answer::yes || known == Answer::no) return known == Answer::yes;
    const Predicate& predicate = program_.predicates[id];
    if (predicate.indexed && searched_ && known == Answer::unknown) return false;
    const bool decided = decide(predicate);
    record(id, decided ? Answer::yes : Answer::no);
    return decided;
}

bool Evaluation::holds(const Expression& expression) {
    const auto child_holds = [&](const Expression& child) { return holds(child); };
    switch (expression.kind) {
        case Expression::Kind::all:
            return std::ranges::all_of(expression.children, child_holds);
        case Expression::Kind::any:
            return std::ranges::any_of(expression.children, child_holds);
        case Expression::Kind::negation:
            return !holds(expression.children.front());
        case Expression::Kind::selection:
            return holds(expression.children.front());
        case Expression::Kind::test:
            return holds(expression.predicate);
    }
    return false;
}

bool Evaluation::reads(const Slot& slot, std::size_t index) const {
    return fields_[index] == slot.field || std::ranges::find(fields_, slot.field) == fields_.end();
}

Evaluation::Text& Evaluation::prepare(std::size_t index) {
    Text& text = texts_[index];
    if (text.ready) return text;
    if (text.type == Value::Type::text) {
        text.ascii = (raw_ascii_ && event_->is_in_raw(index)) || is_ascii(text.original);
    } else {
        text.rendered = static_cast<std::uint32_t>(rendered_.size());
        event_->value_at(index).append_to(rendered_);
        text.size = static_cast<std::uint32_t>(rendered_.size()) - text.rendered;
    }
    text.ready = true;
    return text;
}

std::string_view Evaluation::original_text(std::size_t index) {
    const Text& text = prepare(index);
    if (text.type == Value::Type::text) return text.original;
    return std::string_view(rendered_).substr(text.rendered, text.size);
}

std::string_view Evaluation::fold(std::string_view original, Text& text) {
    if (!text.is_folded) {
        text.begin = static_cast<std::uint32_t>(folded_.size());
        append_folded(original, folded_);
        text.length = static_cast<std::uint32_t>(folded_.size()) - text.begin;
        text.is_folded = true;
    }
    return std::string_view(folded_).substr(text.begin, text.length);
}

std::string_view Evaluation::folded_text(std::size_t index) {
    return fold(original_text(index), texts_[index]);
}

std::string_view Evaluation::folded_raw() { return fold(event_->raw(), raw_); }

}  // namespace kentongan::sigma
