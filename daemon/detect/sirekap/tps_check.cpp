// Checks each upload's TPS against the register.
#include "daemon/detect/sirekap/tps_check.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/rules.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kToldOneByOne = 20;
constexpr Duration kToldWindow = std::chrono::minutes{10};

std::string sender_of(const Event& event) {
    if (const auto account = event.text(Field::sirekap_account); !account.empty())
        return std::string(account);
    if (const auto address = event.ip(Field::source_ip)) return address->to_string();
    return std::string(event.origin.source);
}

}  // namespace

TpsCheck::TpsCheck(std::shared_ptr<const Register> list) : list_(std::move(list)) {}

void TpsCheck::malformed(const Upload& upload, const Event& event, FindingSink& out) const {
    Finding finding =
        finding_of(malformed_tps_rule(), event,
                   fmt::format("Inconsistency in Sirekap data: upload with '{}' as TPS code, which "
                               "is not 13 digits",
                               printable_utf8(upload.code, 40)));
    finding.entity = sender_of(event);
    finding.subject.tps.clear();
    finding.subject.area.clear();
    out.report(std::move(finding));
}

void TpsCheck::unknown(const Upload& upload, const Event& event, FindingSink& out) {
    const std::string tps = upload.tps->to_string();
    const bool kelurahan_known = list_->area(std::string_view{tps}.substr(0, 10)) != nullptr;
    Finding finding =
        finding_of(unknown_tps_rule(), event,
                   fmt::format("Inconsistency in Sirekap data: upload for TPS {}, which is not in "
                               "the register{}{}",
                               tps, kelurahan_known ? "" : "; nor is its kelurahan",
                               upload.refused ? "; the server refused it" : ""));
    finding.entity = tps;
    finding.subject.tps = tps;
    finding.severity = upload.refused    ? Severity::low
                       : kelurahan_known ? Severity::medium
                                         : Severity::high;
    if (is_one_too_many(*upload.tps, event.time)) {
        finding.entity = "further TPS that are not in the register";
        finding.message = fmt::format(
            "Inconsistency in Sirekap data: uploads for more than {} TPS that are not in the "
            "register within 10 minutes, the last for {}",
            kToldOneByOne, tps);
    }
    out.report(std::move(finding));
}

bool TpsCheck::is_one_too_many(TpsCode code, Timestamp now) {
    if (const auto found = told_.find(code); found != told_.end()) {
        found->second = std::max(found->second, now);
        return false;
    }
    std::erase_if(told_, [&](const auto& told) { return told.second + kToldWindow <= now; });
    if (told_.size() == kToldOneByOne) return true;
    told_.emplace(code, now);
    return false;
}

}  // namespace kentongan::sirekap
