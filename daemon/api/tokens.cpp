#include "daemon/api/tokens.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::string_view kCertificate = "certificate";

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> out;
    while (!line.empty()) {
        const auto end = std::min(line.find_first_of(" \t"), line.size());
        if (end > 0) out.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return out;
}

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

std::string_view token_in(std::string_view line) {
    const auto words = words_of(trim(line));
    return words.empty() ? std::string_view{} : words.back();
}

Result<> Tokens::add_line(std::string_view line) {
    const auto words = words_of(line);
    const bool machine = words.size() == 3 && words[2] == kCertificate;
    if ((words.size() != 1 && words.size() != 3) || !is_visible(words.back()) ||
        (!machine && words.back().size() < kShortest) || words.back().size() > kLongest)
        return fail(ErrorCode::config,
                    "a token is {} to {} visible ASCII characters without spaces, alone or as NAME "
                    "ROLE TOKEN; make one with: openssl rand -hex 32",
                    kShortest, kLongest);
    if (words.size() == 1) {
        add(words[0]);
        return {};
    }
    if (words[0].size() > kLongestName || !is_visible(words[0]))
        return fail(ErrorCode::config, "a name is at most {} visible ASCII characters",
                    kLongestName);
    const auto role = parse_role(words[1]);
    if (!role)
        return fail(ErrorCode::config,
                    "the word after the name is a role: viewer, analyst, lead, admin, wall or "
                    "agency-NAME");
    Identity owner{.name = std::string(words[0]), .role = *role};
    if (*role == Role::agency) owner.agency = words[1].substr(words[1].find('-') + 1);
    if (machine)
        machines_.push_back(std::move(owner));
    else
        add(words[2], std::move(owner));
    return {};
}

std::optional<Identity> Tokens::of_certificate(std::string_view name) const {
    const auto found = std::ranges::find(machines_, name, &Identity::name);
    if (found == machines_.end()) return std::nullopt;
    return *found;
}

Result<Tokens> Tokens::read(const std::string& file) {
    const auto text = read_file(file, std::size_t{1} << 20);
    if (!text) return std::unexpected(text.error().within("api.token_file"));
    Tokens tokens;
    std::string_view rest = *text;
    for (std::size_t line = 1; !rest.empty(); ++line) {
        const std::string_view content = trim(take_until(rest, '\n'));
        if (content.empty() || content.starts_with('#')) continue;
        if (tokens.known_.size() + tokens.machines_.size() == kMost)
            return fail(ErrorCode::config, "{}:{}: more than {} tokens", file, line, kMost);
        if (auto added = tokens.add_line(content); !added)
            return std::unexpected(added.error().within(fmt::format("{}:{}", file, line)));
    }
    return tokens;
}

std::optional<Identity> Tokens::accept(std::string_view authorization) const {
    constexpr std::string_view kScheme = "bearer ";
    if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme))
        return std::nullopt;
    const Sha256Digest given = sha256(as_bytes(trim(authorization.substr(kScheme.size()))));
    const Known* found = nullptr;
    for (const Known& known : known_)
        if (CRYPTO_memcmp(given.data(), known.hash.data(), given.size()) == 0) found = &known;
    if (found == nullptr) return std::nullopt;
    return found->owner;
}

}  // namespace kentongan::api
