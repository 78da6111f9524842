#include "daemon/drill/stage.hpp"

#include <fmt/format.h>

#include <sys/time.h>

#include <algorithm>
#include <map>

#include "daemon/base/file.hpp"
#include "daemon/drill/files.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace fs = std::filesystem;

namespace {

struct WatchedLog {
    std::string_view name;
    std::string_view file;
    std::string_view format;
};
constexpr WatchedLog kLogs[] = {
    {"sirekap", kApplicationLog, "sirekap"},
    {"web", kWebLog, "nginx"},
    {"auth", kAuthLog, "syslog"},
    {"audit", kAuditLog, "audit"},
    {"database", kDatabaseLog, "postgresql"},
    {"suricata", kSuricataLog, "eve"},
};

/// Real seconds that a busy machine may hold up the drill; faster drills are less strict about
/// silent logs.
constexpr double kPauseOfMachine = 5;

constexpr std::string_view kIndex =
    "<!doctype html><title>Hasil Pilkada DKI Jakarta</title><h1>C-Hasil per TPS</h1>\n";

std::map<std::string, std::string> files_of(const StageSettings& settings,
                                            const generate::Jakarta& jakarta) {
    std::map<std::string, std::string> out{
        {"register.csv", jakarta.csv()},
        {"secrets/token", settings.token + "\n"},
        {fmt::format("{}/index.html", kWebRoot), std::string(kIndex)},
        {fmt::format("{}/style.css", kWebRoot), "body{font-family:sans-serif}\n"},
        {"kentongan.toml", stage_toml(settings)}};
    for (const auto& log : kLogs) out[std::string(log.file)] = "";
    for (const auto& agency : settings.agencies)
        out["secrets/" + agency.name] = agency.secret + "\n";
    return out;
}

}  // namespace

void date_file(const fs::path& file, Timestamp time) {
    const timeval at{
        .tv_sec = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(),
        .tv_usec = 0};
    const timeval both[2] = {at, at};
    (void)::utimes(file.c_str(), both);
}

Result<> build_stage(const StageSettings& settings, const generate::Jakarta& jakarta) {
    std::error_code failed;
    for (const std::string_view folder : {std::string_view("logs"), kWebRoot, kUploads, kPublished,
                                          std::string_view("secrets"), std::string_view("state")})
        fs::create_directories(settings.folder / folder, failed);
    if (failed) return fail_errno("create", settings.folder.native(), failed.value());
    fs::permissions(settings.folder / "secrets", fs::perms::owner_all, failed);
    for (const auto& [name, content] : files_of(settings, jakarta))
        if (auto written = replace_file(settings.folder / name, content); !written) return written;
    // Lines without a year are of the year in which their file was changed last.
    for (const auto& log : kLogs) date_file(settings.folder / log.file, settings.time);
    return {};
}

std::string stage_toml(const StageSettings& settings) {
    const auto folder = settings.folder.native();
    std::string out = fmt::format(
        "# Settings of a drill: everything this daemon says is marked as an exercise.\n"
        "[daemon]\nname = \"latihan\"\nstate_directory = \"{0}/state\"\nexercise = true\n"
        "exercise_began = \"{1}\"\nexercise_time = \"{2}\"\nexercise_speed = {3:.6g}\n\n"
        "[rules]\npaths = [\"{4}\"]\n\n"
        "[sirekap]\nregister = \"{0}/register.csv\"\n\n"
        "[anomaly]\npolls_close = \"{5}\"\nlog_gap_seconds = {6}\n\n",
        folder, to_rfc3339(settings.began), to_rfc3339(settings.time), settings.speed,
        settings.rules.native(), to_rfc3339(generate::close_of_polls()),
        std::max<std::int64_t>(60, static_cast<std::int64_t>(kPauseOfMachine * settings.speed)));
    if (settings.report_port != 0)
        out += fmt::format("[report]\nlisten = \"127.0.0.1:{}\"\n\n", settings.report_port);
    out +=
        fmt::format("[published.kpu]\nfolder = \"{}/{}\"\ninterval_seconds = 1\nquota_mib = 0\n\n",
                    folder, kPublished);
    const Timestamp clean_up = generate::close_of_polls() + kCleanUpFrom;
    out += fmt::format(
        "[change_window.perapian]\nfrom = \"{}\"\nto = \"{}\"\naccounts = [\"{}\"]\n"
        "note = \"clean-up as ordered\"\napproved_by = \"KPU-RI\"\n\n",
        to_rfc3339(clean_up), to_rfc3339(clean_up + kCleanUpLasts), kCleanUpAccount);
    for (const auto& log : kLogs)
        out += fmt::format("[log.{}]\npath = \"{}/{}\"\nformat = \"{}\"\n\n", log.name, folder,
                           log.file, log.format);
    out += fmt::format(
        "[integrity.webroot]\npath = \"{0}/{1}\"\nkind = \"webroot\"\n\n"
        "[integrity.upload]\npath = \"{0}/{2}\"\nkind = \"upload\"\n\n"
        "[api]\nlisten = \"127.0.0.1:{3}\"\ntoken_file = \"{0}/secrets/token\"\n\n",
        folder, kWebRoot, kUploads, settings.api_port);
    for (const auto& agency : settings.agencies)
        out += fmt::format(
            "[delivery.{0}]\nurl = \"{1}\"\nsecret_file = \"{2}/secrets/{0}\"\nretry_seconds = "
            "5\n\n",
            agency.name, agency.url, folder);
    return out;
}

}  // namespace kentongan::drill
