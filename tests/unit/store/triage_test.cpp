// Which act is possible in which state, and what the refusal says.
#include <gmock/gmock.h>

#include <map>

#include "daemon/store/triage.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

TriageAct act(TriageVerb verb) { return {.verb = verb, .reason = "false", .assignee = "budi"}; }

TEST(Triage, EveryStateAndVerbLeadsWhereTheTableSays) {
    using enum TriageVerb;
    // ack, assign, comment, escalate, close, reopen; empty: not possible
    const std::map<std::string, std::array<std::string, 6>> table{
        {"new", {"acknowledged", "assigned", "new", "escalated", "closed", ""}},
        {"acknowledged", {"", "assigned", "acknowledged", "escalated", "closed", "new"}},
        {"assigned", {"", "assigned", "assigned", "escalated", "closed", "new"}},
        {"escalated", {"", "escalated", "escalated", "", "closed", "new"}},
        {"closed", {"", "", "closed", "", "", "new"}}};
    for (const auto& [state, targets] : table)
        for (const TriageVerb verb : {ack, assign, comment, escalate, close, reopen}) {
            const auto after = advance({.alert = "A", .state = state, .revision = 7}, act(verb));
            const std::string& target = targets[static_cast<std::size_t>(verb)];
            EXPECT_EQ(after ? after->state : "", target) << state << " " << name_of(verb);
            if (after) EXPECT_EQ(after->revision, 8);
        }
}

TEST(Triage, ARefusalSaysWhatIsPossible) {
    const auto after = advance({.alert = "A", .state = "closed"}, act(TriageVerb::ack));
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().message,
              "alert A is closed: ack is not possible; possible are comment, reopen");
}

TEST(Triage, ClosingNeedsOneOfFiveReasonsAndKeepsIt) {
    for (const char* reason : {"true", "benign", "false", "duplicate", "exercise"})
        EXPECT_EQ(advance({}, {.verb = TriageVerb::close, .reason = reason})->reason, reason);
    for (const char* reason : {"", "False", "fraud"})
        EXPECT_THAT(advance({}, {.verb = TriageVerb::close, .reason = reason}).error().message,
                    HasSubstr("close needs a reason: true, benign, false, duplicate, exercise"));
}

TEST(Triage, ReopeningForgetsReasonAndAssignee) {
    const Place closed{.alert = "A", .state = "closed", .reason = "false", .assignee = "budi"};
    const auto after = advance(closed, act(TriageVerb::reopen));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->reason, "");
    EXPECT_EQ(after->assignee, "");
}

TEST(Triage, AssigningNeedsSomebody) { EXPECT_FALSE(advance({}, {.verb = TriageVerb::assign})); }

}  // namespace
}  // namespace kentongan
