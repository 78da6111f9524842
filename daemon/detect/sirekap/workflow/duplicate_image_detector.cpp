#include "daemon/detect/sirekap/workflow/duplicate_image_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/detect/anomaly/keyed_hash.hpp"

namespace kentongan::sirekap {

namespace {

std::string describe(const ImagePlace& place) {
    return place.page == 0
               ? fmt::format("TPS {}", TpsCode{place.tps}.to_string())
               : fmt::format("page {} of TPS {}", place.page, TpsCode{place.tps}.to_string());
}

}  // namespace

std::optional<std::uint64_t> image_key(std::string_view hex) {
    if (hex.size() != 64) return std::nullopt;
    std::uint64_t key = 0;
    const auto* end = hex.data() + 16;
    const auto [stopped, error] = std::from_chars(hex.data(), end, key, 16);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    return key;
}

ImageIndex::ImageIndex(std::int64_t capacity)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(capacity, 1))) {}

std::optional<ImagePlace> ImageIndex::add(std::uint64_t hash, const ImagePlace& place) {
    if (const auto found = places_.find(hash); found != places_.end())
        return found->second == place ? std::nullopt : std::optional{found->second};
    if (order_.size() < capacity_) {
        order_.push_back(hash);
    } else {
        places_.erase(std::exchange(order_[next_], hash));
        next_ = (next_ + 1) % capacity_;
        ++evicted_;
    }
    places_.emplace(hash, place);
    return std::nullopt;
}

DuplicateImageDetector::DuplicateImageDetector(const WorkflowOptions& options)
    : files_(options.image_entries) {
    for (const std::string& hash : options.placeholder_hashes)
        if (const auto key = image_key(hash)) placeholders_.insert(*key);
}

void DuplicateImageDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (app.act != Act::upload || !app.accepted || !app.tps) return;
    const auto form = static_cast<std::uint32_t>(anomaly::KeyedHash{}(app.form));
    const ImagePlace here{app.tps->value, form, static_cast<std::uint8_t>(app.page)};
    const auto key = image_key(app.file_hash);
    if (!key || placeholders_.contains(*key)) return;
    const auto first = files_.add(*key, here);
    if (!first) return;
    Finding finding =
        inconsistency(duplicate_image_rule(), *app.event,
                      fmt::format("the picture uploaded for {} is the same file as that of {}",
                                  describe(here), describe(*first)));
    few_.limit(finding);
    if (finding.entity == "further TPS")
        finding.entity = "picture " + std::string(app.file_hash.substr(0, 16));
    out.report(std::move(finding));
}

}  // namespace kentongan::sirekap
