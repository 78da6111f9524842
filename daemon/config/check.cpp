// What is refused once all layers are applied, so that a later layer can mend an earlier one.
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"
#include "daemon/base/time.hpp"
#include "daemon/config/apply.hpp"

namespace kentongan::config {

namespace {

class Checker {
  public:
    Checker(std::string path, const Origins& origins, bool open_files, Problems& problems)
        : path_(std::move(path)), origins_(origins), open_files_(open_files), problems_(problems) {}

    void operator()(const char* key, const std::string& value, const char*,
                    const Allowed& allowed = {}) {
        if (const auto why = refusal(value, allowed)) return complain(key, *why);
        const bool opens = open_files_ && allowed.form == Allowed::Form::file && !value.empty();
        if (opens && ::access(value.c_str(), R_OK) != 0)
            complain(key, fmt::format("cannot read {}: {}", value, std::strerror(errno)));
    }
    void operator()(const char* key, const std::int64_t& value, const char*,
                    const Allowed& allowed = {}) {
        if (const auto why = refusal(static_cast<double>(value), allowed)) complain(key, *why);
    }
    void operator()(const char* key, const double& value, const char*,
                    const Allowed& allowed = {}) {
        if (const auto why = refusal(value, allowed)) complain(key, *why);
    }
    void operator()(const char*, const bool&, const char*, const Allowed& = {}) {}
    void operator()(const char* key, const std::vector<std::string>& texts, const char*,
                    Allowed allowed = {}) {
        allowed.required = true;
        for (const std::string& text : texts)
            if (const auto why = refusal(text, allowed)) complain(key, *why);
    }
    void operator()(const char* key, const std::map<std::string, std::string>& texts, const char*,
                    const Allowed& = {}) {
        for (const auto& [name, text] : texts) {
            if (const auto why = refusal(name, required())) complain(key, "a key " + *why);
            if (const auto why = refusal(text, required())) complain(key, *why);
        }
    }

    template <class T>
    void table(const char* key, const T& settings, const char*) {
        descend(settings, key);
    }
    template <class T>
    void tables(const char* key, const NamedTables<T>& map, const char*) {
        for (const auto& [name, settings] : map) descend(settings, fmt::format("{}.{}", key, name));
    }

    /// `key` is relative to the table.
    void complain(std::string_view key, std::string_view why) {
        const std::string full = fmt::format("{}.{}", path_, key);
        auto origin = origins_.find(full);
        if (origin == origins_.end()) origin = origins_.find(path_);
        problems_.add(fmt::format(
            "{}: {} {}", origin == origins_.end() ? "default" : origin->second, full, why));
    }

  private:
    template <class T>
    void descend(const T& settings, std::string path) {
        Checker inner{std::move(path), origins_, open_files_, problems_};
        settings.visit(inner);
    }

    const std::string path_;
    const Origins& origins_;
    const bool open_files_;
    Problems& problems_;
};

void check_packet(const Config& config, const Origins& origins, Problems& problems) {
    for (const auto& [name, packet] : config.packet) {
        if (packet.interface.empty() != packet.file.empty()) continue;
        Checker at{"packet." + name, origins, false, problems};
        at.complain(packet.interface.empty() ? "interface" : "file",
                    packet.interface.empty()
                        ? "or file is required: what to capture on, or what to read"
                        : "and interface are both set; keep one of them");
    }
}

void check_exercise(const DaemonSettings& daemon, const Origins& origins, Problems& problems) {
    Checker at{"daemon", origins, false, problems};
    const bool has_clock = !daemon.exercise_began.empty() || !daemon.exercise_time.empty();
    if (!daemon.exercise && (has_clock || daemon.exercise_speed != 1))
        at.complain(has_clock ? "exercise_began" : "exercise_speed",
                    "is for exercises, and daemon.exercise is not set: real duty has real time");
    else if (daemon.exercise_began.empty() != daemon.exercise_time.empty())
        at.complain(daemon.exercise_began.empty() ? "exercise_began" : "exercise_time",
                    "is missing: the exercise's clock needs both");
    else if (!has_clock && daemon.exercise_speed != 1)
        at.complain("exercise_speed", "needs exercise_began and exercise_time");
}

void check_api(const ApiSettings& api, const Origins& origins, Problems& problems) {
    if (api.listen.empty() || !api.token_file.empty() || is_loopback_address(api.listen)) return;
    if (refusal(api.listen, listen_address())) return;  // told already
    Checker at{"api", origins, false, problems};
    at.complain("listen",
                "is not loopback and there is no api.token_file; name a file with one "
                "token a line, or listen on 127.0.0.1");
}

/// A phase's thresholds obey the rules of the tables that they are of.
void check_thresholds(const Config& config, const std::string& name, const Origins& origins,
                      Problems& problems) {
    Config then = config;
    Problems of_phase;
    apply_thresholds(config.phase.at(name), then, of_phase);
    const Origins none;
    Checker inner{"", none, false, of_phase};
    inner.table("anomaly", then.anomaly, "");
    inner.table("alerts", then.alerts, "");
    inner.table("budget", then.budget, "");
    if (!of_phase.empty())
        Checker{"phase." + name, origins, false, problems}.complain(
            "thresholds", "holds what is refused: " + of_phase.error().message);
}

void check_desk(const Config& config, const Origins& origins, Problems& problems) {
    for (const auto& [name, phase] : config.phase) {
        Checker at{"phase." + name, origins, false, problems};
        const auto begins = parse_rfc3339(phase.begins);
        const auto ends = parse_rfc3339(phase.ends);
        if (phase.begins.empty() || phase.ends.empty())
            at.complain(phase.begins.empty() ? "begins" : "ends",
                        "is missing: a phase needs both, such as 2024-11-27T00:00:00+07:00");
        else if (begins && ends && *begins >= *ends)
            at.complain("ends", "is not after its beginning; exchange the two");
    }
    for (const auto& [name, phase] : config.phase)
        check_thresholds(config, name, origins, problems);
    for (const auto& [name, asset] : config.asset)
        if (asset.hosts.empty() && asset.networks.empty())
            Checker{"asset." + name, origins, false, problems}.complain(
                "hosts", "or networks is required: what belongs to the asset");
    for (const auto& [rule, limit] : config.budget.rules)
        if (const auto number = parse_number<std::uint32_t>(limit); !number || *number > 1'000'000)
            Checker{"budget", origins, false, problems}.complain(
                "rules", fmt::format("gives {} \"{}\"; expected alerts an hour in quotes, 0 to "
                                     "1000000",
                                     printable_utf8(rule, 80), printable_utf8(limit, 80)));
}

/// What a kind of destination needs, and which of the url's schemes are its.
void check_destination(const DeliverySettings& to, Checker& at) {
    const auto needs = [&](const char* key, const std::string& value) {
        if (value.empty()) at.complain(key, "is required for kind = \"" + to.kind + "\"");
    };
    const auto starts = [&](std::initializer_list<std::string_view> schemes) {
        for (const auto scheme : schemes)
            if (to.url.starts_with(scheme)) return;
        at.complain("url", fmt::format("is \"{}\"; kind = \"{}\" takes {}", to.url, to.kind,
                                       fmt::join(schemes, ", ")));
    };
    if (to.kind == "syslog") return starts({"tls://", "tcp://", "udp://"});
    if (to.kind == "ndjson") return needs("path", to.path);
    if (to.kind == "mail") {
        needs("mail_from", to.mail_from);
        if (to.mail_to.empty()) at.complain("mail_to", "names nobody");
        return starts({"smtp://", "smtps://"});
    }
    if (const auto why = refusal(to.url, webhook_url())) at.complain("url", *why);
    if (to.format == "template") needs("template_file", to.template_file);
}

void check_deliveries(const Config& config, const Origins& origins, Problems& problems) {
    for (const auto& [name, to] : config.delivery) {
        Checker at{"delivery." + name, origins, false, problems};
        check_destination(to, at);
        if (to.certificate_file.empty() != to.key_file.empty())
            at.complain(to.key_file.empty() ? "key_file" : "certificate_file",
                        "is missing: a certificate and its key go together");
    }
    for (const auto& [name, unit] : config.unit)
        for (const std::string& destination : unit.destinations)
            if (!config.delivery.contains(destination))
                Checker{"unit." + name, origins, false, problems}.complain(
                    "destinations", "names \"" + destination + "\", which is no [delivery] table");
}

void check_report(const ReportSettings& report, const Origins& origins, Problems& problems) {
    Checker at{"report", origins, false, problems};
    for (const std::string& network : report.trusted_proxies)
        if (!IpNetwork::parse(network))
            at.complain("trusted_proxies", fmt::format("holds \"{}\", which is no network such as "
                                                       "127.0.0.0/8 or ::1/128",
                                                       network));
}

}  // namespace

void check(const Config& config, const Origins& origins, bool open_files, Problems& problems) {
    Checker checker{"", origins, open_files, problems};
    config.visit(checker);
    check_exercise(config.daemon, origins, problems);
    check_packet(config, origins, problems);
    check_desk(config, origins, problems);
    check_api(config.api, origins, problems);
    check_report(config.report, origins, problems);
    check_deliveries(config, origins, problems);
}

}  // namespace kentongan::config
