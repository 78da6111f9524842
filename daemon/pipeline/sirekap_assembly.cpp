#include "daemon/pipeline/sirekap_assembly.hpp"

#include "daemon/base/signing_key.hpp"
#include "daemon/base/text.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/detect/sirekap/numbers/numbers_detector.hpp"
#include "daemon/detect/sirekap/published/published_detector.hpp"
#include "daemon/detect/sirekap/upload_detector.hpp"

namespace kentongan {

namespace {

using Key = std::shared_ptr<const SigningKey>;

Result<Key> signing_key(const SirekapSettings& settings) {
    const std::string path = settings.signing_key_file.empty()
                                 ? credential_file("sirekap-signing-key")
                                 : settings.signing_key_file;
    if (path.empty()) return nullptr;
    auto key = SigningKey::load(path);
    if (!key) return std::unexpected(key.error().within("sirekap.signing_key_file"));
    return std::make_shared<const SigningKey>(std::move(*key));
}

Result<std::chrono::minutes> time_of_day(const std::string& text) {
    const auto time = parse_rfc3339("1970-01-01T" + text + ":00Z");
    if (!time || text.size() != 5)
        return fail(ErrorCode::config,
                    "sirekap.close is '{}': a time of day such as 13:00 is expected",
                    printable_utf8(text, 40));
    return std::chrono::floor<std::chrono::minutes>(time->time_since_epoch());
}

Result<Timestamp> day_of(const std::string& text) {
    const auto day = parse_rfc3339(text + "T00:00:00Z");
    if (!day || text.size() != 10)
        return fail(ErrorCode::config,
                    "sirekap.polling_day is '{}': a day such as 2024-11-27 is expected",
                    printable_utf8(text, 40));
    return *day;
}

Result<> check_islands(const std::vector<std::string>& codes) {
    for (const std::string& code : codes)
        if (!sirekap::is_area_code(code) || code.size() > 4)
            return fail(ErrorCode::config,
                        "sirekap.islands holds '{}': codes of 2 or 4 digits are expected",
                        printable_utf8(code, 40));
    return {};
}

}  // namespace

Result<sirekap::Election> election_of(const SirekapSettings& settings) {
    auto out = sirekap::Election::named(settings.election);
    if (!out) return out;
    if (!settings.polling_day.empty()) {
        const auto day = day_of(settings.polling_day);
        if (!day) return std::unexpected(day.error());
        out->polling_day = *day;
    }
    if (!settings.close.empty()) {
        const auto close = time_of_day(settings.close);
        if (!close) return std::unexpected(close.error());
        out->closes = *close;
    }
    if (auto islands = check_islands(settings.islands); !islands)
        return std::unexpected(islands.error());
    if (!settings.islands.empty()) out->island_codes = settings.islands;
    if (settings.upload_target_hours > 0)
        out->upload_target = std::chrono::hours{settings.upload_target_hours};
    if (settings.coverage_target_percent > 0)
        out->regular.coverage_target = static_cast<double>(settings.coverage_target_percent) / 100;
    if (settings.maximum_voters > 0)
        out->maximum_voters = static_cast<int>(settings.maximum_voters);
    if (settings.pages > 0) out->pages = static_cast<int>(settings.pages);
    if (!settings.race.empty()) {
        std::erase(out->races, settings.race);
        out->races.insert(out->races.begin(), settings.race);
    }
    return out;
}

Result<> restore_coverage(const std::map<std::string, std::string>& bookmarks,
                          sirekap::Coverage& coverage) {
    const auto kept = bookmarks.find("detector:sirekap.upload");
    return kept == bookmarks.end() ? Result<>{} : coverage.restore(kept->second);
}

Result<> add_sirekap_detectors(const Config& config, StatefulDetectors& out) {
    const SirekapSettings& settings = config.sirekap;
    auto election = election_of(settings);
    if (!election) return std::unexpected(election.error());
    out.election = *election;
    out.detectors.push_back(std::make_unique<sirekap::numbers::NumbersDetector>(*election));
    if (settings.register_file.empty()) {
        out.detectors.push_back(std::make_unique<sirekap::published::PublishedDetector>());
        return {};
    }
    auto list = sirekap::Register::load(settings.register_file);
    if (!list) return std::unexpected(list.error());
    if (list->areas_without_tps() > 0)
        out.notes.push_back(
            fmt::format("the TPS register names {} areas without a TPS: it is not "
                        "complete",
                        list->areas_without_tps()));
    auto key = signing_key(settings);
    if (!key) return std::unexpected(key.error());
    if (!*key)
        out.notes.emplace_back("no sirekap.signing_key_file: records of stalls are not signed");
    const auto shared = std::make_shared<const sirekap::Register>(std::move(*list));
    out.detectors.push_back(std::make_unique<sirekap::published::PublishedDetector>(shared));
    const auto coverage = std::make_shared<sirekap::Coverage>(shared, election->pages);
    out.detectors.push_back(std::make_unique<sirekap::UploadDetector>(
        coverage, sirekap::UploadOptions{*election, settings.coverage_step_percent, *key,
                                         desk_options(config).hostname}));
    out.coverage = coverage;
    return {};
}

}  // namespace kentongan
