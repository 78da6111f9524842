#include "daemon/store/query/document.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/store/query/words.hpp"

namespace kentongan::query {

namespace {

constexpr std::size_t kValueCap = 512;

std::string kept(std::string_view text) {
    std::string out{text.substr(0, kValueCap)};
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    return out;
}

template <class Names>
std::string listed(const Names& names) {
    std::string out;
    std::size_t taken = 0;
    for (const auto& name : names)
        if (!name.empty() && taken++ < Alert::kMaximumRelated)
            out.append(out.empty() ? "\n" : "").append(kept(name)).append("\n");
    return out;
}

std::string bytes_of(const std::optional<IpAddress>& address) {
    if (!address) return {};
    const auto& bytes = address->bytes();
    return {bytes.begin(), bytes.end()};
}

void put_subject(const Alert& alert, Document& out) {
    const Subject& subject = alert.subject;
    const auto put = [&](Name name, std::string_view text) {
        out.text[index_of(name)] = kept(text);
    };
    const auto port = [&](Name name, std::optional<std::uint16_t> value) {
        out.number[index_of(name)] = value ? *value : -1;
    };
    out.text[index_of(Name::source_ip)] = bytes_of(subject.source_ip);
    out.text[index_of(Name::destination_ip)] = bytes_of(subject.destination_ip);
    port(Name::source_port, subject.source_port);
    port(Name::destination_port, subject.destination_port);
    put(Name::user, subject.user);
    put(Name::host, subject.host);
    put(Name::file_path, subject.file_path);
    put(Name::file_hash, subject.file_sha256);
    put(Name::url, subject.url);
    put(Name::tps, subject.tps);
    put(Name::area, subject.area.empty() ? std::string_view(subject.tps).substr(0, 10)
                                         : std::string_view(subject.area));
}

void put_related(const Alert& alert, Document& out) {
    std::string& addresses = out.text[index_of(Name::related_ip)];
    for (const auto& text : alert.related_ip)
        if (const auto address = IpAddress::parse(text);
            address && addresses.size() < 16 * Alert::kMaximumRelated)
            addresses += bytes_of(address);
    out.text[index_of(Name::related_user)] = listed(alert.related_user);
    out.text[index_of(Name::related_hosts)] = listed(alert.related_hosts);
    out.text[index_of(Name::related_hash)] = listed(alert.related_hash);
    out.text[index_of(Name::agency)] = listed(alert.agencies);
}

void put_rule(const Rule& rule, Document& out) {
    out.text[index_of(Name::rule_id)] = kept(rule.id);
    out.text[index_of(Name::rule_name)] = kept(rule.name);
    out.text[index_of(Name::ruleset)] = name_of(rule.ruleset);
    out.text[index_of(Name::category)] = kept(rule.rule_class);
    out.text[index_of(Name::technique)] = listed(rule.techniques);
}

/// A blank more between texts, so that no phrase reaches over.
std::string all_words(const Alert& alert, const Document& document) {
    std::string out;
    const auto add = [&](std::string_view text) {
        if (out.size() < 32768) out += words_of(text);
    };
    for (const Name name :
         {Name::entity, Name::user, Name::host, Name::sensor, Name::file_path, Name::file_hash,
          Name::url, Name::tps, Name::area, Name::rule_id, Name::rule_name, Name::technique,
          Name::related_user, Name::related_hosts, Name::related_hash})
        add(document.of(name));
    for (const auto& address : {alert.subject.source_ip, alert.subject.destination_ip})
        if (address) add(address->to_string());
    std::size_t taken = 0;
    for (const auto& text : alert.related_ip)
        if (taken++ < Alert::kMaximumRelated) add(kept(text));
    return out;
}

std::string key(std::string_view field, std::string_view value) {
    std::string out{field};
    out += '=';
    for (const char c : value.substr(0, kWordCap)) {
        const char low = ascii_lower(c);
        const bool plain = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') ||
                           static_cast<unsigned char>(low) >= 0x80;
        out += plain ? low : '_';
    }
    return out;
}

bool has_keys(const Field& field) {
    switch (field.kind) {
        case Kind::keyword:
        case Kind::list:
            // Those of triage change without the alert, an id has an index of its own, and of the
            // others the words are enough.
            return field.name == Name::tlp || field.name == Name::user ||
                   field.name == Name::host || field.name == Name::file_hash ||
                   field.kind == Kind::list;
        case Kind::place:
        case Kind::flag:
            return true;
        case Kind::number:
            return field.name != Name::count;
        default:
            return false;
    }
}

/// Fields that few alerts have, so that having one is worth a key.
bool is_rare(const Field& field) {
    return field.name == Name::user || field.name == Name::file_hash || field.kind == Kind::place;
}

void put_keys(const Field& field, const Document& document, std::string& out) {
    const auto put = [&](std::string_view value) { out.append(key(field.text, value)) += ' '; };
    if (field.kind == Kind::number || field.kind == Kind::flag) {
        if (document.value(field.name) >= 0) put(std::to_string(document.value(field.name)));
        return;
    }
    const std::string& text = document.of(field.name);
    if (text.empty()) return;
    if (is_rare(field)) put("");
    if (field.kind == Kind::place) {
        for (const std::size_t digits : {2U, 4U, 6U, 10U, 13U})
            if (text.size() >= digits) put(std::string_view(text).substr(0, digits));
        return;
    }
    for (const auto& value : shown_values(field.kind, text)) put(value);
}

}  // namespace

Document document_of(const Alert& alert) {
    Document out;
    const auto number = [&](Name name, std::int64_t value) { out.number[index_of(name)] = value; };
    number(Name::first_seen, to_nanoseconds(alert.first_seen));
    number(Name::last_seen, to_nanoseconds(alert.last_seen));
    number(Name::severity, static_cast<std::int64_t>(alert.severity));
    number(Name::count,
           static_cast<std::int64_t>(std::min<std::uint64_t>(alert.count, std::uint64_t{1} << 62)));
    number(Name::exercise, alert.exercise ? 1 : 0);
    out.text[index_of(Name::tlp)] = name_of(alert.tlp);
    out.text[index_of(Name::state)] = "new";
    out.text[index_of(Name::suppressed)] = kept(alert.suppressed);
    out.text[index_of(Name::id)] = kept(alert.id);
    out.text[index_of(Name::entity)] = kept(alert.entity);
    out.text[index_of(Name::sensor)] = kept(alert.hostname);
    out.text[index_of(Name::message)] = words_of(alert.message);
    put_subject(alert, out);
    put_related(alert, out);
    put_rule(*alert.rule, out);
    out.words = all_words(alert, out);
    return out;
}

std::string keys_of(const Document& document) {
    std::string out;
    for (const Field& one : fields())
        if (has_keys(one)) put_keys(one, document, out);
    return out;
}

std::string key_of(const Condition& condition) {
    using Test = Condition::Test;
    if (condition.field == nullptr || !has_keys(*condition.field)) return {};
    const Field& field = *condition.field;
    const bool numeric = field.kind == Kind::number || field.kind == Kind::flag;
    if (condition.test == Test::range && numeric && condition.low == condition.high)
        return key(field.text, std::to_string(condition.low));
    if (condition.test == Test::exists && is_rare(field)) return key(field.text, "");
    if (condition.test == Test::equals) return key(field.text, condition.text);
    if (condition.test == Test::prefix && field.kind == Kind::place)
        return key(field.text, condition.text);
    return {};
}

std::vector<std::string> shown_values(Kind kind, std::string_view text) {
    std::vector<std::string> out;
    if (kind == Kind::address || kind == Kind::networks) {
        for (; text.size() >= 16; text.remove_prefix(16)) {
            std::array<std::uint8_t, 16> bytes{};
            std::ranges::copy(text.substr(0, 16), bytes.begin());
            out.push_back(IpAddress{bytes}.to_string());
        }
        return out;
    }
    if (!text.starts_with('\n')) {
        if (!text.empty()) out.emplace_back(text);
        return out;
    }
    text.remove_prefix(1);
    while (!text.empty()) out.emplace_back(take_until(text, '\n'));
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

std::string shown_number(Kind kind, std::int64_t number) {
    if (kind == Kind::severity)
        return std::string{name_of(static_cast<Severity>(std::clamp<std::int64_t>(number, 0, 4)))};
    if (kind == Kind::flag) return number == 1 ? "true" : "false";
    if (kind == Kind::time) return to_rfc3339(from_nanoseconds(number));
    return std::to_string(number);
}

}  // namespace kentongan::query
