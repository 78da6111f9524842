#pragma once
// What a text may hold that not everybody may read: people's numbers and addresses, credentials,
// votes, candidates.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/pseudonym.hpp"

namespace kentongan {

/// What is left standing, and what stands for the rest.
struct PersonalPolicy {
    bool personal = false;              ///< NIK, NKK, phone numbers, e-mail addresses may be read
    bool secrets = false;               ///< passwords, tokens, cookies, keys may be read
    bool tallies = false;               ///< numbers of votes may be read
    bool candidates = false;            ///< candidates may be read; else they get pseudonyms
    const PseudonymKey* key = nullptr;  ///< null: masks instead of pseudonyms
    std::vector<std::string> names{};   ///< of candidates, as people write them
};

/// `text` with everything that the policy does not let out replaced: a NIK or NKK (16 digits of
/// that structure, also in groups) by `NIK#k3:…` or twelve stars and its last four digits, the
/// rest by `PHONE#…`, `MAIL#…`, `CAND#…` or a word in brackets; credentials always by [secret],
/// votes by [votes].
[[nodiscard]] std::string without_personal(std::string_view text, const PersonalPolicy& policy);

}  // namespace kentongan
