#include "daemon/detect/sirekap/upload_flows.hpp"

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
}

void UploadFlows::take(std::uint32_t tps_index) {
    const auto areas = list_->areas();
    std::uint32_t area = areas[list_->kelurahan_of(tps_index)].parent;
    for (; areas[area].parent != Register::kNone; area = areas[area].parent)
        fives_[place(area)].add(1);
    fives_[place(area)].add(1);
    minutes_[place(area)].add(1);
    minutes_[0].add(1);
}

}  // namespace kentongan::sirekap
