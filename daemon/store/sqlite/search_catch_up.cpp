// SearchIndex for alerts that were stored before there was a search, or just before a crash.
#include <array>
#include <boost/json.hpp>

#include "daemon/base/logging.hpp"
#include "daemon/store/sqlite/search_index.hpp"

namespace kentongan {

namespace {

constexpr const char* kUnsearched =
    "SELECT sequence, json FROM alerts WHERE sequence > (SELECT "
    "coalesce(max(sequence), 0) FROM search) ORDER BY sequence LIMIT ?";

}  // namespace

Result<> SearchIndex::catch_up() {
    const bool at_start = behind_;
    std::size_t done = 0;
    while (waiting() > 0) {
        const auto before = database_.number("SELECT max(sequence) FROM search");
        if (!before) return std::unexpected(before.error());
        if (auto written = write_some(); !written) return written;
        const auto after = database_.number("SELECT max(sequence) FROM search");
        if (!after) return std::unexpected(after.error());
        done += static_cast<std::size_t>(*after - *before);
    }
    if (at_start && done > 0) logging::info("made stored alerts searchable", {{"alerts", done}});
    return {};
}

/// The next ones in the database; behind_ says whether there may be more.
Result<> SearchIndex::read_waiting() {
    waiting_.clear();
    auto cursor = database_.query(kUnsearched, kAtOnce);
    if (!cursor) return std::unexpected(cursor.error());
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) break;
        std::array<unsigned char, 8192> buffer{};
        boost::json::monotonic_resource memory{buffer.data(), buffer.size()};
        boost::system::error_code bad;
        const auto value = boost::json::parse(cursor->text(1), bad, &memory);
        auto alert = bad ? fail(ErrorCode::data, "{}", bad.message()) : alert_from_json(value);
        if (!alert)
            return database_.damaged(
                fmt::format("alert {}: {}", cursor->integer(0), alert.error().message));
        waiting_.push_back({cursor->integer(0), query::document_of(*alert)});
    }
    behind_ = waiting_.size() == kAtOnce;
    return {};
}

Result<> SearchIndex::count_missing() {
    const auto missing = database_.number(
        "SELECT coalesce((SELECT max(sequence) FROM alerts), 0) - "
        "coalesce((SELECT max(sequence) FROM search), 0)");
    if (!missing) return std::unexpected(missing.error());
    missing_ = *missing;
    behind_ = false;
    return {};
}

}  // namespace kentongan
