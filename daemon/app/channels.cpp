#include "daemon/app/channels.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/deliver/channel/alertmanager_channel.hpp"
#include "daemon/deliver/channel/file_channel.hpp"
#include "daemon/deliver/channel/mail_channel.hpp"
#include "daemon/deliver/channel/syslog_channel.hpp"
#include "daemon/deliver/channel/taxii_channel.hpp"
#include "daemon/deliver/webhook_channel.hpp"
#include "daemon/pipeline/delivery_warnings.hpp"

namespace kentongan {

namespace {

using Opened = Result<std::unique_ptr<DeliveryChannel>>;

PeerSettings peer_of(const DeliverySettings& from) {
    return {.ca_file = from.ca_file,
            .certificate_file = from.certificate_file,
            .key_file = from.key_file,
            .proxy = from.proxy,
            .allow = from.allow,
            .timeout = std::chrono::seconds{from.timeout_seconds}};
}

template <class Channel>
Opened as_channel(Result<std::unique_ptr<Channel>> opened) {
    if (!opened) return std::unexpected(opened.error());
    return std::unique_ptr<DeliveryChannel>{std::move(*opened)};
}

// A signature bears the real time, which its receiver checks.
Opened open_webhook(const DeliverySettings& from, const Agencies::Surroundings& around) {
    WebhookSettings out{.url = from.url,
                        .secret_file = from.secret_file,
                        .ca_file = from.ca_file,
                        .timeout = std::chrono::seconds{from.timeout_seconds},
                        .certificate_file = from.certificate_file,
                        .key_file = from.key_file,
                        .proxy = from.proxy,
                        .allow = from.allow};
    const auto format = format_of(from);
    if (!format) return std::unexpected(format.error());
    out.media_type = media_type(*format);
    out.is_signed = *format != BodyFormat::custom;
    return as_channel(WebhookChannel::open(around.loop, out, system_clock()));
}

Opened open_alertmanager(const DeliverySettings& from, const Agencies::Surroundings& around) {
    AlertmanagerSettings out{.urls = {from.url}, .peer = peer_of(from)};
    out.urls.insert(out.urls.end(), from.members.begin(), from.members.end());
    return as_channel(AlertmanagerChannel::open(around.loop, out, around.clock));
}

Opened open_mail(const DeliverySettings& from, const Agencies::Surroundings& around) {
    return as_channel(MailChannel::open(around.loop, {.url = from.url,
                                                      .peer = peer_of(from),
                                                      .from = from.mail_from,
                                                      .to = from.mail_to,
                                                      .user = from.user,
                                                      .password_file = from.password_file,
                                                      .hostname = around.hostname}));
}

}  // namespace

Opened open_channel(const DeliverySettings& from, const Agencies::Surroundings& around) {
    if (from.kind == "syslog")
        return as_channel(
            SyslogChannel::open(around.loop, {.url = from.url, .peer = peer_of(from)}));
    if (from.kind == "alertmanager") return open_alertmanager(from, around);
    if (from.kind == "taxii")
        return as_channel(TaxiiChannel::open(around.loop, {.url = from.url,
                                                           .peer = peer_of(from),
                                                           .user = from.user,
                                                           .password_file = from.password_file}));
    if (from.kind == "mail") return open_mail(from, around);
    if (from.kind == "ndjson")
        return std::unique_ptr<DeliveryChannel>{std::make_unique<FileChannel>(
            around.files,
            FileSettings{.path = from.path,
                         .rotate_bytes = static_cast<std::uint64_t>(from.rotate_mib) << 20,
                         .timeout = std::chrono::seconds{from.timeout_seconds}})};
    return open_webhook(from, around);
}

Result<BodyFormat> format_of(const DeliverySettings& from) {
    struct Row {
        std::string_view kind;
        std::vector<BodyFormat> formats;  // the first is the kind's own
    };
    using enum BodyFormat;
    static const std::array<Row, 6> kRows{
        {{"webhook", {kentongan, ecs, ocsf, cef, eve, stix, custom}},
         {"syslog", {syslog, cef, ecs, ocsf}},
         {"alertmanager", {alertmanager}},
         {"taxii", {stix}},
         {"mail", {mail}},
         {"ndjson", {ecs, kentongan, ocsf, eve, stix}}}};
    const auto row = std::ranges::find(kRows, from.kind, &Row::kind);
    if (row == kRows.end()) return fail(ErrorCode::config, "kind \"{}\" is unknown", from.kind);
    if (from.format.empty()) return row->formats.front();
    const auto format = parse_body_format(from.format);
    if (format && std::ranges::find(row->formats, *format) != row->formats.end()) return *format;
    return fail(ErrorCode::config, "format \"{}\" does not go with kind \"{}\"", from.format,
                from.kind);
}

namespace {

Result<FormatSettings> form_of(const DeliverySettings& from, const std::string& hostname) {
    FormatSettings out{.vendor = from.vendor,
                       .hostname = hostname,
                       .link = from.link,
                       .tenant = from.tenant,
                       .tlp1_compat = from.tlp1_compat,
                       .envelope = from.kind == "taxii",
                       .mail_from = from.mail_from,
                       .mail_to = from.mail_to,
                       .text = {}};
    if (from.format != "template") return out;
    auto text = read_file(from.template_file, std::size_t{64} << 10);
    if (!text) return std::unexpected(text.error());
    out.text = trim(*text);
    return out;
}

Result<Destination> destination_of(const std::string& name, const DeliverySettings& from,
                                   const std::string& hostname) {
    const auto format = format_of(from);
    if (!format) return std::unexpected(format.error());
    auto form = form_of(from, hostname);
    if (!form) return std::unexpected(form.error());
    return Destination{.name = name,
                       .agency = from.agency.empty() ? name : from.agency,
                       .format = *format,
                       .in_syslog = from.kind == "syslog",
                       .resolves = from.kind == "alertmanager",
                       .heartbeat = carries_heartbeat(from),
                       .minimum = parse_severity(from.minimum).value_or(Severity::info),
                       .classes = from.classes,
                       .except = from.except,
                       .form = std::move(*form)};
}

}  // namespace

Result<std::shared_ptr<const Destinations>> destinations_of(const Config& config,
                                                            std::string hostname) {
    std::vector<Destination> all;
    for (const auto& [name, table] : config.delivery) {
        auto one = destination_of(name, table, hostname);
        if (!one) return std::unexpected(one.error().within("delivery." + name));
        all.push_back(std::move(*one));
    }
    std::vector<Unit> units;
    for (const auto& [name, unit] : config.unit)
        units.push_back({unit.users, unit.hosts, unit.destinations});
    return std::make_shared<const Destinations>(std::move(all), std::move(units));
}

Result<PseudonymKeys> pseudonym_keys(const Config& config) {
    PseudonymKeys out;
    for (const auto& [name, table] : config.redaction) {
        if (table.key_file.empty()) continue;
        auto key = PseudonymKey::load(table.key_file);
        if (!key) return std::unexpected(key.error().within("redaction." + name));
        out[name] = std::make_shared<const PseudonymKey>(std::move(*key));
    }
    return out;
}

}  // namespace kentongan
