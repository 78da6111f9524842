// Drift of the published format.
#include "daemon/detect/sirekap/published/schema_watch.hpp"

#include <fmt/format.h>

namespace kentongan::sirekap::published {

std::vector<SchemaWatch::Drift> SchemaWatch::take(const Document& document) {
    std::vector<Drift> out;
    ++files_;
    for (const Oddity& oddity : document.oddities) {
        const auto found = seen_.find(oddity);
        if (found != seen_.end()) {
            ++found->second;
            continue;
        }
        if (seen_.size() >= kKinds) {
            ++left_out_;
            continue;
        }
        seen_.emplace(oddity, 1);
        const bool of_keys =
            oddity.kind == Oddity::Kind::unknown_key || oddity.kind == Oddity::Kind::missing_key;
        out.push_back({of_keys ? Severity::info : Severity::low,
                       fmt::format("{}: {} (for the first time, after {} files)",
                                   name_of(oddity.kind), oddity.where, files_ - 1),
                       false});
    }
    look_at_mode(document, out);
    look_at_flags(document, out);
    return out;
}

/// A key that was never there comes in the middle of the count, or goes.
void SchemaWatch::look_at_mode(const Document& document, std::vector<Drift>& out) {
    const bool first_with = document.has_mode && with_mode_ == 0;
    const bool first_without = !document.has_mode && without_mode_ == 0;
    const auto others = document.has_mode ? without_mode_ : with_mode_;
    if ((first_with || first_without) && others >= kEnough)
        out.push_back(
            {Severity::info,
             fmt::format("the key mode {} after {} files", first_with ? "came" : "went", others),
             false});
    ++(document.has_mode ? with_mode_ : without_mode_);
}

/// In all real files status_suara was true exactly when there was a chart, and status_adm when
/// there was an administrasi.
void SchemaWatch::look_at_flags(const Document& document, std::vector<Drift>& out) {
    if (document.level != Document::Level::tps || !document.status_votes ||
        !document.status_administration)
        return;
    ++forms_;
    if (*document.status_votes == document.chart.has_value() &&
        *document.status_administration == document.administration.has_value())
        return;
    ++misfits_;
    const double share = static_cast<double>(misfits_) / static_cast<double>(forms_);
    const bool few = forms_ > kEnough && share < kFew;
    if (!few && misfits_ > 1 && forms_ != kEnough + 1) return;  // told: it is the format
    out.push_back({few ? Severity::medium : Severity::low,
                   fmt::format("status_suara or status_adm does not fit what the file holds, in {} "
                               "of {} files of TPS",
                               misfits_, forms_),
                   few});
}

}  // namespace kentongan::sirekap::published
