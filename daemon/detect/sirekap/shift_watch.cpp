#include "daemon/detect/sirekap/shift_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "daemon/detect/sirekap/area_words.hpp"
#include "daemon/detect/sirekap/rules.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::uint32_t kLeastSurge = 50;
constexpr double kSurge = 3;
constexpr double kTwice = 2;
constexpr double kHalf = 0.5;
constexpr std::size_t kQuarterHour = 3;  // bins
constexpr double kLeastUsual = 1;
constexpr double kLeastShifted = 10;  // uploads a bin, before or after

double anscombe(double x, double expected) {
    return 2 * (std::sqrt(x + 0.375) - std::sqrt(expected + 0.375));
}

Finding finding_of(const RulePointer& rule, const Register& list, std::uint32_t area, Timestamp now,
                   std::string message) {
    Finding out;
    out.rule = rule;
    out.time = now;
    out.entity = area_entity(list, area);
    out.subject.area = list.areas()[area].code;
    out.message = std::move(message);
    return out;
}

}  // namespace

ShiftWatch::ShiftWatch(std::shared_ptr<const Register> list)
    : list_(std::move(list)), place_of_(list_->areas().size()) {
    for (const std::size_t length : {2u, 4u})
        for (const std::uint32_t area : list_->level(length)) {
            place_of_[area] = static_cast<std::uint32_t>(areas_.size());
            areas_.emplace_back().area = area;
        }
}

void ShiftWatch::Distinct::add(std::uint64_t hash) {
    const auto end = hashes.begin() + static_cast<std::ptrdiff_t>(count);
    if (count < kFew && std::find(hashes.begin(), end, hash) == end) hashes[count++] = hash;
}

void ShiftWatch::take(std::uint32_t tps_index, std::string_view account, std::string_view device) {
    const auto areas = list_->areas();
    const std::uint32_t kecamatan = areas[list_->kelurahan_of(tps_index)].parent;
    const std::uint32_t kabupaten = areas[kecamatan].parent;
    const std::hash<std::string_view> hash;
    for (const std::uint32_t area : {kabupaten, areas[kabupaten].parent}) {
        Senders& senders = areas_[place_of_[area]].senders;
        if (!account.empty() && senders.accounts.count < kFew) senders.accounts.add(hash(account));
        if (!device.empty() && senders.devices.count < kFew) senders.devices.add(hash(device));
    }
}

void ShiftWatch::five_are_over(Timestamp now, const UploadFlows& flows, const StallWatch& stalls,
                               FindingSink& out) {
    for (Area& one : areas_) {
        judge(one, now, flows, stalls, out);
        one.senders = {};
    }
}

void ShiftWatch::judge(Area& one, Timestamp now, const UploadFlows& flows, const StallWatch& stalls,
                       FindingSink& out) const {
    const Flow& flow = flows.fives_of(one.area);
    const Flow::Step step = flow.last_step();
    const double usual = std::max(step.usual, kLeastUsual);
    if (step.came >= kLeastSurge && step.came > kSurge * usual && one.senders.are_few()) {
        const bool by_account = one.senders.accounts.is_few();
        const auto count = by_account ? one.senders.accounts.count : one.senders.devices.count;
        out.report(finding_of(
            upload_surge_rule(), *list_, one.area, now,
            fmt::format(
                "Inconsistency in Sirekap data: {}: {} uploads in five minutes, where {:.0f} "
                "are usual, from {} {}{}",
                area_words(*list_, one.area), step.came, step.usual, count,
                by_account ? "account" : "device", count == 1 ? "" : "s")));
    }
    if (!step.known || stalls.explains(one.area, now)) {
        one.sum = anomaly::Cusum{0.5, 8};
        return;
    }
    const int shift = one.sum.add(anscombe(step.came, step.usual) / std::sqrt(step.dispersion));
    const double lately = flow.sum(kQuarterHour) / static_cast<double>(kQuarterHour);
    const bool matters = std::max(lately, step.usual) >= kLeastShifted &&
                         (shift > 0 ? lately >= kTwice * usual : lately <= kHalf * usual);
    if (shift == 0 || !matters) return;
    out.report(
        finding_of(rate_shift_rule(), *list_, one.area, now,
                   fmt::format("{}: {:.0f} uploads in five minutes lately, where {:.0f} were "
                               "usual in the hour before",
                               area_words(*list_, one.area), lately, step.usual)));
}

}  // namespace kentongan::sirekap
