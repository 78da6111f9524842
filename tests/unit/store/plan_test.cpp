// Every way in is an index, and a slice without one walks the rows of its range: nothing scans or
// sorts the whole history.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "daemon/store/query/parse.hpp"
#include "daemon/store/sqlite/search_functions.hpp"
#include "daemon/store/sqlite/search_sql.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

class PlanTest : public testing::Test {
  protected:
    PlanTest() {
        SqliteAlertStore::open(folder_ / "alerts.db", SqliteAlertStore::Mode::read_write).value();
        sqlite3_open((folder_ / "alerts.db").c_str(), &handle_);
        EXPECT_EQ(add_search_functions(handle_), SQLITE_OK);
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
    static query::Expression parsed(const char* text) { return query::parse(text, {}).value(); }

    TemporaryFolder folder_;
    sqlite3* handle_ = nullptr;
};

constexpr const char* kQuestions[] = {
    "severity >= high",
    "rule.id : x",
    "rule.name : \"*upload*\"",
    "source.ip : 10.0.0.0/8",
    "failed login",
    "user : root",
    "file.path : /var/www/*",
    "state : closed",
    "reason : benign",
    "assignee : ani",
    "case : x",
    "suppressed : true",
    "id : 01JDPY1VY0ABCDEFGHJKMNPQRS",
    "last_seen >= now",
    "@timestamp >= 2024-11-27 and @timestamp < 2024-11-28",
    "user : root or source.ip : 10.1.2.3",
    "destination.port : 22",
    "area : 3171",
    "agency : kpu",
};

TEST_F(PlanTest, EveryWayInIsAnIndex) {
    for (const char* question : kQuestions) {
        SCOPED_TRACE(question);
        const auto ways = ways_in(parsed(question));
        EXPECT_FALSE(ways.empty());
        for (const Way& way : ways) {
            const std::string text = plan(way.select({1, 100}).text);
            // The rules are few and looked at one by one; a virtual table's search is a "scan".
            for (const char* scan : {"SCAN s\n", "SCAN search\n", "SCAN alerts", "SCAN search_a"})
                EXPECT_EQ(text.find(scan), std::string::npos) << text;
        }
    }
}

TEST_F(PlanTest, ASliceWithoutAWayWalksItsRangeInOrder) {
    for (const char* question : {"count > 5", "user : \"*x*\"", "not severity : low", ""}) {
        SCOPED_TRACE(question);
        const auto condition = condition_sql(parsed(question));
        const std::string text = plan(page_sql(condition, nullptr, {1, 100}, true, 10).text);
        EXPECT_NE(text.find("SEARCH s USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
                  std::string::npos)
            << text;
    }
}

TEST_F(PlanTest, ASliceByAWayLooksAtWhatItLeadsToOnly) {
    for (const char* question : kQuestions) {
        SCOPED_TRACE(question);
        const auto expression = parsed(question);
        const auto condition = condition_sql(expression);
        for (const Way& way : ways_in(expression)) {
            const Sql source = way.select({1, 100});
            const std::string text = plan(matches_sql(condition, &source, {1, 100}).text);
            EXPECT_NE(text.find("SEARCH s USING INTEGER PRIMARY KEY (rowid=?)"), std::string::npos)
                << text;
        }
    }
}

TEST_F(PlanTest, ValuesAreBoundAndNeverPartOfTheText) {
    const auto condition = condition_sql(
        parsed("user : \"' OR 1=1 --\" and url : \"*';x*\" and \"'); drop table alerts\""));
    EXPECT_EQ(condition.sql.text.find("OR 1=1"), std::string::npos);
    EXPECT_EQ(condition.sql.text.find("drop"), std::string::npos);
    EXPECT_GE(condition.sql.values.size(), 4u);
}

}  // namespace
}  // namespace kentongan
