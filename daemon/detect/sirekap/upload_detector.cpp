// Checks each upload's TPS against the register.
#include "daemon/detect/sirekap/upload_detector.hpp"

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

bool was_refused(const Event& event) { return event.text(Field::event_outcome) == "failure"; }

}  // namespace

UploadDetector::UploadDetector(std::shared_ptr<const Register> list) : list_(std::move(list)) {}

void UploadDetector::inspect(const Event& event, FindingSink& out) {
    if (!event.has(Field::sirekap_tps)) return;
    const std::string text = event.get(Field::sirekap_tps).to_string();
    const auto code = TpsCode::parse(text);
    if (!code)
        malformed(event, text, out);
    else if (!list_->index_of(*code))
        unknown(event, *code, out);
}

void UploadDetector::malformed(const Event& event, std::string_view code, FindingSink& out) {
    Finding finding =
        finding_of(malformed_tps_rule(), event,
                   fmt::format("Inconsistency in Sirekap data: upload with '{}' as TPS code, which "
                               "is not 13 digits",
                               printable_utf8(code, 40)));
    finding.entity = sender_of(event);
    finding.subject.tps.clear();
    finding.subject.area.clear();
    out.report(std::move(finding));
}

void UploadDetector::unknown(const Event& event, TpsCode code, FindingSink& out) {
    const std::string tps = code.to_string();
    const bool kelurahan_known = list_->area(std::string_view{tps}.substr(0, 10)) != nullptr;
    Finding finding =
        finding_of(unknown_tps_rule(), event,
                   fmt::format("Inconsistency in Sirekap data: upload for TPS {}, which is not in "
                               "the register{}{}",
                               tps, kelurahan_known ? "" : "; nor is its kelurahan",
                               was_refused(event) ? "; the server refused it" : ""));
    finding.entity = tps;
    finding.severity = was_refused(event) ? Severity::low
                       : kelurahan_known  ? Severity::medium
                                          : Severity::high;
    if (is_one_too_many(code, event.time)) {
        finding.entity = "further TPS that are not in the register";
        finding.message = fmt::format(
            "Inconsistency in Sirekap data: uploads for more than {} TPS that are not in the "
            "register within 10 minutes, the last for {}",
            kToldOneByOne, tps);
    }
    out.report(std::move(finding));
}

bool UploadDetector::is_one_too_many(TpsCode code, Timestamp now) {
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
