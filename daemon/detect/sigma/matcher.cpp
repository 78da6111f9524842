#include "daemon/detect/sigma/matcher.hpp"

#include <algorithm>
#include <map>

namespace kentongan::sigma {

namespace {

bool differ(std::string_view a, std::string_view b) { return !a.empty() && !b.empty() && a != b; }

LogSourceNames names_of(const LogSource& source) {
    return {std::string(source.category), std::string(source.product), std::string(source.service)};
}

LogSource view_of(const LogSourceNames& names) {
    return {names.category, names.product, names.service};
}

bool same(const LogSourceNames& names, const LogSource& source) {
    return names.category == source.category && names.product == source.product &&
           names.service == source.service;
}

void collect(const Expression& expression, std::vector<PredicateId>& out) {
    if (expression.kind == Expression::Kind::test) out.push_back(expression.predicate);
    for (const Expression& child : expression.children) collect(child, out);
}

}  // namespace

bool conflicts(const LogSourceNames& rule, const LogSource& event) {
    return differ(rule.category, event.category) || differ(rule.product, event.product) ||
           differ(rule.service, event.service);
}

EventClass EventClass::of(const Event& event) {
    return {names_of(event.logsource), names_of(event.also)};
}

bool EventClass::is_of(const Event& event) const {
    return same(main, event.logsource) && same(also, event.also);
}

bool EventClass::takes(const LogSourceNames& rule) const {
    const bool two = !also.category.empty() || !also.product.empty() || !also.service.empty();
    return !conflicts(rule, view_of(main)) || (two && !conflicts(rule, view_of(also)));
}

/// Fills a matcher's indexes.
class Matcher::Builder {
  public:
    Builder(Matcher& matcher, const Program& program) : matcher_(matcher), program_(program) {}

    void add_rules(const EventClass& events) {
        for (std::uint32_t i = 0; i < program_.rules.size(); ++i) {
            const CompiledRule& rule = program_.rules[i];
            if (!events.takes(rule.logsource)) continue;
            matcher_.rules_.push_back(i);
            collect(rule.condition, predicates_);
            for (const PredicateId witness : rule.witnesses) witnessed_[witness].push_back(i);
            if (rule.witnesses.empty()) matcher_.always_.push_back(i);
        }
        std::ranges::sort(predicates_);
        const auto repeated = std::ranges::unique(predicates_);
        predicates_.erase(repeated.begin(), repeated.end());
    }

    void add_predicates() {
        for (const PredicateId id : predicates_) {
            const Predicate& predicate = program_.predicates[id];
            if (!predicate.indexed) continue;
            const IndexHit hit = hit_of(id);
            if (predicate.keyword) add_texts(predicate, hit, matcher_.keywords_);
            for (const SlotId slot : predicate.slots) {
                SlotIndex& index = by_slot_.try_emplace(slot).first->second;
                index.slot = slot;
                add_texts(predicate, hit, index.texts);
                for (const auto& number : predicate.numbers) index.numbers.add(number, hit);
                for (const auto& network : predicate.networks) index.numbers.add(network, hit);
            }
        }
    }

    void finish(DatabaseSource& databases) {
        matcher_.keywords_.build(databases);
        matcher_.by_group_.resize(program_.groups.size());
        for (auto& [slot, index] : by_slot_) {
            index.texts.build(databases);
            index.numbers.build();
            matcher_.by_group_[program_.slots[slot].group].push_back(std::move(index));
        }
    }

  private:
    IndexHit hit_of(PredicateId id) {
        IndexHit hit{id, static_cast<std::uint32_t>(matcher_.witnessed_.size()), 0, true};
        if (const auto found = witnessed_.find(id); found != witnessed_.end()) {
            hit.rules = static_cast<std::uint32_t>(found->second.size());
            matcher_.witnessed_.insert(matcher_.witnessed_.end(), found->second.begin(),
                                       found->second.end());
        }
        return hit;
    }

    static void add_texts(const Predicate& predicate, IndexHit hit, TextIndex& out) {
        for (const TextPattern& pattern : predicate.patterns) out.add(pattern, hit);
        for (const auto& regex : predicate.regexes) out.add(*regex, hit);
    }

    Matcher& matcher_;
    const Program& program_;
    std::vector<PredicateId> predicates_;
    std::map<PredicateId, std::vector<std::uint32_t>> witnessed_;
    std::map<SlotId, SlotIndex> by_slot_;
};

Matcher::Matcher(const Program& program, const EventClass& events, DatabaseSource& databases) {
    Builder builder(*this, program);
    builder.add_rules(events);
    builder.add_predicates();
    builder.finish(databases);
}

void Matcher::make_room_in(ScanScratch& scratch) const {
    keywords_.make_room_in(scratch);
    for (const auto& slots : by_group_)
        for (const SlotIndex& index : slots) index.texts.make_room_in(scratch);
}

}  // namespace kentongan::sigma
