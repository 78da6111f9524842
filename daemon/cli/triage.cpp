// kentongan alerts ack | assign | comment | escalate | close | reopen | share | actions.
#include "daemon/cli/asking.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

struct Wanted {
    std::vector<std::string> ids;
    std::string id;
    std::string reason;
    std::string why;
    std::string text;
    std::string assignee;
    std::string agency;
};

void tell(const json::object& result) {
    const auto status = result.at("status").as_int64();
    if (const auto* detail = result.if_contains("detail")) {
        fmt::print("{}: refused: {}\n", text_of(result, "id"),
                   cell(std::string(detail->as_string()), 300));
        return;
    }
    if (status == 202) {
        fmt::print("{}: waits for a second person: kentongan approvals confirm {}\n",
                   text_of(result, "id"), text_of(result, "approval"));
        return;
    }
    const auto& alert = result.at("alert").as_object();
    std::string more;
    for (const auto* member : {"reason", "assignee"})
        if (const std::string text = text_of(alert, member); text != "-") more += " " + cell(text);
    fmt::print("{}: {}{}, revision {}\n", text_of(result, "id"), text_of(alert, "state"), more,
               text_of(alert, "revision"));
}

/// 1 when any was refused.
Result<int> act(const Common& common, const Wanted& wanted, const std::string& verb,
                const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const json::object body{
        {"action", verb},          {"ids", json::array(wanted.ids.begin(), wanted.ids.end())},
        {"reason", wanted.reason}, {"why", wanted.why},
        {"text", wanted.text},     {"assignee", wanted.assignee}};
    const auto answer = client->post("/api/v1/alerts:bulk", body);
    if (!answer) return std::unexpected(answer.error());
    if (out.format == OutputFormat::json)
        out.object(*answer);
    else
        for (const auto& result : answer->at("results").as_array())
            if (out.format == OutputFormat::ndjson)
                out.object(result);
            else
                tell(result.as_object());
    return answer->at("failed").to_number<std::int64_t>() == 0 ? 0 : 1;
}

Result<int> share(const Common& common, const Wanted& wanted, const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->post("/api/v1/alerts/" + wanted.id + ":share",
                                     {{"agency", wanted.agency}, {"why", wanted.why}});
    if (!answer) return std::unexpected(answer.error());
    const auto& told = answer->as_object();
    if (out.format != OutputFormat::human) {
        out.object(*answer);
    } else if (told.contains("approval")) {
        fmt::print("{}: waits for a second person: kentongan approvals confirm {}\n", wanted.id,
                   text_of(told, "approval"));
    } else {
        std::string names;
        for (const auto& name : told.at("destinations").as_array())
            names += " " + cell(std::string(name.as_string()));
        fmt::print("{}: queued for{}\n", wanted.id, names);
    }
    return 0;
}

Result<int> actions(const Common& common, const Wanted& wanted, const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/api/v1/alerts/" + wanted.id + "/actions");
    if (!answer) return std::unexpected(answer.error());
    print_list(*answer, "actions",
               {{"TIME", "at"},
                {"WHO", "who"},
                {"ACT", "action"},
                {"FROM", "from"},
                {"TO", "to"},
                {"WHY", "why"},
                {"COMMENT", "comment"}},
               "nobody has done anything with it", out);
    return 0;
}

}  // namespace

void add_triage(CLI::App& alerts, Common& common, Action& action) {
    static Wanted wanted;
    const auto add = [&](const std::string& verb, const std::string& what,
                         const std::string& example) {
        CLI::App* command =
            add_subcommand(alerts, common, verb, what, "kentongan alerts " + example);
        command->add_option("id", wanted.ids, "ids of alerts")->required();
        command->add_option("--why", wanted.why, "why, for the record")
            ->required(verb == "close" || verb == "reopen");
        command->callback([&common, &action, verb] {
            action = [&common, verb](const Output& out) { return act(common, wanted, verb, out); };
        });
        return command;
    };
    add("ack", "somebody has seen it", "ack 01JDPY1VY0ABCDEFGHJKMNPQRS");
    add("assign", "somebody works on it", "assign 01JDPY1VY0ABCDEFGHJKMNPQRS --to sari")
        ->add_option("--to", wanted.assignee, "who; without it, you");
    add("comment", "a word about it", "comment 01JDPY1VY0ABCDEFGHJKMNPQRS --text 'seen before'")
        ->add_option("--text", wanted.text, "the word")
        ->required();
    add("escalate", "to those who decide", "escalate 01JDPY1VY0ABCDEFGHJKMNPQRS --why 'spreads'");
    add("close", "done, for a reason",
        "close 01JDPY1VY0ABCDEFGHJKMNPQRS --reason false --why 'our scanner'")
        ->add_option("--reason", wanted.reason, "true, benign, false, duplicate or exercise")
        ->required();
    add("reopen", "not done after all", "reopen 01JDPY1VY0ABCDEFGHJKMNPQRS --why 'it came back'");
    CLI::App* sharing = add_subcommand(
        alerts, common, "share", "sends it to an agency, after a review",
        "kentongan alerts share 01JDPY1VY0ABCDEFGHJKMNPQRS --agency polri --why 'reviewed by KPU'");
    sharing->add_option("id", wanted.id, "the alert's id")->required();
    sharing->add_option("--agency", wanted.agency, "who gets it")->required();
    sharing->add_option("--why", wanted.why, "why, for the record")->required();
    sharing->callback(
        [&] { action = [&](const Output& out) { return share(common, wanted, out); }; });
    CLI::App* listing = add_subcommand(alerts, common, "actions", "who did what with it, and why",
                                       "kentongan alerts actions 01JDPY1VY0ABCDEFGHJKMNPQRS");
    listing->add_option("id", wanted.id, "the alert's id")->required();
    listing->callback(
        [&] { action = [&](const Output& out) { return actions(common, wanted, out); }; });
}

}  // namespace kentongan::cli
