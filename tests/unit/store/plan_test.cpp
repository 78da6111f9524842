// Pages come by an index or by walking the primary key from `after`: never by scanning and sorting
// the whole history.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "daemon/store/sqlite/alert_select.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

class PlanTest : public testing::Test {
  protected:
    PlanTest() {
        SqliteAlertStore::open(folder_ / "alerts.db", SqliteAlertStore::Mode::read_write).value();
        sqlite3_open((folder_ / "alerts.db").c_str(), &handle_);
    }
    ~PlanTest() override { sqlite3_close(handle_); }

    std::string plan(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        const std::string explain = "EXPLAIN QUERY PLAN " + sql;
        EXPECT_EQ(sqlite3_prepare_v2(handle_, explain.c_str(), -1, &statement, nullptr), SQLITE_OK)
            << sqlite3_errmsg(handle_) << " in " << sql;
        std::string out;
        while (sqlite3_step(statement) == SQLITE_ROW)
            out.append(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3)))
                .append("\n");
        sqlite3_finalize(statement);
        return out;
    }
    std::string plan(const AlertQuery& query, bool window_is_small = false) {
        return plan(select_alerts(query, {}, window_is_small).sql);
    }

    TemporaryFolder folder_;
    sqlite3* handle_ = nullptr;
};

AlertQuery at_least(Severity severity) {
    AlertQuery query;
    query.at_least = severity;
    return query;
}

void expect_no_scan(const std::string& plan) {
    EXPECT_FALSE(plan.empty());
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

TEST_F(PlanTest, EveryCombinationOfFiltersComesInSequenceOrder) {
    for (unsigned bits = 0; bits < 64; ++bits) {
        SCOPED_TRACE(bits);
        AlertQuery query;
        query.newest_first = (bits & 1) != 0;
        if ((bits & 2) != 0) query.rule_id = "rule";
        if ((bits & 4) != 0) query.ruleset = "sigma";
        if ((bits & 8) != 0) query.agency = "kpu";
        if ((bits & 16) != 0) query.since = Timestamp{};
        if ((bits & 32) != 0) query.until = Timestamp{};
        for (const int severity : {-1, 0, 1, 2, 3, 4}) {
            query.at_least =
                severity < 0 ? std::nullopt : std::optional{static_cast<Severity>(severity)};
            expect_no_scan(plan(query));
        }
    }
}

TEST_F(PlanTest, ASmallWindowIsSearchedByItsIndexAndSorted) {
    AlertQuery query;
    query.since = Timestamp{};
    query.until = Timestamp{};
    const std::string text = plan(query, true);
    EXPECT_NE(text.find("alerts_by_first_seen (first_seen>? AND first_seen<?)"), std::string::npos)
        << text;
    EXPECT_NE(plan(count_window(query, 10).sql).find("COVERING INDEX alerts_by_first_seen"),
              std::string::npos);
}

TEST_F(PlanTest, RareSeveritiesHaveIndexesOfTheirOwn) {
    EXPECT_NE(plan(at_least(Severity::critical)).find("alerts_critical"), std::string::npos);
    EXPECT_NE(plan(at_least(Severity::high)).find("alerts_high"), std::string::npos);
}

}  // namespace
}  // namespace kentongan
