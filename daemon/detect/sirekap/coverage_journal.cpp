#include "daemon/detect/sirekap/coverage_journal.hpp"

#include <algorithm>
#include <utility>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/numbers.hpp"

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kLeastBytes = std::size_t{1} << 20;  // of parts, before all is written anew
}

void CoverageJournal::note(std::uint32_t tps_index, int page, Timestamp time) {
    if (waiting_.size() == kMostWaiting) {
        waiting_.clear();
        begin_anew_ = true;
    }
    const auto second = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    waiting_.push_back(
        {tps_index, static_cast<std::uint32_t>(page),
         static_cast<std::uint32_t>(std::clamp<std::int64_t>(second, 0, UINT32_MAX))});
}

void CoverageJournal::save(const Coverage& coverage, const std::string& key,
                           std::map<std::string, std::string>& bookmarks) {
    if (waiting_.empty()) return;
    const auto arrivals = std::exchange(waiting_, {});
    if (begin_anew_ || parts_ == kMostParts || part_bytes_ > std::max(kLeastBytes, whole_bytes_)) {
        std::string whole = fmt::format("{}:{}", ++number_, coverage.save());
        whole_bytes_ = whole.size();
        bookmarks[key] = std::move(whole);
        parts_ = part_bytes_ = 0;
        begin_anew_ = false;
        return;
    }
    std::string bytes;
    for (const Arrival& arrival : arrivals) {
        put_number(bytes, arrival.tps);
        put_number(bytes, arrival.page);
        put_number(bytes, arrival.second);
    }
    std::string part = fmt::format("{}:{}", number_, to_base64(as_bytes(bytes)));
    part_bytes_ += part.size();
    bookmarks[fmt::format("{}/{}", key, parts_++)] = std::move(part);
}

Result<> CoverageJournal::restore(const std::map<std::string, std::string>& bookmarks,
                                  const std::string& key, Coverage& coverage) {
    const auto kept = bookmarks.find(key);
    if (kept == bookmarks.end()) return {};
    std::string_view whole = kept->second;
    const auto number = parse_number<std::uint64_t>(take_until(whole, ':'));
    if (!number) return fail(ErrorCode::data, "coverage kept from before is of another version");
    number_ = *number;  // what is written next is newer, whether this can be read or not
    if (auto restored = coverage.restore(whole); !restored) return restored;
    for (std::size_t i = 0; i < kMostParts; ++i) {
        const auto part = bookmarks.find(fmt::format("{}/{}", key, i));
        if (part == bookmarks.end()) break;
        std::string_view text = part->second;
        if (parse_number<std::uint64_t>(take_until(text, ':')) != number_) break;
        if (auto taken = take_part(text, coverage); !taken) return taken;
    }
    return {};
}

Result<> CoverageJournal::take_part(std::string_view part, Coverage& coverage) const {
    const std::string bytes = from_base64(part);
    NumberReader in{bytes};
    while (!in.empty()) {
        const Arrival arrival{in.take(), in.take(), in.take()};
        if (!in.ok() || arrival.tps >= coverage.list().size())
            return fail(ErrorCode::data, "coverage kept from before is damaged");
        const Timestamp time{std::chrono::seconds{arrival.second}};
        if (time > coverage.now()) coverage.advance(time);
        coverage.receive(arrival.tps, static_cast<int>(std::min(arrival.page, 255u)), time);
    }
    return {};
}

}  // namespace kentongan::sirekap
