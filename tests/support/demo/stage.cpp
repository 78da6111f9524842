#include "tests/support/demo/stage.hpp"

#include <fmt/format.h>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/drill/agency_desk.hpp"
#include "tests/support/captures.hpp"

namespace kentongan::demo {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kIndex =
    "<!doctype html><title>Hasil Pilkada DKI Jakarta</title><h1>C-Hasil per TPS</h1>\n";

}  // namespace

Result<Stage> Stage::build(StageSettings settings, const generate::Jakarta& jakarta) {
    Stage stage{std::move(settings)};
    std::error_code failed;
    for (const auto* folder : {"logs", "webroot", "upload", "secrets", "state"})
        fs::create_directories(stage.path(folder), failed);
    if (failed) return fail_errno("create", stage.settings_.folder.native(), failed.value());
    stage.token_ = "demo-" + to_hex(as_bytes(drill::random_bytes(20)));
    std::map<std::string, std::string> files{
        {"register.csv", jakarta.csv()},
        {"secrets/token", stage.token_ + "\n"},
        {"webroot/index.html", std::string(kIndex)},
        {"webroot/style.css", "body{font-family:sans-serif}\n"},
        {"logs/sirekap.log", ""},
        {"logs/recap.log", ""},
        {"logs/recap.csv", ""},
        {"logs/nginx.log", ""},
        {"logs/auth.log", ""},
        {"logs/audit.log", ""},
        {"logs/postgresql.csv", ""},
        {"logs/conn.log", ""}};
    for (const Agency& agency : stage.settings_.agencies)
        files["secrets/" + agency.name] = agency.secret + "\n";
    if (!stage.settings_.capture_live)
        files["recorded.pcap"] = generate::attacked_network(2024, std::chrono::system_clock::now());
    files["kentongan.toml"] = stage.toml();
    for (const auto& [name, content] : files)
        if (auto written = stage.write(name, content); !written)
            return std::unexpected(written.error());
    return stage;
}

Result<> Stage::write(const std::string& name, std::string_view content) const {
    return replace_file(path(name), content);
}

std::string Stage::toml() const {
    const auto folder = settings_.folder.native();
    std::string out = fmt::format(
        "[daemon]\nname = \"demo\"\nstate_directory = \"{0}/state\"\nlanes = 2\n\n"
        "[rules]\npaths = [\"{1}\"]\n\n"
        "[sirekap]\nregister = \"{0}/register.csv\"\n\n"
        "[log.sirekap]\npath = \"{0}/logs/sirekap.log\"\nformat = \"sirekap\"\n\n"
        "[log.recap]\npath = \"{0}/logs/recap.log\"\nformat = \"sirekap\"\n\n"
        "[log.recap_database]\npath = \"{0}/logs/recap.csv\"\nformat = \"postgresql\"\n\n"
        "[change_window.perapian]\nfrom = \"2000-01-01T00:00:00Z\"\n"
        "to = \"2100-01-01T00:00:00Z\"\naccounts = [\"kpu.ri.perapian\"]\n"
        "note = \"clean-up\"\napproved_by = \"KPU RI\"\n\n"
        "[log.nginx]\npath = \"{0}/logs/nginx.log\"\nformat = \"nginx\"\n\n"
        "[log.auth]\npath = \"{0}/logs/auth.log\"\nformat = \"syslog\"\n\n"
        "[log.audit]\npath = \"{0}/logs/audit.log\"\nformat = \"audit\"\n\n"
        "[log.database]\npath = \"{0}/logs/postgresql.csv\"\nformat = \"postgresql\"\n\n"
        "[log.zeek]\npath = \"{0}/logs/conn.log\"\nformat = \"zeek\"\n\n"
        "[integrity.webroot]\npath = \"{0}/webroot\"\nkind = \"webroot\"\n\n"
        "[integrity.upload]\npath = \"{0}/upload\"\nkind = \"upload\"\n\n"
        "[zeek]\nsocket = \"{0}/zeek.sock\"\n\n"
        "[report]\nlisten = \"127.0.0.1:{3}\"\ndifficulty_bits = 10\n\n"
        "[api]\nlisten = \"127.0.0.1:{2}\"\ntoken_file = \"{0}/secrets/token\"\n\n",
        folder, settings_.rules.native(), settings_.api_port, settings_.report_port);
    if (settings_.capture_live)
        out += fmt::format(
            "[packet.loopback]\ninterface = \"lo\"\n"
            "filter = \"tcp and (port {} or portrange {}-{})\"\n\n",
            settings_.web_port, settings_.scan_first, settings_.scan_first + 160);
    else
        out += fmt::format("[packet.recorded]\nfile = \"{}/recorded.pcap\"\n\n", folder);
    for (const Agency& agency : settings_.agencies)
        out += fmt::format(
            "[delivery.{0}]\nurl = \"{1}\"\nsecret_file = \"{2}/secrets/{0}\"\nretry_seconds = "
            "5\n\n",
            agency.name, agency.url, folder);
    return out;
}

}  // namespace kentongan::demo
