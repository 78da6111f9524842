#include "daemon/detect/sirekap/upload_flows.hpp"

#include <algorithm>

namespace kentongan::sirekap {

UploadFlows::UploadFlows(std::shared_ptr<const Register> list)
    : list_(std::move(list)), place_(list_->areas().size()) {
    const auto provinces = list_->level(2);
    if (provinces.size() > 1) minute_areas_.push_back(kWhole);
    minute_areas_.insert(minute_areas_.end(), provinces.begin(), provinces.end());
    std::uint32_t places = 1;
    for (const std::size_t length : {2u, 4u, 6u}) {
        for (const std::uint32_t area : list_->level(length)) place_[area] = places++;
        if (length == 2) minutes_.resize(places);
    }
    fives_.resize(places);
    minute_counts_.resize(minutes_.size());
    five_counts_.resize(fives_.size());
}

void UploadFlows::take(std::uint32_t tps_index) {
    std::uint32_t area = list_->parent_of(list_->kelurahan_of(tps_index));
    for (; list_->parent_of(area) != Register::kNone; area = list_->parent_of(area))
        ++five_counts_[place(area)];
    ++five_counts_[place(area)];
    ++minute_counts_[place(area)];
    ++minute_counts_[0];
}

void UploadFlows::close(std::vector<Flow>& flows, std::vector<std::uint32_t>& counts) {
    for (std::size_t i = 0; i < flows.size(); ++i) flows[i].close_bin(counts[i]);
    std::ranges::fill(counts, 0u);
}

}  // namespace kentongan::sirekap
