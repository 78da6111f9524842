#include "daemon/detect/sirekap/address_check.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::uint64_t kOneByOne = 20;
constexpr Duration kWindow = std::chrono::minutes{10};

/// A UUID of version 4 is random, so its own bits are hash enough.
std::uint64_t key_of(const Uuid& uuid) { return uuid.first ^ (uuid.second * 0x9E3779B97F4A7C15u); }

std::uint32_t meaning_of(const ImageAddress& address) {
    const auto seconds = static_cast<std::uint64_t>(to_nanoseconds(address.stamp) / 1'000'000'000);
    const std::uint64_t mixed =
        (address.tps.value * 0x9E3779B97F4A7C15u) ^ (seconds * 0xC2B2AE3D27D4EB4Fu);
    return static_cast<std::uint32_t>(mixed >> 32);
}

Finding finding_about(const RulePointer& rule, const Upload& upload, const Event& event,
                      std::string message) {
    Finding out = finding_of(rule, event, "Inconsistency in Sirekap data: " + std::move(message));
    out.entity = upload.tps->to_string();
    out.subject.tps = out.entity;
    return out;
}

}  // namespace

void AddressCheck::expect(const Upload& upload) const {
    if (upload.address) uuids_.expect(key_of(upload.address->uuid));
}

void AddressCheck::take(const Upload& upload, const Event& event, FindingSink& out) {
    if (!upload.address) return;
    if (event.time - begin_ >= kWindow) {
        begin_ = event.time;
        all_ = 0;
        kinds_ = {};
    }
    ++all_;
    if (upload.address->fault != AddressFault::none) broken(upload, event, out);
    if (upload.address->uuid != Uuid{} && upload.address->stamp != Timestamp{})
        compare(upload, event, out);
}

void AddressCheck::broken(const Upload& upload, const Event& event, FindingSink& out) {
    const AddressFault fault = upload.address->fault;
    Kind& kind = kinds_[static_cast<std::size_t>(fault)];
    if (++kind.broken < kOneByOne) {
        out.report(finding_about(image_address_rule(), upload, event,
                                 fmt::format("the address of a photograph of TPS {} has {}",
                                             upload.tps->to_string(), name_of(fault))));
        return;
    }
    if (std::exchange(kind.told, true)) return;
    Finding finding = finding_about(
        image_address_rule(), upload, event,
        fmt::format("{} of {} addresses of photographs ({:.0f} %) within ten minutes have {}; the "
                    "application may name its files otherwise now",
                    kind.broken, all_,
                    100 * static_cast<double>(kind.broken) / static_cast<double>(all_),
                    name_of(fault)));
    finding.entity = fmt::format("photographs with {}", name_of(fault));
    finding.subject.tps.clear();
    finding.subject.area.clear();
    finding.count = kind.broken;
    out.report(std::move(finding));
}

void AddressCheck::compare(const Upload& upload, const Event& event, FindingSink& out) {
    const std::uint64_t key = key_of(upload.address->uuid);
    const auto same = uuids_.is_as_at_first(key, meaning_of(*upload.address));
    if (!same) ++not_compared_;
    if (same.value_or(true)) return;
    out.report(finding_about(
        image_uuid_rule(), upload, event,
        fmt::format("a photograph of TPS {} has a UUID that came with another TPS or time before",
                    upload.tps->to_string())));
}

}  // namespace kentongan::sirekap
