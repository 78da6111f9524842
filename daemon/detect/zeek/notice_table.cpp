#include "daemon/detect/zeek/notice_table.hpp"

#include <algorithm>

namespace kentongan {

namespace {

struct Row {
    std::string_view note;
    std::string_view name;
    Severity severity;
    std::string_view rule_class;
    std::string_view technique;
    std::string_view category;
};

using enum Severity;

// Techniques are ATT&CK's present ids (T1685 is what T1562.001 was).
constexpr Row kRows[] = {
    {"SSH::Password_Guessing", "SSH password guessing", high, "attack", "T1110.001",
     "authentication"},
    {"SSH::Login_By_Password_Guesser", "SSH login by a host that guessed passwords", critical,
     "compromise", "T1110.001", "authentication"},
    {"SSH::Watched_Country_Login", "SSH login from or to a watched country", medium, "attack",
     "T1078", "authentication"},
    {"SSH::Interesting_Hostname_Login", "SSH login from an unusual kind of host", medium, "attack",
     "T1078", "authentication"},
    {"FTP::Bruteforcing", "FTP password guessing", high, "attack", "T1110.001", "authentication"},
    {"FTP::Site_Exec_Success", "FTP SITE EXEC succeeded", critical, "compromise", "T1190",
     "intrusion_detection"},
    {"Scan::Port_Scan", "Port scan", low, "attack", "T1046", "network"},
    {"Scan::Address_Scan", "Address scan", low, "attack", "T1046", "network"},
    {"Scan::Random_Scan", "Scan of hosts and ports", low, "attack", "T1046", "network"},
    {"Traceroute::Detected", "Traceroute", info, "attack", "T1016", "network"},
    {"HTTP::SQL_Injection_Attacker", "SQL injection attacker", high, "attack", "T1190", "web"},
    {"HTTP::SQL_Injection_Victim", "Host under SQL injection", high, "attack", "T1190", "web"},
    {"TeamCymruMalwareHashRegistry::Match", "File known as malware", critical, "compromise",
     "T1204.002", "malware"},
    {"Intel::Notice", "Indicator of a threat feed", high, "compromise", "", "threat"},
    {"Signatures::Sensitive_Signature", "Zeek signature", medium, "attack", "",
     "intrusion_detection"},
    {"Signatures::Multiple_Signatures", "One host matches many signatures", high, "attack", "",
     "intrusion_detection"},
    {"Signatures::Multiple_Sig_Responders", "One signature on many hosts", high, "attack", "",
     "intrusion_detection"},
    {"Heartbleed::SSL_Heartbeat_Attack", "Heartbleed attack", high, "attack", "T1190",
     "intrusion_detection"},
    {"Heartbleed::SSL_Heartbeat_Attack_Success", "Heartbleed attack that worked", critical,
     "breach", "T1190", "intrusion_detection"},
    {"SSL::Invalid_Server_Cert", "Server certificate that does not verify", low, "lookalike",
     "T1557", "network"},
    {"SSL::Certificate_Expired", "Server certificate has expired", low, "sensor", "", "network"},
    {"SSL::Certificate_Expires_Soon", "Server certificate expires soon", info, "sensor", "",
     "network"},
    {"SSL::Weak_Key", "Weak TLS key", low, "sensor", "", "network"},
    {"SSL::Old_Version", "Old TLS version", low, "sensor", "", "network"},
    {"SSL::Weak_Cipher", "Weak TLS cipher", low, "sensor", "", "network"},
    {"DNS::External_Name", "Local name with an address outside", medium, "lookalike", "T1584.002",
     "network"},
    {"SMTP::Blocklist_Error_Message", "Mail server is on a blocklist", low, "sensor", "",
     "network"},
    {"CaptureLoss::Too_Much_Loss", "Zeek misses traffic", medium, "sensor", "T1685", "host"},
    {"CaptureLoss::Too_Little_Traffic", "Zeek sees too little traffic", medium, "sensor", "T1685",
     "host"},
    {"PacketFilter::Dropped_Packets", "Zeek drops packets", medium, "sensor", "T1685", "host"},
    {"PacketFilter::No_More_Conn_Shunts_Available", "Zeek cannot shunt further connections", low,
     "sensor", "", "host"},
    {"Weird::Activity", "Traffic that breaks its protocol", low, "attack", "", "network"},
    {"Kentongan::Broker_Bridge_Lost", "Zeek is out of sight", high, "sensor", "T1685", "host"},
};

const Row* row_of(std::string_view note) {
    const auto* found = std::ranges::find(kRows, note, &Row::note);
    return found == std::end(kRows) ? nullptr : found;
}

}  // namespace

std::shared_ptr<const Rule> rule_of_notice(std::string_view note) {
    auto rule = std::make_shared<Rule>();
    rule->id = "zeek:" + std::string(note);
    rule->name = note;
    rule->ruleset = Ruleset::zeek;
    rule->authors = {note.starts_with("Kentongan::") ? "Kentongan" : "Zeek"};
    rule->categories = {"intrusion_detection"};
    const Row* row = row_of(note);
    if (row == nullptr) return rule;
    rule->name = row->name;
    rule->severity = row->severity;
    rule->rule_class = row->rule_class;
    rule->categories = {std::string(row->category)};
    if (!row->technique.empty()) rule->techniques = {std::string(row->technique)};
    return rule;
}

bool is_notice_type(std::string_view note) {
    constexpr std::size_t kLengthCap = 96;
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == ':';
    };
    return !note.empty() && note.size() <= kLengthCap && std::ranges::all_of(note, belongs);
}

}  // namespace kentongan
