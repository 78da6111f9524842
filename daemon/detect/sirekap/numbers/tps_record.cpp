// Makes records of documents and of tables.
#include "daemon/detect/sirekap/numbers/tps_record.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap::numbers {

namespace {

struct Column {
    enum class Kind { other, tps, number, candidate, images } kind = Kind::other;
    Number number{};
    std::uint64_t candidate = 0;
};

Column column_of(std::string_view name, const std::vector<std::uint64_t>& candidates) {
    Column out;
    if (name == "kode" || name == "tps") {
        out.kind = Column::Kind::tps;
    } else if (name == "n_images") {
        out.kind = Column::Kind::images;
    } else if (const auto number = published::parse_number_name(name)) {
        out.kind = Column::Kind::number;
        out.number = *number;
    } else if (name.starts_with('c')) {
        std::string_view rest = name.substr(1);
        const auto digits = parse_number<std::uint64_t>(take_until(rest, '_'));
        if (!digits || *digits == 0) return out;
        out.kind = Column::Kind::candidate;
        out.candidate = *digits <= candidates.size() ? candidates[*digits - 1] : *digits;
    }
    return out;
}

std::vector<std::string_view> cells_of(std::string_view line) {
    std::vector<std::string_view> out;
    const bool ends_empty = line.ends_with(',');
    while (!line.empty()) out.push_back(trim(take_until(line, ',')));
    if (ends_empty) out.emplace_back();
    return out;
}

bool set(const Column& column, std::string_view cell, TpsRecord& record, Votes& votes,
         Administration& administration) {
    if (column.kind == Column::Kind::tps) record.tps = cell;
    if (column.kind == Column::Kind::tps || column.kind == Column::Kind::other || cell.empty())
        return true;
    const auto number = parse_number<std::int64_t>(cell);
    if (!number || std::abs(*number) > published::Document::kMaximumNumber) return false;
    if (column.kind == Column::Kind::candidate)
        votes.push_back({column.candidate, *number});
    else if (column.kind == Column::Kind::images)
        record.images = static_cast<std::size_t>(std::max<std::int64_t>(*number, 0));
    else
        administration[static_cast<std::size_t>(column.number)] = *number;
    return true;
}

}  // namespace

TpsRecord record_of(const published::Document& document, std::string race, std::string tps) {
    const auto pages =
        std::ranges::count_if(document.images, [](const auto& i) { return !i.empty(); });
    return {std::move(race), std::move(tps), document.chart, document.administration,
            static_cast<std::size_t>(pages)};
}

Result<std::vector<TpsRecord>> parse_records(std::string_view csv, std::string_view file,
                                             const std::vector<std::uint64_t>& candidates) {
    std::vector<Column> columns;
    for (const auto name : cells_of(take_until(csv, '\n')))
        columns.push_back(column_of(name, candidates));
    std::vector<TpsRecord> out;
    for (std::size_t line = 2; !csv.empty(); ++line) {
        const auto cells = cells_of(trim(take_until(csv, '\n')));
        if (cells.empty()) continue;
        if (cells.size() != columns.size())
            return fail(ErrorCode::data, "{}:{}: {} columns, the heading has {}", file, line,
                        cells.size(), columns.size());
        TpsRecord record;
        Votes votes;
        Administration administration;
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (!set(columns[i], cells[i], record, votes, administration))
                return fail(ErrorCode::data, "{}:{}: '{}' is not a number", file, line,
                            printable_utf8(cells[i], 40));
        std::ranges::sort(votes, {}, &Vote::candidate);
        if (!votes.empty()) record.votes = std::move(votes);
        if (administration[static_cast<std::size_t>(Number::suara_sah)])
            record.administration = administration;
        out.push_back(std::move(record));
    }
    return out;
}

}  // namespace kentongan::sirekap::numbers
