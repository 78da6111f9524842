#include "daemon/api/login/login_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/ledger/entry.hpp"

namespace kentongan::api {

namespace {

constexpr std::chrono::hours kOnce{1};
constexpr std::chrono::minutes kMinute{1};

std::string_view word_of(LoginEvent::Outcome outcome) {
    constexpr std::string_view kWords[] = {"ok", "refused", "limited", "used", "logout"};
    return kWords[static_cast<int>(outcome)];
}

}  // namespace

bool LoginNotes::note(const LoginEvent& event, Timestamp now) {
    using Outcome = LoginEvent::Outcome;
    if (event.outcome == Outcome::used) {
        if (used_.size() >= kMostUsers) used_.clear();  // then some are noted twice
        const auto [known, fresh] =
            used_.try_emplace(fmt::format("{}\n{}", event.method, event.name), now);
        if (!fresh && now - known->second < kOnce) return false;
        known->second = now;
    }
    if (event.outcome == Outcome::limited) {
        if (limited_count_++ == 0) minute_ = now;
        if (const auto known = limited_.find(event.address); known != limited_.end())
            ++known->second;
        else if (limited_.size() < ledger::kMostAddresses)
            limited_.emplace(event.address, 1);
        return limited_count_ == 1;
    }
    What what{event.name, event.method, event.outcome};
    if (event.outcome == Outcome::refused && noted_.size() >= kMostNames && !noted_.contains(what))
        std::get<0>(what) = "";  // of the others, how many
    return ++noted_[std::move(what)] == 1 || event.outcome == Outcome::used;
}

NotedLogins LoginNotes::take(Timestamp now, bool all) {
    NotedLogins out = std::exchange(back_, {});
    for (const auto& [what, count] : std::exchange(noted_, {})) {
        const auto& [name, method, outcome] = what;
        const std::string salt = ledger::new_salt();
        out.entries.push_back(
            ledger::login_entry(name, method, word_of(outcome), salt, now, count));
        out.salts.push_back({"login:" + name, salt});
    }
    if (limited_count_ == 0 || (!all && now - minute_ < kMinute)) return out;
    const std::string salt = ledger::new_salt();
    out.entries.push_back(ledger::limited_entry(std::exchange(limited_, {}),
                                                std::exchange(limited_count_, 0), salt, now));
    out.salts.push_back({"login:limited " + to_rfc3339(now), salt});
    return out;
}

std::size_t LoginNotes::give_back(NotedLogins noted) {
    const std::size_t room = kMostEntries - std::min(kMostEntries, back_.entries.size());
    const std::size_t kept = std::min(noted.entries.size(), room);  // each has its salt
    const auto some = static_cast<std::ptrdiff_t>(kept);
    std::move(noted.entries.begin(), noted.entries.begin() + some,
              std::back_inserter(back_.entries));
    std::move(noted.salts.begin(), noted.salts.begin() + some, std::back_inserter(back_.salts));
    return noted.entries.size() - kept;
}

}  // namespace kentongan::api
