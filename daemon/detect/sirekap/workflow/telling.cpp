#include "daemon/detect/sirekap/workflow/telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kToldOneByOne = 20;
constexpr Duration kToldWindow = std::chrono::minutes{10};
constexpr Duration kCardInterval = std::chrono::minutes{10};
}  // namespace

Finding inconsistency(const RulePointer& rule, const Event& event, std::string_view what) {
    return finding_of(rule, event, fmt::format("Inconsistency in Sirekap data: {}", what));
}

std::string quoted(std::string_view text) {
    return text.empty() ? "nobody" : fmt::format("'{}'", printable_utf8(text, 64));
}

void FewEntities::limit(Finding& finding) {
    if (const auto found = told_.find(finding.entity); found != told_.end()) {
        found->second = std::max(found->second, finding.time);
        return;
    }
    std::erase_if(told_,
                  [&](const auto& told) { return told.second + kToldWindow <= finding.time; });
    if (told_.size() < kToldOneByOne)
        told_.emplace(finding.entity, finding.time);
    else
        finding.entity = "further TPS";
}

void WindowCards::note(const ChangeWindows& windows, std::size_t window, const Event& event,
                       FindingSink& out) {
    Card& card = cards_[window];
    ++card.changes;
    ++card.pending;
    if (card.pending > 1 && event.time < card.due) {
        card.last.time = std::max(card.last.time, event.time);
        return;
    }
    card.last = finding_of(ordered_change_rule(), event, {});
    if (card.changes == 1 || event.time >= card.due) tell(windows[window], card, out);
}

void WindowCards::advance(const ChangeWindows& windows, Timestamp now, FindingSink& out) {
    for (std::size_t i = 0; i < cards_.size(); ++i)
        if (cards_[i].pending != 0 && now >= cards_[i].due) tell(windows[i], cards_[i], out);
}

void WindowCards::tell(const ChangeWindow& window, Card& card, FindingSink& out) {
    Finding finding = card.last;
    finding.entity = window.name;
    finding.count = std::exchange(card.pending, 0);
    finding.lasts = std::max(window.to - finding.time, Duration{0});
    finding.message = fmt::format(
        "Inconsistency in Sirekap data that was announced: {} change{} so far in window {} ({}), "
        "approved by {}",
        card.changes, card.changes == 1 ? "" : "s", printable_utf8(window.name, 64),
        window.note.empty() ? "no note" : printable_utf8(window.note, 200),
        quoted(window.approved_by));
    card.due = finding.time + kCardInterval;
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
