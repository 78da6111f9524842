#include "daemon/alert/personal.hpp"

#include <algorithm>

#include "daemon/alert/redact.hpp"
#include "daemon/alert/text_pattern.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

using Groups = TextPattern::Groups;

std::string digits_of(std::string_view text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out),
                         [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

std::string named(const PersonalPolicy& policy, std::string_view kind, std::string_view value,
                  std::string_view mask) {
    return policy.key != nullptr ? policy.key->name(kind, value) : std::string(mask);
}

std::string without_numbers_of_people(std::string_view text, const PersonalPolicy& policy) {
    static const TextPattern kNik{
        R"re((?<!\d)(?:\d{16}|\d{4}[ .\-]\d{4}[ .\-]\d{4}[ .\-]\d{4}|\d{6}[ .\-]\d{6}[ .\-]\d{4})(?!\d))re"};
    static const TextPattern kPhone{
        R"re((?:(?<!\d)(?:\+|%2B)62[ .\-]?\d(?:[ .\-]?\d){7,11}|(?<![\dA-Za-z+])(?:62|0)8\d(?:[ .\-]?\d){7,10})(?!\d))re"};
    static const TextPattern kMail{
        R"re((?:[\w.+\-]|%2B){1,64}+(?:@|%40)[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+)re"};
    std::string out = kNik.replace(text, [&](const Groups& match) {
        const std::string digits = digits_of(match[0]);
        if (!looks_like_nik(digits)) return std::string(match[0]);
        return named(policy, "NIK", digits, mask_nik(digits));
    });
    if (policy.key == nullptr || out.ends_with("…")) out = mask_nik(out);  // also one that was cut
    out = kPhone.replace(out, [&](const Groups& match) {
        return named(policy, "PHONE", digits_of(match[0]), "[phone]");
    });
    return kMail.replace(out, [&](const Groups& match) {
        return named(policy, "MAIL", to_lower(match[0]), "[e-mail]");
    });
}

std::string without_secrets(std::string_view text) {
    static const TextPattern kHeader{
        R"re(\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:bearer|basic|digest|negotiate)?\s*)[^\s"',;&]+)re"};
    static const TextPattern kCookie{R"re(\b((?:set-)?cookie["']?\s*[:=]\s*)[^\r\n"']+)re"};
    static const TextPattern kBearer{R"re(\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=\-]{8,})re"};
    static const TextPattern kAssigned{
        R"re(((?:token|passw(?:or)?d|passwd|\bpwd|secret|api[_\-]?key|private[_\-]?key|sess(?:ion)?(?:[_\-]?id)?|sessid|jwt|csrf\w*|otp|sandi)["']?\s*(?:=|:|%3D)\s*["']?)[^\s"'&;,<>]+)re"};
    static const TextPattern kShape{
        R"re(eyJ[\w\-]{6,}\.[\w\-]{4,}(?:\.[\w\-]*)?|\b(?:whsk_|whsec_|ghp_|gho_|xox[abp]-|AKIA|sk-)[\w+/=\-]{8,})re"};
    static const TextPattern kUserinfo{R"re((://[^/\s:@]{1,128}:)[^/\s@]{1,256}(?=@))re"};
    const auto keep_name = [](const Groups& match) { return std::string(match[1]) + "[secret]"; };
    std::string out = kHeader.replace(text, keep_name);
    for (const TextPattern* pattern : {&kCookie, &kBearer, &kAssigned, &kUserinfo})
        out = pattern->replace(out, keep_name);
    return kShape.replace(out, [](const Groups&) { return std::string("[secret]"); });
}

std::string without_votes(std::string_view text) {
    static const TextPattern kBefore{
        R"re((?<![\w.])[+\-]?\d[\d.,]*(?:\s*(?:->|→|to|of|and|instead of|ke|menjadi|dari|dan|more|fewer|,)\s*[+\-]?\d[\d.,]*){0,6}(\s*(?:valid |invalid |more |fewer |sah )?(?:suara|votes?|ballots?)\b))re"};
    static const TextPattern kAfter{
        R"re(\b((?:suara\w*|votes?|tally|tallies|perolehan|total(?=["']?\s*[=:])|pengguna_total_j)["']?(?:\s*(?:=|:|is|are|fell by|went to|together,?|\())?\s*["']?)[+\-]?\d[\d.,]*(?:\s*(?:->|→|to|ke|menjadi)\s*[+\-]?\d[\d.,]*){0,3})re"};
    static const TextPattern kCell{R"re("(\d{5,8})"\s*:\s*(?:\d+|null))re"};
    static const TextPattern kOfCandidate{
        R"re((\b(?:candidate|calon|paslon|kandidat|pasangan calon)\s*(?:no\.?|nomor|#)?\s*\d++\s*[:=]?\s*)[+\-]?\d[\d.,]*(?:\s*(?:->|→|to|ke|menjadi)\s*[+\-]?\d[\d.,]*){0,3})re"};
    std::string out = kBefore.replace(
        text, [](const Groups& match) { return "[votes]" + std::string(match[1]); });
    const auto keep_name = [](const Groups& match) { return std::string(match[1]) + "[votes]"; };
    out = kOfCandidate.replace(out, keep_name);
    out = kAfter.replace(out, keep_name);
    return kCell.replace(
        out, [](const Groups& match) { return fmt::format("\"{}\":\"[votes]\"", match[1]); });
}

std::string replace_all(std::string text, const std::string& name, const std::string& by) {
    const std::string lower = to_lower(name);
    for (std::size_t at = 0; lower.size() >= 3;) {
        at = to_lower(text).find(lower, at);
        if (at == std::string::npos) break;
        text.replace(at, lower.size(), by);
        at += by.size();
    }
    return text;
}

std::string without_candidates(std::string_view text, const PersonalPolicy& policy) {
    static const TextPattern kNumbered{
        R"re((\b(?:candidate|calon|paslon|kandidat|pasangan calon)\s*(?:no\.?|nomor|#)?\s*)(\d{1,8})\b)re"};
    static const TextPattern kKey{R"re("(\d{5,8})"(\s*:))re"};
    std::string out = kNumbered.replace(text, [&](const Groups& match) {
        return std::string(match[1]) + named(policy, "CAND", match[2], "[candidate]");
    });
    out = kKey.replace(out, [&](const Groups& match) {
        return fmt::format("\"{}\"{}", named(policy, "CAND", match[1], "[candidate]"), match[2]);
    });
    for (const std::string& name : policy.names)
        out = replace_all(std::move(out), name, named(policy, "CAND", name, "[candidate]"));
    return out;
}

}  // namespace

std::string without_personal(std::string_view text, const PersonalPolicy& policy) {
    std::string out{text};
    if (!policy.secrets) out = without_secrets(out);
    if (!policy.tallies) out = without_votes(out);
    if (!policy.candidates) out = without_candidates(out, policy);
    if (!policy.personal) out = without_numbers_of_people(out, policy);
    return out;
}

}  // namespace kentongan
