#include "daemon/store/sqlite/search_index.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include "daemon/base/text.hpp"

namespace kentongan {

using query::Document;
using query::Name;

namespace {

constexpr std::size_t kMaximumRules = 20'000;  // remembered; others are looked up

using Addresses = std::set<std::string_view>;

/// Each address of a document once.
std::string all_addresses(const Document& document) {
    return document.of(Name::source_ip) + document.of(Name::destination_ip) +
           document.of(Name::related_ip);
}
Addresses split(std::string_view all) {
    Addresses out;
    for (; all.size() >= 16; all.remove_prefix(16)) out.insert(all.substr(0, 16));
    return out;
}

/// Each word once: the index holds no positions, and a word costs it a microsecond.
std::string different(std::string_view words) {
    std::vector<std::string_view> all;
    all.reserve(static_cast<std::size_t>(std::ranges::count(words, ' ')));
    while (!words.empty())
        if (const auto word = take_until(words, ' '); !word.empty()) all.push_back(word);
    std::ranges::sort(all);
    const auto others = std::ranges::unique(all).begin();
    std::string out;
    out.reserve(words.size());
    for (auto word = all.begin(); word != others; ++word) out.append(*word).append(1, ' ');
    return out;
}

}  // namespace

Result<std::int64_t> SearchIndex::rule_of(const Document& document) {
    std::string all;
    for (const Name name :
         {Name::rule_id, Name::rule_name, Name::ruleset, Name::category, Name::technique})
        all.append(document.of(name)).append(1, '\0');
    if (const auto known = rules_.find(all); known != rules_.end()) return known->second;
    constexpr std::string_view kFind =
        "SELECT rule FROM search_rules WHERE rule_id = ? AND name = ? AND ruleset = ? AND "
        "category = ? AND techniques = ?";
    constexpr std::string_view kPut =
        "INSERT INTO search_rules (rule_id, name, ruleset, category, techniques) "
        "VALUES (?, ?, ?, ?, ?)";
    const auto with = [&](auto call) {
        return call(document.of(Name::rule_id), document.of(Name::rule_name),
                    document.of(Name::ruleset), document.of(Name::category),
                    document.of(Name::technique));
    };
    auto rule = with([&](const auto&... v) { return database_.number(kFind, v...); });
    if (!rule) return rule;
    if (*rule == 0) {
        auto put = with([&](const auto&... v) { return database_.run(kPut, v...); });
        if (!put) return std::unexpected(put.error());
        rule = database_.last_row();
    }
    if (rules_.size() >= kMaximumRules) rules_.clear();
    rules_.emplace(std::move(all), *rule);
    return rule;
}

Result<> SearchIndex::write_row(std::int64_t sequence, std::int64_t rule, const Document& d) {
    return database_.run(
        "INSERT INTO search SELECT sequence, ?, ?, ?, ?, ?, ?, ?, ?, state, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, reason, assignee, case_id, suppressed, ?, ?, ?, ?, ?, ?, ? FROM alerts "
        "WHERE sequence = ?",
        d.value(Name::first_seen), rule, d.value(Name::severity), d.value(Name::last_seen),
        d.value(Name::count), d.value(Name::exercise), d.value(Name::source_port),
        d.value(Name::destination_port), d.of(Name::tlp), d.of(Name::agency),
        SqliteBlob{d.of(Name::source_ip)}, SqliteBlob{d.of(Name::destination_ip)}, d.of(Name::user),
        d.of(Name::host), d.of(Name::sensor), d.of(Name::area), d.of(Name::tps), d.of(Name::entity),
        d.of(Name::file_path), d.of(Name::file_hash), d.of(Name::url),
        SqliteBlob{d.of(Name::related_ip)}, d.of(Name::related_user), d.of(Name::related_hosts),
        d.of(Name::related_hash), sequence);
}

Result<> SearchIndex::write_words(std::int64_t sequence, const Document& document) {
    const std::string& message = document.of(Name::message);
    const std::string keys = query::keys_of(document);
    words_.push_back({sequence, {}, message + document.words + keys});
    return database_.run(
        "INSERT INTO search_words (sequence, message, words, keys) VALUES (?, ?, ?, ?)", sequence,
        message, document.words, keys);
}

Result<> SearchIndex::widen(std::int64_t span, std::int64_t lowest, std::int64_t highest) {
    return database_.run(
        "INSERT INTO search_spans (span, lowest, highest) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (span) DO UPDATE SET lowest = min(lowest, ?2), highest = max(highest, ?3)",
        span, lowest, highest);
}

Result<> SearchIndex::count(const Place& place, std::int64_t change) {
    return database_.run(
        "INSERT INTO search_tallies (span, rule, severity, alerts) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT DO UPDATE SET alerts = alerts + ?4",
        place.span, place.rule, place.severity, change);
}

Result<> SearchIndex::put_address(std::string_view address, std::int64_t sequence) {
    return database_.run("INSERT INTO search_addresses (address, alert) VALUES (?, ?)",
                         SqliteBlob{address}, sequence);
}

void SearchIndex::add(std::int64_t sequence, const Alert& alert) {
    ++added_;
    // What follows on alerts that are read from the database later is read there too.
    behind_ = behind_ || waiting_.size() == kInMemory;
    if (!behind_) waiting_.push_back({sequence, query::document_of(alert)});
}

Result<> SearchIndex::write_waiting() {
    if (waiting_.empty())
        if (auto read = read_waiting(); !read) return read;
    const std::size_t size = std::min(waiting_.size(), kAtOnce);
    const auto these = std::views::take(waiting_, static_cast<std::ptrdiff_t>(size));
    std::vector<std::pair<std::string, std::int64_t>> addresses;
    std::map<Place, std::int64_t> places;
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> spans;
    for (const auto& [sequence, document] : these) {
        const auto rule = rule_of(document);
        if (!rule) return std::unexpected(rule.error());
        if (auto put = write_row(sequence, *rule, document); !put) return put;
        if (auto put = write_words(sequence, document); !put) return put;
        for (const std::string_view address : split(all_addresses(document)))
            addresses.emplace_back(address, sequence);
        const std::int64_t span = span_of(document.value(Name::first_seen));
        ++places[{span, *rule, document.value(Name::severity)}];
        spans.try_emplace(span, sequence, sequence).first->second.second = sequence;
    }
    // In the order of their table, so that a page of it is written once.
    std::ranges::sort(addresses);
    for (const auto& [address, sequence] : addresses)
        if (auto put = put_address(address, sequence); !put) return put;
    for (const auto& [span, range] : spans)
        if (auto put = widen(span, range.first, range.second); !put) return put;
    for (const auto& [place, alerts] : places)
        if (auto put = count(place, alerts); !put) return put;
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
    added_ -= std::min(added_, size);
    if (waiting_.empty() && !behind_) added_ = 0;
    return write_index();
}

Result<> SearchIndex::keep_up() {
    while (added_ > kBehind)
        if (auto written = write_waiting(); !written) return written;
    return write_index();
}

Result<> SearchIndex::write_some() {
    auto done = database_.transaction([&] { return write_waiting(); });
    if (!done) forget();
    return done;
}

Result<> SearchIndex::replace(std::int64_t sequence, const Alert& alert) {
    Document document = query::document_of(alert);
    if (!waiting_.empty() && sequence >= waiting_.front().sequence) {
        const auto found = std::ranges::lower_bound(waiting_, sequence, {}, &Waiting::sequence);
        if (found != waiting_.end()) found->document = std::move(document);
        return {};
    }
    const auto rule = rule_of(document);
    if (!rule) return std::unexpected(rule.error());
    Place before;
    std::string addresses;
    {
        auto row = database_.query(
            "SELECT first_seen, rule, severity, source_ip, destination_ip, related_ip FROM search "
            "WHERE sequence = ?",
            sequence);
        if (!row) return std::unexpected(row.error());
        const auto there = row->next();
        if (!there) return std::unexpected(there.error());
        if (!*there && behind_) return {};
        if (!*there)
            return database_.damaged(fmt::format("alert {} is not in the search", sequence));
        before = {span_of(row->integer(0)), row->integer(1), row->integer(2)};
        addresses = row->text(3) + row->text(4) + row->text(5);
    }
    if (auto gone = database_.run("DELETE FROM search WHERE sequence = ?", sequence); !gone)
        return gone;
    if (auto put = write_row(sequence, *rule, document); !put) return put;
    if (auto put = replace_words(sequence, document); !put) return put;
    if (auto put = replace_addresses(sequence, addresses, all_addresses(document)); !put)
        return put;
    const Place after{span_of(document.value(Name::first_seen)), *rule,
                      document.value(Name::severity)};
    if (before == after) return {};
    if (auto put = widen(after.span, sequence, sequence); !put) return put;
    if (auto put = count(before, -1); !put) return put;
    return count(after, 1);
}

Result<> SearchIndex::replace_words(std::int64_t sequence, const Document& document) {
    const std::string& message = document.of(Name::message);
    const std::string keys = query::keys_of(document);
    std::string before;
    {
        auto row = database_.query(
            "SELECT message, words, keys FROM search_words WHERE sequence = ?", sequence);
        if (!row) return std::unexpected(row.error());
        const auto there = row->next();
        if (!there) return std::unexpected(there.error());
        if (*there) before = row->text(0) + row->text(1) + row->text(2);
    }
    const std::string after = message + document.words + keys;
    if (before == after) return {};
    words_.push_back({sequence, before, after});
    return database_.run(
        "UPDATE search_words SET message = ?, words = ?, keys = ? WHERE sequence = ?", message,
        document.words, keys, sequence);
}

Result<> SearchIndex::write_index() {
    std::ranges::sort(words_, {}, &Words::sequence);
    for (const auto& [sequence, before, after] : words_) {
        // The index holds no text, so it is told what to forget.
        if (!before.empty())
            if (auto gone = database_.run("INSERT INTO search_index (search_index, rowid, words) "
                                          "VALUES ('delete', ?, ?)",
                                          sequence, different(before));
                !gone)
                return gone;
        if (auto put = database_.run("INSERT INTO search_index (rowid, words) VALUES (?, ?)",
                                     sequence, different(after));
            !put)
            return put;
    }
    words_.clear();
    return {};
}

Result<> SearchIndex::replace_addresses(std::int64_t sequence, const std::string& before,
                                        const std::string& after) {
    if (before == after) return {};
    const Addresses old = split(before);
    const Addresses now = split(after);
    for (const std::string_view address : old)
        if (!now.contains(address))
            if (auto gone =
                    database_.run("DELETE FROM search_addresses WHERE address = ? AND alert = ?",
                                  SqliteBlob{address}, sequence);
                !gone)
                return gone;
    for (const std::string_view address : now)
        if (!old.contains(address))
            if (auto put = put_address(address, sequence); !put) return put;
    return {};
}

}  // namespace kentongan
