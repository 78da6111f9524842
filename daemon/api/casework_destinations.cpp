// Destinations that are sent nothing for now. What their state is, the newest act on them says.
#include <algorithm>

#include "daemon/api/casework.hpp"

namespace kentongan::api {

namespace {

constexpr const char* kPaused = "paused";
constexpr const char* kSending = "sending";

}  // namespace

Answer<std::optional<ActionRow>> Casework::last_turn(const std::string& destination) {
    if (std::ranges::find(options_.destinations, destination) == options_.destinations.end())
        return refuse(404, fmt::format("no destination {}; there are: {}", destination,
                                       fmt::join(options_.destinations, ", ")));
    auto acts = triage_.actions("destination:" + destination, 1);
    if (!acts) return refuse(acts.error());
    if (acts->empty()) return std::optional<ActionRow>{};
    return std::optional{std::move(acts->back())};
}

Result<> Casework::announce_paused() {
    if (!options_.pause_by) return {};
    std::map<std::string, std::string> out;
    for (const std::string& destination : options_.destinations) {
        const auto last = last_turn(destination);
        if (!last) return fail(ErrorCode::unavailable, "{}", last.error().detail);
        if (*last && (*last)->to == kPaused)
            out[destination] = fmt::format("paused by {} since {}: {}", (*last)->who,
                                           to_rfc3339((*last)->at), (*last)->why);
    }
    options_.pause_by(std::move(out));
    return {};
}

Answer<Done> Casework::pause(const Asker& asker, const std::string& destination,
                             const boost::json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto why = text_member(body, "why", 2000, true);
        if (!why) return std::unexpected(why.error());
        const auto last = last_turn(destination);
        if (!last) return std::unexpected(last.error());
        if (*last && (*last)->to == kPaused) return refuse(409, destination + " is paused already");
        if (needs_second())
            return ask_second(change, asker,
                              {.action = "pause",
                               .object = "destination:" + destination,
                               .why = *why,
                               .request = "{}"});
        return turn(change, asker, destination, true, *why);
    });
}

Answer<Done> Casework::resume(const Asker& asker, const std::string& destination,
                              const boost::json::object& body) {
    return once(asker, [&](TriageChange& change) -> Answer<Done> {
        const auto why = text_member(body, "why");
        if (!why) return std::unexpected(why.error());
        return turn(change, asker, destination, false, *why);
    });
}

/// Of another object than pause and resume are: the newest act on that says whether it is paused.
Answer<Done> Casework::note_again(const std::string& who, const std::string& destination,
                                  const std::string& action, const std::string& what) {
    return once({.name = who}, [&](TriageChange& change) -> Answer<Done> {
        note(change,
             {.object = "delivery:" + destination,
              .at = clock_.now(),
              .who = who,
              .action = action,
              .comment = what},
             0, "");
        return Done{};
    });
}

Answer<Done> Casework::turn(TriageChange& change, const Asker& asker,
                            const std::string& destination, bool paused, const std::string& why) {
    const auto last = last_turn(destination);
    if (!last) return std::unexpected(last.error());
    const bool is_paused = *last && (*last)->to == kPaused;
    if (is_paused == paused)
        return refuse(409, destination + (paused ? " is paused already" : " is not paused"));
    const char* to = paused ? kPaused : kSending;
    note(change,
         {.object = "destination:" + destination,
          .at = clock_.now(),
          .who = asker.name,
          .action = paused ? "pause" : "resume",
          .from = paused ? kSending : kPaused,
          .to = to,
          .why = why},
         0, to);
    return Done{.body = {{"destination", destination}, {"state", to}, {"pending", false}}};
}

}  // namespace kentongan::api
