#pragma once
// Every setting of both programs: name, unit, default and meaning, once. The reader, `config show`
// and the reference page all walk these `visit` functions.
//
// A visitor is called as visitor(key, member, help, allowed = {}) for a value, as
// visitor.table(key, struct, help) for a table and as visitor.tables(key, map, help) for named
// tables such as [log.auth]; named tables, never arrays, so a drop-in can patch one key.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"
#include "daemon/config/anomaly_settings.hpp"
#include "daemon/config/delivery_settings.hpp"
#include "daemon/config/desk_settings.hpp"
#include "daemon/config/election_settings.hpp"
#include "daemon/config/evidence_settings.hpp"
#include "daemon/config/source_settings.hpp"
#include "daemon/config/triage_settings.hpp"

namespace kentongan {

template <class T>
using NamedTables = std::map<std::string, T>;

struct DaemonSettings {
    bool operator==(const DaemonSettings&) const = default;
    std::string name;
    std::int64_t lanes = 0;
    std::string state_directory = "/var/lib/kentongan";
    std::int64_t drain_seconds = 10;
    std::string log_format = "text";
    std::string log_level = "info";
    bool exercise = false;
    std::string exercise_began;
    std::string exercise_time;
    double exercise_speed = 1;

    void visit(this auto& self, auto& v) {
        v("name", self.name, "name of this sensor in alerts; empty: the host's name");
        v("lanes", self.lanes, "lane threads; 0: one per core", within(0, 64));
        v("state_directory", self.state_directory, "folder of the database and the baselines",
          required());
        v("drain_seconds", self.drain_seconds,
          "longest wait at shutdown for what is in flight, seconds", within(0, 600));
        v("log_format", self.log_format, "format of our own log: text, json or logfmt",
          one_of({"text", "json", "logfmt"}));
        v("log_level", self.log_level, "least level of our own log: debug, info, warning or error",
          one_of({"debug", "info", "warning", "error"}));
        v("exercise", self.exercise,
          "marks every alert as an exercise; its database is never used for real duty");
        v("exercise_began", self.exercise_began,
          "an exercise may have its own time: the real instant from which that counts", instant());
        v("exercise_time", self.exercise_time, "what the exercise's clock showed then", instant());
        v("exercise_speed", self.exercise_speed, "its seconds in a real one", within(1, 3600));
    }
};

struct RuleSettings {
    bool operator==(const RuleSettings&) const = default;
    std::vector<std::string> paths{"/usr/share/kentongan/rules"};
    std::string routing;
    std::string placeholders;
    std::string forms;

    void visit(this auto& self, auto& v) {
        v("paths", self.paths,
          "folders or files of Sigma and YARA rules, and of anomaly/ and sirekap/");
        v("routing", self.routing,
          "routing file; empty: routing/routing.toml in the first of the paths");
        v("placeholders", self.placeholders,
          "TOML file of lists for Sigma's expand; empty: sigma/placeholders.toml of the paths",
          readable_file());
        v("forms", self.forms,
          "TOML file of where people write on forms; empty: handwriting is not compared",
          readable_file());
    }
};

struct StoreSettings {
    bool operator==(const StoreSettings&) const = default;
    std::string path;

    void visit(this auto& self, auto& v) {
        v("path", self.path, "database file; empty: alerts.db in daemon.state_directory");
    }
};

struct ApiSettings {
    bool operator==(const ApiSettings&) const = default;
    std::string listen = "127.0.0.1:8470";
    std::string token_file;
    std::string accounts_file;
    std::string certificate_file;
    std::string key_file;
    std::string client_ca_file;
    std::string metrics_listen;
    std::int64_t requests_a_second = 50;

    void visit(this auto& self, auto& v) {
        v("listen", self.listen, "address:port of the HTTP API and the page; empty: none",
          listen_address());
        v("token_file", self.token_file,
          "file of bearer tokens, a line each: NAME ROLE TOKEN; the API needs it", readable_file());
        v("accounts_file", self.accounts_file,
          "file of people's accounts (kentongan account), mode 0600; empty: only tokens");
        v("certificate_file", self.certificate_file,
          "TLS certificate with its chain, PEM; empty: plain HTTP", readable_file());
        v("key_file", self.key_file, "its private key, PEM, mode 0600", readable_file());
        v("client_ca_file", self.client_ca_file,
          "CA of clients' certificates, PEM: a machine whose certificate names it may do what its "
          "line of the token file (NAME ROLE certificate) says",
          readable_file());
        v("requests_a_second", self.requests_a_second, "of one client; four times as many at once",
          within(1, 100000));
        v("metrics_listen", self.metrics_listen,
          "address:port for /metrics alone; empty: the API's", listen_address());
    }
};

/// All settings. Plain data; reading it is config/reader.hpp's work.
struct Config {
    bool operator==(const Config&) const = default;
    DaemonSettings daemon;
    RuleSettings rules;
    NamedTables<PacketSettings> packet;
    NamedTables<LogSettings> log;
    NamedTables<JournalSettings> journal;
    NamedTables<IntegritySettings> integrity;
    ZeekSettings zeek;
    NamedTables<PublishedSettings> published;
    SirekapSettings sirekap;
    WorkflowSettings workflow;
    NamedTables<ChangeWindowSettings> change_window;
    NamedTables<VotingDaySettings> voting_day;
    ReportSettings report;
    AnomalySettings anomaly;
    AlertSettings alerts;
    BudgetSettings budget;
    NamedTables<AssetSettings> asset;
    NamedTables<PhaseSettings> phase;
    StoreSettings store;
    NamedTables<DeliverySettings> delivery;
    NamedTables<RedactionSettings> redaction;
    NamedTables<UnitSettings> unit;
    ApiSettings api;
    TriageSettings triage;
    LedgerSettings ledger;
    NamedTables<WitnessSettings> witness;
    WitnessingSettings witnessing;
    NamedTables<WitnessedSettings> witnessed;

    void visit(this auto& self, auto& v) {
        v.table("daemon", self.daemon, "the process");
        v.table("rules", self.rules, "what is detected");
        v.tables("packet", self.packet, "network interfaces and captures");
        v.tables("log", self.log, "log files");
        v.tables("journal", self.journal, "systemd's journal");
        v.tables("integrity", self.integrity, "folders whose files are checked");
        v.table("zeek", self.zeek, "Zeek");
        v.tables("published", self.published, "published results, polled or saved");
        v.table("sirekap", self.sirekap, "the election");
        v.table("workflow", self.workflow, "how results go through Sirekap");
        v.tables("change_window", self.change_window,
                 "when results may be corrected in bulk, and when plenaries are in session");
        v.tables("voting_day", self.voting_day, "areas that vote on another day");
        v.table("report", self.report, "citizens' reports");
        v.table("anomaly", self.anomaly, "thresholds of the anomaly detectors");
        v.table("alerts", self.alerts, "the alert desk");
        v.table("budget", self.budget, "how many alerts an hour a rule may have");
        v.tables("asset", self.asset, "machines that matter more than others");
        v.tables("phase", self.phase, "the phases of the election");
        v.table("store", self.store, "the database");
        v.tables("delivery", self.delivery, "where alerts go: one table a destination");
        v.tables("redaction", self.redaction, "pseudonyms, a table an agency");
        v.tables("unit", self.unit, "whose people are not told of themselves");
        v.table("api", self.api, "HTTP");
        v.table("triage", self.triage, "cases, suppressions and the report to BSSN");
        v.table("ledger", self.ledger, "the history that cannot be rewritten");
        v.tables("witness", self.witness, "who signs our history with us");
        v.table("witnessing", self.witnessing, "signing others' histories as a witness");
        v.tables("witnessed", self.witnessed,
                 "histories we sign for: a table for each of their keys");
    }
};

}  // namespace kentongan
