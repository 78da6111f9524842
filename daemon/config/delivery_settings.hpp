#pragma once
// Settings of what leaves: destinations, keys of pseudonyms, units of people.
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/allowed.hpp"

namespace kentongan {

struct DeliverySettings {
    bool operator==(const DeliverySettings&) const = default;
    std::string agency;
    std::string kind = "webhook";
    std::string format;
    std::string url;
    std::vector<std::string> members;
    std::string path;
    std::string secret_file;
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
    std::string proxy;
    std::vector<std::string> allow;
    std::string user;
    std::string password_file;
    std::string mail_from;
    std::vector<std::string> mail_to;
    std::string template_file;
    std::string link;
    std::string tenant = "kpu";
    std::string vendor = "KPU";
    bool tlp1_compat = false;
    std::string minimum = "info";
    std::vector<std::string> classes;
    std::vector<std::string> except;
    bool heartbeat = true;
    std::int64_t rotate_mib = 64;
    std::int64_t timeout_seconds = 20;
    std::int64_t retry_seconds = 60;
    std::int64_t give_up_hours = 72;
    bool enabled = true;

    void visit(this auto& self, auto& v) {
        v("agency", self.agency, "whose rows of the routing file apply; empty: the table's name");
        v("kind", self.kind, "how it is sent: webhook, syslog, alertmanager, taxii, mail or ndjson",
          one_of({"webhook", "syslog", "alertmanager", "taxii", "mail", "ndjson"}));
        v("format", self.format,
          "form of the body; empty: the kind's own. webhook: kentongan, ecs, ocsf, cef, eve, stix, "
          "template; syslog: syslog, cef, ecs, ocsf; ndjson: ecs, kentongan, ocsf, eve, stix",
          one_of({"", "kentongan", "ecs", "ocsf", "cef", "eve", "stix", "syslog", "template"}));
        v("url", self.url,
          "https:// (http:// on loopback); syslog: tls://, tcp:// or udp://HOST:PORT; mail: "
          "smtp:// (STARTTLS) or smtps://HOST:PORT; taxii: the collection's objects/");
        v("members", self.members, "further members of an Alertmanager cluster");
        v("path", self.path, "ndjson: the file, or a pipe that exists");
        v("secret_file", self.secret_file,
          "file with the signing key of a webhook: whsk_… (ed25519) or whsec_… (HMAC-SHA256)",
          readable_file());
        v("ca_file", self.ca_file, "CA certificates to trust, PEM; empty: the system's",
          readable_file());
        v("certificate_file", self.certificate_file, "our certificate with its chain, PEM",
          readable_file());
        v("key_file", self.key_file, "its private key, PEM", readable_file());
        v("proxy", self.proxy, "HTTP proxy that CONNECTs to it: http://HOST:PORT");
        v("allow", self.allow,
          "networks the address may be in; empty: any but link-local, and loopback only by name",
          network());
        v("user", self.user, "name to log in with (mail, taxii)");
        v("password_file", self.password_file, "file with its password", readable_file());
        v("mail_from", self.mail_from, "sender's address");
        v("mail_to", self.mail_to, "receivers' addresses");
        v("template_file", self.template_file, "body of format template, with {{path}} for values",
          readable_file());
        v("link", self.link, "address of an alert without its id, put into messages");
        v("tenant", self.tenant, "whose alerts these are, where a format asks");
        v("vendor", self.vendor, "who is named as the maker", required());
        v("tlp1_compat", self.tlp1_compat, "STIX: mark with TLP 1.0, for tools that know no 2.0");
        v("minimum", self.minimum, "least severity: info, low, medium, high or critical",
          one_of({"info", "low", "medium", "high", "critical"}));
        v("classes", self.classes, "only alerts of these rule classes; empty: all");
        v("except", self.except, "no alerts of these rule classes");
        v("heartbeat", self.heartbeat, "a sign of life each minute, where the kind can carry it");
        v("rotate_mib", self.rotate_mib, "ndjson: size at which the file is put by, MiB",
          within(1, 65536));
        v("timeout_seconds", self.timeout_seconds, "longest wait for an answer", within(1, 600));
        v("retry_seconds", self.retry_seconds, "longest pause between attempts", within(1, 86400));
        v("give_up_hours", self.give_up_hours, "age after which a message is put aside as dead",
          within(1, 8760));
        v("enabled", self.enabled, "false: messages wait");
    }
};

struct RedactionSettings {
    bool operator==(const RedactionSettings&) const = default;
    std::string key_file;

    void visit(this auto& self, auto& v) {
        v("key_file", self.key_file,
          "key of the pseudonyms in what this agency gets: lines NAME:BASE64, the last is used",
          readable_file());
    }
};

struct UnitSettings {
    bool operator==(const UnitSettings&) const = default;
    std::vector<std::string> users;
    std::vector<std::string> hosts;
    std::vector<std::string> destinations;

    void visit(this auto& self, auto& v) {
        v("users", self.users, "account names of its people; * stands for anything");
        v("hosts", self.hosts, "its machines; * stands for anything");
        v("destinations", self.destinations,
          "[delivery] tables it reads: they get no insider alert about its people or machines");
    }
};

}  // namespace kentongan
