// Names in DNS messages, and the names of DNS's numbers (IANA's registries, spelt as Zeek does).
#include <fmt/format.h>

#include <algorithm>

#include "collectors/packet/protocol/dns/message.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::packet::dns {

namespace {

constexpr std::size_t kLongestName = 255;  // on the wire
constexpr int kMostPointers = 32;

struct Name {
    unsigned number;
    std::string_view name;
};

constexpr Name kTypes[] = {
    {1, "A"},         {2, "NS"},          {5, "CNAME"},       {6, "SOA"},     {10, "NULL"},
    {11, "WKS"},      {12, "PTR"},        {13, "HINFO"},      {15, "MX"},     {16, "TXT"},
    {17, "RP"},       {18, "AFSDB"},      {24, "SIG"},        {25, "KEY"},    {28, "AAAA"},
    {29, "LOC"},      {33, "SRV"},        {35, "NAPTR"},      {36, "KX"},     {37, "CERT"},
    {39, "DNAME"},    {41, "EDNS"},       {42, "APL"},        {43, "DS"},     {44, "SSHFP"},
    {45, "IPSECKEY"}, {46, "RRSIG"},      {47, "NSEC"},       {48, "DNSKEY"}, {49, "DHCID"},
    {50, "NSEC3"},    {51, "NSEC3PARAM"}, {52, "TLSA"},       {53, "SMIMEA"}, {55, "HIP"},
    {59, "CDS"},      {60, "CDNSKEY"},    {61, "OPENPGPKEY"}, {62, "CSYNC"},  {63, "ZONEMD"},
    {64, "SVCB"},     {65, "HTTPS"},      {99, "SPF"},        {108, "EUI48"}, {109, "EUI64"},
    {249, "TKEY"},    {250, "TSIG"},      {251, "IXFR"},      {252, "AXFR"},  {253, "MAILB"},
    {254, "MAILA"},   {255, "ANY"},       {256, "URI"},       {257, "CAA"},   {32768, "TA"},
    {32769, "DLV"}};

constexpr Name kClasses[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};

constexpr Name kCodes[] = {{0, "NOERROR"}, {1, "FORMERR"},   {2, "SERVFAIL"},  {3, "NXDOMAIN"},
                           {4, "NOTIMP"},  {5, "REFUSED"},   {6, "YXDOMAIN"},  {7, "YXRRSET"},
                           {8, "NXRRSET"}, {9, "NOTAUTH"},   {10, "NOTZONE"},  {16, "BADVERS"},
                           {17, "BADKEY"}, {18, "BADTIME"},  {19, "BADMODE"},  {20, "BADNAME"},
                           {21, "BADALG"}, {22, "BADTRUNC"}, {23, "BADCOOKIE"}};

std::string name_in(const auto& table, unsigned number, std::string_view otherwise) {
    const auto found = std::ranges::find(table, number, &Name::number);
    return found == std::end(table) ? fmt::format("{}{}", otherwise, number)
                                    : std::string(found->name);
}

void append_label(Bytes label, std::string& out) {
    if (!out.empty()) out += '.';
    for (const char c : as_text(label)) {
        if (c == '.' || c == '\\')
            (out += '\\') += c;
        else if (c > ' ' && c <= '~')
            out += ascii_lower(c);
        else
            fmt::format_to(std::back_inserter(out), "\\{:03}", static_cast<std::uint8_t>(c));
    }
}

}  // namespace

/// RFC 1035 lets pointers point back only, but servers answer questions whose point forward.
bool read_name(Bytes message, std::size_t& offset, std::string& out) {
    std::size_t at = offset;
    std::size_t wire = 0;
    int pointers = 0;
    out.clear();
    while (at < message.size()) {
        const std::uint8_t size = message[at];
        if (size >= 0xC0) {
            if (at + 2 > message.size() || ++pointers > kMostPointers) return false;
            const std::size_t target = std::size_t{size & 0x3Fu} << 8 | message[at + 1];
            if (pointers == 1) offset = at + 2;
            at = target;
            continue;
        }
        if (size > 63 || at + 1 + size > message.size()) return false;
        if ((wire += 1u + size) > kLongestName) return false;
        if (size == 0) {
            if (pointers == 0) offset = at + 1;
            return true;
        }
        append_label(message.subspan(at + 1, size), out);
        at += 1u + size;
    }
    return false;
}

std::string type_name(std::uint16_t type) { return name_in(kTypes, type, "query-"); }
std::string class_name(std::uint16_t number) { return name_in(kClasses, number, "CLASS"); }
std::string response_code_name(unsigned code) { return name_in(kCodes, code, "rcode-"); }

}  // namespace kentongan::packet::dns
