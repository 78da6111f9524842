// Sums from the TPS counted so far, as JSON.
#include "daemon/drill/published.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "daemon/drill/files.hpp"
#include "daemon/drill/generate/night.hpp"

namespace kentongan::drill {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> kCandidates{"1000023", "1000024", "1000025"};
constexpr std::array<std::int64_t, 3> kVotesOfTps{116, 31, 147};

/// The share of TPS that have uploaded so long after the close: the curve the other way round.
double share_after(Duration since) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 40; ++i) {
        const double middle = (low + high) / 2;
        (generate::upload_delay_after_close(middle) <= since ? low : high) = middle;
    }
    return low;
}

double percent(std::int64_t part, std::int64_t whole) {
    return whole == 0
               ? 0
               : std::round(10000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 100;
}

}  // namespace

struct Publication::Sums {
    std::array<std::int64_t, 3> votes{};
    std::int64_t counted = 0;
    std::int64_t tps = 0;

    void add(const Sums& other) {
        for (std::size_t i = 0; i < votes.size(); ++i) votes[i] += other.votes[i];
        counted += other.counted;
        tps += other.tps;
    }
    [[nodiscard]] json::object progress() const {
        return {{"total", tps}, {"persen", percent(counted, tps)}, {"progres", counted}};
    }
    [[nodiscard]] json::object chart() const {
        json::object out;
        for (std::size_t i = 0; i < votes.size(); ++i) out[kCandidates[i]] = votes[i];
        out["progres"] = progress();
        return out;
    }
    [[nodiscard]] json::object row() const {
        json::object out{{"psu", "Reguler"}};
        if (counted > 0)
            for (std::size_t i = 0; i < votes.size(); ++i) out[kCandidates[i]] = votes[i];
        out["progres"] = progress();
        out["status_progress"] = counted > 0;
        return out;
    }
    /// A whole file, whose rows add up to this.
    [[nodiscard]] std::string file(json::object table, const std::string& ts) const {
        return json::serialize(
            json::object{{"mode", "hhcw"},
                         {"tungsura", {{"chart", chart()}, {"table", std::move(table)}}},
                         {"psu", "Reguler"},
                         {"progres", {{"total", tps}, {"progres", counted}}},
                         {"ts", ts}});
    }
};

Publication::Publication(const generate::Jakarta& jakarta, Timestamp close) : close_(close) {
    for (const auto& kelurahan : jakarta.kelurahan()) {
        const auto regency = kelurahan.code.substr(0, 4);
        const auto kecamatan = kelurahan.code.substr(0, 6);
        if (regencies_.empty() || regencies_.back().code != regency)
            regencies_.push_back({regency, {}});
        auto& areas = regencies_.back().kecamatan;
        if (areas.empty() || areas.back().code != kecamatan) areas.push_back({kecamatan, 0});
        areas.back().tps += kelurahan.tps;
    }
}

void Publication::tamper(std::string kabupaten, std::int64_t votes, Timestamp from,
                         Timestamp until) {
    tamperings_.push_back({std::move(kabupaten), votes, from, until});
}

void Publication::write(Script& script, Timestamp until) const {
    for (Timestamp time = close_ + 4 * kStep; time <= until; time += kStep) write_one(script, time);
}

Publication::Sums Publication::sums_of(const Area& area, double share, bool withdrawn) const {
    Sums out;
    out.tps = area.tps;
    out.counted = static_cast<std::int64_t>(share * static_cast<double>(area.tps) + 1e-6);
    const auto lean = static_cast<std::int64_t>(area.code.back() - '0') - 4;  // -4 to 5
    for (std::size_t i = 0; i < out.votes.size() && !withdrawn; ++i)
        out.votes[i] = out.counted * (kVotesOfTps[i] + (i == 0 ? lean : -lean / 2));
    return out;
}

void Publication::write_one(Script& script, Timestamp time) const {
    const double share = share_after(time - close_ - std::chrono::minutes{10});
    const auto ts = generate::local_time(time, "{:%Y-%m-%d %H:%M:%S}");
    const auto folder =
        fmt::format("{}/{}", kPublished, generate::local_time(time, "{:%Y%m%dT%H%M%S}"));
    const auto put = [&](const std::string& code, std::string text) {
        script.add({time, Action::Kind::replace, fmt::format("{}/pkwkp_31_{}.json", folder, code),
                    std::move(text)});
    };
    Sums province;
    json::object rows;
    for (const Regency& regency : regencies_) {
        Sums sums;
        json::object table;
        for (const Area& area : regency.kecamatan) {
            const Sums one = sums_of(area, share, time >= withdrawn_);
            table[area.code] = one.row();
            sums.add(one);
        }
        for (const Tampering& one : tamperings_)
            if (one.kabupaten == regency.code && time >= one.from && time < one.until)
                sums.votes[0] += one.votes;
        rows[regency.code] = sums.row();
        put(regency.code, sums.file(std::move(table), ts));
        province.add(sums);
    }
    put("31", province.file(std::move(rows), ts));
}

}  // namespace kentongan::drill
