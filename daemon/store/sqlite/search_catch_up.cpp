// SearchIndex for alerts that were stored before there was a search.
#include <boost/json.hpp>

#include "daemon/base/logging.hpp"
#include "daemon/store/sqlite/search_index.hpp"

namespace kentongan {

Result<> SearchIndex::catch_up() {
    std::size_t done = 0;
    for (;;) {
        std::size_t some = 0;
        auto work = [&]() -> Result<> {
            const auto added = catch_up_some();
            if (!added) return std::unexpected(added.error());
            some = *added;
            return {};
        };
        if (auto outcome = database_.transaction(work); !outcome) return outcome;
        done += some;
        if (some == 0) break;
    }
    if (done > 0) logging::info("made stored alerts searchable", {{"alerts", done}});
    return {};
}

Result<std::size_t> SearchIndex::catch_up_some() {
    constexpr std::size_t kAtOnce = 2000;
    std::vector<std::pair<std::int64_t, std::string>> rows;
    {
        auto cursor = database_.query(
            "SELECT sequence, json FROM alerts WHERE sequence > (SELECT "
            "coalesce(max(sequence), 0) FROM search) ORDER BY sequence LIMIT ?",
            kAtOnce);
        if (!cursor) return std::unexpected(cursor.error());
        for (;;) {
            const auto row = cursor->next();
            if (!row) return std::unexpected(row.error());
            if (!*row) break;
            rows.emplace_back(cursor->integer(0), cursor->text(1));
        }
    }
    for (const auto& [sequence, json] : rows) {
        boost::system::error_code bad;
        const auto value = boost::json::parse(json, bad);
        auto alert = bad ? fail(ErrorCode::data, "{}", bad.message()) : alert_from_json(value);
        if (!alert)
            return database_.damaged(fmt::format("alert {}: {}", sequence, alert.error().message));
        if (auto put = add(sequence, *alert); !put) return std::unexpected(put.error());
    }
    if (auto done = finish(); !done) return std::unexpected(done.error());
    return rows.size();
}

}  // namespace kentongan
