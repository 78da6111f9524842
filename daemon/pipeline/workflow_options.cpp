#include "daemon/pipeline/workflow_options.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/assignments.hpp"
#include "daemon/detect/sirekap/workflow/positions.hpp"
#include "daemon/pipeline/assembly.hpp"

namespace kentongan {

namespace {

using sirekap::ChangeWindow;
using sirekap::Level;
using sirekap::VotingDay;

Result<> check_areas(const std::vector<std::string>& areas, std::string_view setting) {
    for (const std::string& code : areas)
        if (!sirekap::is_area_length(code.size()) && code.size() != sirekap::kTpsLength)
            return fail(ErrorCode::config,
                        "{}.areas: '{}' is no code of 2, 4, 6, 10 or 13 characters", setting,
                        printable_utf8(code, 40));
    return {};
}

Result<ChangeWindow> window_of(const std::string& name, const ChangeWindowSettings& settings) {
    const std::string setting = "change_window." + name;
    const auto from = parse_rfc3339(settings.from);
    const auto to = parse_rfc3339(settings.to);
    if (!from || !to || *to <= *from)
        return fail(ErrorCode::config, "{}: give from and to, the one before the other", setting);
    if (auto areas = check_areas(settings.areas, setting); !areas)
        return std::unexpected(areas.error());
    const Level plenary = settings.plenary == "kecamatan" ? Level::kecamatan
                          : settings.plenary == "above"   ? Level::above
                                                          : Level::unknown;
    return ChangeWindow{
        name,   *from, *to, settings.areas, settings.accounts, settings.note, settings.approved_by,
        plenary};
}

Result<VotingDay> day_of(const std::string& name, const VotingDaySettings& settings) {
    const std::string setting = "voting_day." + name;
    const auto day = parse_rfc3339(settings.day + "T00:00:00Z");
    if (!day)
        return fail(ErrorCode::config, "{}.day is '{}'; a day such as 2024-12-05 is expected",
                    setting, printable_utf8(settings.day, 40));
    if (settings.areas.empty())
        return fail(ErrorCode::config, "{}.areas: name the areas that vote then", setting);
    if (auto areas = check_areas(settings.areas, setting); !areas)
        return std::unexpected(areas.error());
    return VotingDay{settings.areas, *day, settings.instead};
}

Result<> read_lists(const WorkflowSettings& settings, const std::string& assignments,
                    sirekap::WorkflowOptions& out) {
    if (!assignments.empty()) {
        auto read = sirekap::Assignments::load(assignments);
        if (!read) return std::unexpected(read.error());
        out.assignments = std::make_shared<const sirekap::Assignments>(std::move(*read));
    }
    if (!settings.positions.empty()) {
        auto read = sirekap::TpsPositions::load(settings.positions);
        if (!read) return std::unexpected(read.error());
        out.positions = std::make_shared<const sirekap::TpsPositions>(std::move(*read));
    }
    for (const std::string& host : settings.application_hosts)
        if (!IpNetwork::parse(host))
            return fail(ErrorCode::config,
                        "workflow.application_hosts: '{}' is no network such as 10.10.0.0/24",
                        printable_utf8(host, 60));
    return {};
}

void copy_values(const WorkflowSettings& settings, sirekap::WorkflowOptions& out) {
    out.rehearsal = settings.rehearsal;
    out.tps_roles = settings.tps_roles;
    out.kecamatan_roles = settings.kecamatan_roles;
    out.higher_roles = settings.higher_roles;
    out.technical_roles = settings.technical_roles;
    out.result_tables = settings.result_tables;
    out.application_accounts = settings.application_accounts;
    out.application_hosts = settings.application_hosts;
    out.require_key = settings.require_request;
    out.join_window = std::chrono::seconds{settings.join_seconds};
    for (const std::string& hash : settings.placeholder_hashes)
        out.placeholder_hashes.push_back(to_lower(hash));
    out.bulk_tps = static_cast<std::size_t>(std::max<std::int64_t>(settings.bulk_tps, 2));
    out.quick_decision = std::chrono::seconds{settings.quick_seconds};
    out.verified_per_hour = settings.verified_per_hour;
    out.regularity = settings.regularity;
    out.table_entries = settings.table_entries;
    out.tps_entries = settings.tps_entries;
    out.image_entries = settings.image_entries;
}

}  // namespace

Result<sirekap::WorkflowOptions> workflow_options(const Config& config, std::uint64_t seed) {
    sirekap::WorkflowOptions out;
    copy_values(config.workflow, out);
    out.seed = seed;
    if (auto read = read_lists(config.workflow, config.sirekap.assignments, out); !read)
        return std::unexpected(read.error());
    auto election = election_of(config.sirekap);
    if (!election) return std::unexpected(election.error());
    out.election = std::move(*election);
    std::vector<ChangeWindow> windows;
    for (const auto& [name, settings] : config.change_window) {
        auto window = window_of(name, settings);
        if (!window) return std::unexpected(window.error());
        windows.push_back(std::move(*window));
    }
    out.windows = sirekap::ChangeWindows{std::move(windows)};
    for (const auto& [name, settings] : config.voting_day) {
        auto day = day_of(name, settings);
        if (!day) return std::unexpected(day.error());
        out.voting_days.push_back(std::move(*day));
    }
    return out;
}

}  // namespace kentongan
