#include "collectors/packet/protocol/dns/dns_event.hpp"

#include "collectors/packet/protocol/pending.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan::packet::dns {

namespace {

void set_flags(const Header& header, Event& event) {
    constexpr std::pair<std::uint16_t, std::string_view> kFlags[] = {
        {0x0400, "AA"}, {0x0200, "TC"}, {0x0100, "RD"},
        {0x0080, "RA"}, {0x0020, "AD"}, {0x0010, "CD"}};
    for (const auto& [bit, name] : kFlags)
        if ((header.flags & bit) != 0) event.set(Field::dns_header_flags, name);
}

void set_answer(const Message& answer, Event& event) {
    constexpr std::uint16_t kA = 1;
    constexpr std::uint16_t kAaaa = 28;
    event.set(Field::dns_response_code, response_code_name(answer.extended_code));
    for (const Record& record : answer.answers) {
        event.set(Field::dns_answers_name, record.name);
        event.set(Field::dns_answers_type, type_name(record.type));
        event.set(Field::dns_answers_data, record.data);
        event.set(Field::dns_answers_ttl, std::int64_t{record.ttl});
        if (record.type != kA && record.type != kAaaa) continue;
        if (const auto ip = IpAddress::parse(record.data)) event.set(Field::dns_resolved_ip, *ip);
    }
}

}  // namespace

/// Zeek's own `rejected` and `Z` are there for rules on its log: without them a rule that leaves
/// out `Z: 0` would take every event.
void emit(const Message* query, const Message* answer, Side client, const Moment& asked,
          const Moment& at, ProtocolSink& out) {
    static const Field kRejected = field_named("rejected");
    static const Field kReserved = field_named("Z");
    const Message& either = query != nullptr ? *query : *answer;
    const Message& last = answer != nullptr ? *answer : *query;
    Event& event = out.begin(EventKind::dns, "dns", client, at);
    event.logsource = {"dns", "zeek", "dns"};
    event.also = {"network", {}, "dns"};
    event.set(Field::network_protocol, "dns");
    event.set(Field::dns_type, answer != nullptr ? "answer" : "query");
    event.set(Field::dns_id, int{either.header.id});
    if (either.header.questions > 0) {
        set_text(event, Field::dns_question_name, either.name.empty() ? "." : either.name);
        event.set(Field::dns_question_type, type_name(either.type));
        event.set(Field::dns_question_class, class_name(either.question_class & 0x7FFF));
    }
    set_flags(last.header, event);
    if (either.edns_payload_bytes)
        event.set(Field::dns_edns_payload_bytes, int{*either.edns_payload_bytes});
    if (answer != nullptr) set_answer(*answer, event);
    if (answer != nullptr && query != nullptr) {
        const std::int64_t waited = (at.time - asked.time).count();
        event.set(Field::dns_response_time, waited);
        event.set(Field::event_duration, waited);
    }
    const Header& head = last.header;
    event.set(kRejected,
              answer != nullptr && head.answers + head.authorities == 0 && head.additionals == 0);
    event.set(kReserved, static_cast<int>(head.reserved()));
    out.emit();
}

}  // namespace kentongan::packet::dns
