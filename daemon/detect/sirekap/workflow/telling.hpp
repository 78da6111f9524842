#pragma once
// How these detectors tell: about one TPS each as long as they are few, and of declared change
// windows once, however much is changed in them.
#include <map>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/workflow/app_event.hpp"
#include "daemon/detect/sirekap/workflow/change_windows.hpp"
#include "daemon/detect/sirekap/workflow/rules.hpp"

namespace kentongan::sirekap {

/// A finding about the event's TPS (or else its sender) whose message begins with the words that
/// every result alert has.
[[nodiscard]] Finding inconsistency(const RulePointer& rule, const Event& event,
                                    std::string_view what);

/// A text of the log, in quotes and fit to be read.
[[nodiscard]] std::string quoted(std::string_view text);

/// Past twenty entities within ten minutes one speaks for all further ones: somebody who changes
/// ten thousand TPS must not become ten thousand alerts.
class FewEntities {
  public:
    /// Replaces the finding's entity when it is one too many.
    void limit(Finding& finding);

  private:
    std::map<std::string, Timestamp> told_;  // at most twenty
};

/// One informational card for each declared window in which something was changed: told at the
/// first change, then what came since at most every ten minutes. Its alert stays open until the
/// window ends.
class WindowCards {
  public:
    explicit WindowCards(std::size_t windows) : cards_(windows) {}
    void note(const ChangeWindows& windows, std::size_t window, const Event& event,
              FindingSink& out);
    void advance(const ChangeWindows& windows, Timestamp now, FindingSink& out);

  private:
    struct Card {
        std::uint64_t changes = 0;
        std::uint64_t pending = 0;
        Timestamp due{};
        Finding last;
    };
    void tell(const ChangeWindow& window, Card& card, FindingSink& out);
    std::vector<Card> cards_;
};

}  // namespace kentongan::sirekap
