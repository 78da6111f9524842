// kentongan delivery list | retry | pause | resume | dead | show | replay: what each destination
// has got, what it still waits for, and what became of single messages.
#include <boost/json.hpp>

#include "daemon/cli/api_client.hpp"
#include "daemon/cli/command.hpp"
#include "daemon/cli/settings.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return "-";
    return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

Result<ApiClient> client_of(const Common& common) {
    const auto loaded = load_settings(common, false);
    if (!loaded) return std::unexpected(loaded.error());
    return ApiClient::from(loaded->config);
}

Result<int> list(const Common& common, const Output& out) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/api/v1/deliveries");
    if (!answer) return std::unexpected(answer.error());
    const auto& deliveries = answer->at("deliveries").as_array();
    if (out.format == OutputFormat::json) {
        out.object(*answer);
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : deliveries) {
        if (out.format == OutputFormat::ndjson) {
            out.object(item);
            continue;
        }
        std::vector<std::string> row;
        for (const auto* name : {"destination", "delivered", "pending", "dead", "oldest_pending",
                                 "last_delivered", "last_error"})
            row.push_back(cell(text_of(item.as_object(), name), 48));
        rows.push_back(std::move(row));
    }
    if (out.format == OutputFormat::human)
        out.table({"AGENCY", "DELIVERED", "WAITING", "DEAD", "OLDEST WAITING", "LAST DELIVERED",
                   "LAST ERROR"},
                  rows);
    return 0;
}

Result<int> retry(const Common& common, const std::string& agency, const Output& out) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->post("/api/v1/deliveries/" + agency + ":retry");
    if (!answer) return std::unexpected(answer.error());
    out.object(*answer);
    return 0;
}

struct Turn {
    std::string destination;
    std::string why;
};

/// In the election's window pausing waits for a second person: `kentongan approvals confirm ID`.
Result<int> pause_or_resume(const Common& common, std::string_view verb, const Output& out,
                            const Turn& turn) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->post(
        fmt::format("/api/v1/deliveries/{}:{}", turn.destination, verb), {{"why", turn.why}});
    if (!answer) return std::unexpected(answer.error());
    out.object(*answer);
    return 0;
}

struct Range {
    std::string destination;
    std::string since;
    std::string until;
};

Result<int> replay(const Common& common, const Range& range, const Output& out) {
    for (const auto& [option, text] : {std::pair{"--since", range.since}, {"--until", range.until}})
        if (!parse_rfc3339(text))
            return fail(ErrorCode::usage, "{} {}: give a time such as 2024-11-27T06:00:00Z", option,
                        text);
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto escaped = [](std::string text) {
        for (auto at = text.find('+'); at != std::string::npos; at = text.find('+', at + 3))
            text.replace(at, 1, "%2B");
        return text;
    };
    const auto answer =
        client->post(fmt::format("/api/v1/deliveries/{}:replay?since={}&until={}",
                                 range.destination, escaped(range.since), escaped(range.until)));
    if (!answer) return std::unexpected(answer.error());
    out.object(*answer);
    return 0;
}

Result<int> dead(const Common& common, const std::string& destination, const Output& out) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer =
        client->get("/api/v1/messages?state=dead&limit=1000" +
                    (destination.empty() ? std::string() : "&destination=" + destination));
    if (!answer) return std::unexpected(answer.error());
    if (out.format == OutputFormat::json) {
        out.object(*answer);
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& item : answer->at("messages").as_array()) {
        if (out.format == OutputFormat::ndjson) {
            out.object(item);
            continue;
        }
        std::vector<std::string> row;
        for (const auto* name :
             {"sequence", "destination", "alert", "type", "attempts", "settled", "detail"})
            row.push_back(cell(text_of(item.as_object(), name), 60));
        rows.push_back(std::move(row));
    }
    if (out.format == OutputFormat::human)
        out.table({"MESSAGE", "DESTINATION", "ALERT", "TYPE", "ATTEMPTS", "LAST", "WHY"}, rows);
    return 0;
}

Result<int> show(const Common& common, std::int64_t sequence, const Output& out) {
    const auto client = client_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get(fmt::format("/api/v1/messages/{}", sequence));
    if (!answer) return std::unexpected(answer.error());
    out.object(*answer);
    return 0;
}

void add_messages(CLI::App& command, Common& common, Action& action) {
    static std::string destination;
    static std::int64_t sequence = 0;
    static Range range;
    CLI::App* listing =
        add_subcommand(command, common, "dead", "messages that were put aside, and why",
                       "kentongan delivery dead --destination bssn");
    listing->add_option("--destination", destination, "only of this [delivery.NAME] table");
    listing->callback(
        [&] { action = [&](const Output& out) { return dead(common, destination, out); }; });
    CLI::App* showing = add_subcommand(command, common, "show", "one message with body and receipt",
                                       "kentongan delivery show 4711");
    showing->add_option("message", sequence, "its number")->required();
    showing->callback(
        [&] { action = [&](const Output& out) { return show(common, sequence, out); }; });
    CLI::App* replaying =
        add_subcommand(command, common, "replay", "send again what was committed in a time",
                       "kentongan delivery replay --destination bssn --since 2029-02-14T11:00:00Z "
                       "--until 2029-02-14T12:00:00Z");
    replaying->add_option("--destination", range.destination, "name of the [delivery.NAME] table")
        ->required();
    replaying->add_option("--since", range.since, "committed at or after")->required();
    replaying->add_option("--until", range.until, "committed before")->required();
    replaying->callback(
        [&] { action = [&](const Output& out) { return replay(common, range, out); }; });
}

}  // namespace

void add_delivery(CLI::App& app, Common& common, Action& action) {
    CLI::App* command = app.add_subcommand("delivery", "what each agency has got");
    command->require_subcommand(1);
    CLI::App* listing = add_subcommand(*command, common, "list", "state of every agency's queue",
                                       "kentongan delivery list -o json");
    listing->callback([&] { action = [&](const Output& out) { return list(common, out); }; });
    static std::string agency;
    CLI::App* retrying =
        add_subcommand(*command, common, "retry", "put an agency's dead messages back in its queue",
                       "kentongan delivery retry bssn");
    retrying->add_option("agency", agency, "name of the [delivery.NAME] table")->required();
    retrying->callback(
        [&] { action = [&](const Output& out) { return retry(common, agency, out); }; });
    static Turn turn;
    for (const auto& [verb, what] :
         {std::pair{"pause", "send a destination nothing for now; its messages wait"},
          {"resume", "send a paused destination what waits for it"}}) {
        CLI::App* turning = add_subcommand(
            *command, common, verb, what,
            fmt::format("kentongan delivery {} bssn --why 'its certificate is being renewed'",
                        verb));
        turning->add_option("destination", turn.destination, "name of the [delivery.NAME] table")
            ->required();
        auto* why = turning->add_option("--why", turn.why, "kept in the history");
        if (std::string_view(verb) == "pause") why->required();
        turning->callback([&, verb] {
            action = [&, verb](const Output& out) {
                return pause_or_resume(common, verb, out, turn);
            };
        });
    }
    add_messages(*command, common, action);
}

}  // namespace kentongan::cli
