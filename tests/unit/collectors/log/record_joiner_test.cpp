#include "collectors/log/record_joiner.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace kentongan::log {
namespace {

/// Feeds lines to a joiner and writes down what it gives.
class Joining {
  public:
    explicit Joining(std::size_t bytes = 100, std::size_t lines = 10) : joiner_(bytes, lines) {}

    Joining& line(Fit fit, std::string_view text) {
        joiner_.take({text, offset_, false}, fit, keep_);
        offset_ += text.size() + 1;
        return *this;
    }
    Joining& end() {
        joiner_.finish(keep_);
        return *this;
    }
    struct Record {
        std::string text;
        std::uint64_t offset;
        bool cut;
        bool operator==(const Record&) const = default;
    };
    std::vector<Record> records;

  private:
    RecordJoiner joiner_;
    RecordJoiner::Emit keep_ = [this](const LineSplitter::Line& record) {
        records.push_back({std::string(record.text), record.offset, record.cut});
    };
    std::uint64_t offset_ = 0;
};
using Records = std::vector<Joining::Record>;

TEST(RecordJoiner, LinesAloneAreRecordsAtOnce) {
    Joining joining;
    joining.line(Fit::alone, "a").line(Fit::alone, "b");
    EXPECT_EQ(joining.records, (Records{{"a", 0, false}, {"b", 2, false}}));
}

TEST(RecordJoiner, ARecordLastsUntilTheNextBegins) {
    Joining joining;
    joining.line(Fit::begins, "x").line(Fit::continues, " at y").line(Fit::begins, "z");
    EXPECT_EQ(joining.records, (Records{{"x\n at y", 0, false}}));
    EXPECT_EQ(joining.end().records.back(), (Joining::Record{"z", 8, false}));
}

TEST(RecordJoiner, ALineThatEndsCompletesAndALineAloneBreaks) {
    Joining joining;
    joining.line(Fit::begins, "a").line(Fit::ends, "b").line(Fit::ends, "c");
    joining.line(Fit::begins, "d").line(Fit::alone, "e");
    EXPECT_EQ(joining.records,
              (Records{{"a\nb", 0, false}, {"c", 4, false}, {"d", 6, false}, {"e", 8, false}}));
}

TEST(RecordJoiner, WhatContinuesNothingBeginsARecord) {
    Joining joining;
    joining.line(Fit::continues, "a").line(Fit::continues, "b").end();
    EXPECT_EQ(joining.records, (Records{{"a\nb", 0, false}}));
}

TEST(RecordJoiner, ARecordIsCutAtItsCapsAndSaysSo) {
    Joining narrow{5, 10};
    narrow.line(Fit::begins, "abc").line(Fit::continues, "def").line(Fit::continues, "ghi").end();
    EXPECT_EQ(narrow.records, (Records{{"abc\nd", 0, true}}));
    Joining low{100, 2};
    low.line(Fit::begins, "a").line(Fit::continues, "b").line(Fit::continues, "c").end();
    EXPECT_EQ(low.records, (Records{{"a\nb", 0, false}, {"c", 4, false}}));
}

}  // namespace
}  // namespace kentongan::log
