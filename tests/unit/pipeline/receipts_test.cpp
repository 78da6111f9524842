#include "daemon/pipeline/receipts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/ledger/entry.hpp"
#include "daemon/store/memory/memory_alert_store.hpp"

namespace kentongan {
namespace {

using State = DeliveryOutcome::State;
using testing::HasSubstr;
using testing::Not;

TEST(Receipts, TellOfWhatIsFinalAndOfNoSignOfLife) {
    MemoryAlertStore store;
    const std::vector<DeliveryOutcome> outcomes{
        {11, State::delivered, "200", {}},
        {12, State::retry, "503", {}},
        {13, State::dead, "400 of budi", {}},
        {14, State::delivered, "200", {}, Urgency::heartbeat}};
    const auto told = receipts_of("kpu", outcomes, store, {}).value();
    ASSERT_EQ(told.entries.size(), 1u);
    for (const auto* member : {R"("to":"kpu")", R"("delivered":{"11":)", R"("dead":{"13":)"})
        EXPECT_THAT(told.entries[0], HasSubstr(member));
    for (const auto* absent : {"12\"", "14\"", "budi"})
        EXPECT_THAT(told.entries[0], Not(HasSubstr(absent)));
    ASSERT_EQ(told.salts.size(), 1u);
    ASSERT_TRUE(store.settle(outcomes, told));
    const auto again = receipts_of("kpu", outcomes, store, {}).value();
    EXPECT_EQ(again.entries, told.entries) << "with the same salt";
    EXPECT_TRUE(again.salts.empty());
}

TEST(Receipts, MakeAsManyEntriesAsTheyNeedAndNoneForNothing) {
    MemoryAlertStore store;
    std::vector<DeliveryOutcome> outcomes;
    EXPECT_TRUE(receipts_of("kpu", outcomes, store, {}).value().entries.empty());
    for (std::size_t i = 0; i <= ledger::kMostReceipts; ++i)
        outcomes.push_back({static_cast<std::int64_t>(i), State::delivered, "", {}});
    EXPECT_EQ(receipts_of("kpu", outcomes, store, {}).value().entries.size(), 2u);
}

}  // namespace
}  // namespace kentongan
