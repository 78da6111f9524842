// kentongan suppressions list | create | end, and approvals list | confirm | refuse.
#include "daemon/cli/asking.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

struct Wanted {
    std::string id;
    std::string rule;
    std::string entity;
    std::string source;
    std::string reason;
    std::string why;
    int hours = 4;
};

/// Of an approval what came of it, and who is waited for; false: the answer says something else.
bool tell(const json::object& answer) {
    const auto* pending = answer.if_contains("pending");
    const auto* approval = answer.if_contains("approval");
    if (pending == nullptr || approval == nullptr) return false;
    if (approval->is_string()) {
        if (pending->as_bool())
            fmt::print("waits for a second person until {}: kentongan approvals confirm {}\n",
                       text_of(answer, "expires"), text_of(answer, "approval"));
        return pending->as_bool();
    }
    const json::object& one = approval->as_object();
    const std::string what = cell(text_of(one, "action") + " " + text_of(one, "object"));
    if (pending->as_bool())
        fmt::print(
            "{}: your yes is noted; it waits for another person's until {}: "
            "kentongan approvals confirm {}\n",
            what, text_of(one, "expires"), text_of(one, "id"));
    else
        fmt::print("{}: {}\n", what, text_of(one, "state"));
    return true;
}

Result<int> post(const Common& common, const std::string& target, const json::object& body,
                 const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->post(target, body);
    if (!answer) return std::unexpected(answer.error());
    if (out.format != OutputFormat::human || !tell(answer->as_object())) out.object(*answer);
    return 0;
}

Result<int> list(const Common& common, const std::string& what, const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/api/v1/" + what);
    if (!answer) return std::unexpected(answer.error());
    if (what == "suppressions")
        print_list(*answer, what,
                   {{"ID", "id"},
                    {"RULE", "rule_id"},
                    {"ENTITY", "entity"},
                    {"SOURCE", "source_ip"},
                    {"UNTIL", "expires"},
                    {"OWNER", "owner"},
                    {"REASON", "reason"}},
                   "nothing is silenced", out);
    else
        print_list(*answer, what,
                   {{"ID", "id"},
                    {"WHAT", "action"},
                    {"OBJECT", "object"},
                    {"ASKED BY", "asked_by"},
                    {"UNTIL", "expires"},
                    {"WHY", "why"}},
                   "nothing waits for a second person", out);
    return 0;
}

Result<int> create(const Common& common, const Wanted& wanted, const Output& out) {
    const Timestamp until =
        Timestamp{std::chrono::system_clock::now()} + std::chrono::hours{wanted.hours};
    return post(common, "/api/v1/suppressions",
                {{"rule_id", wanted.rule},
                 {"entity", wanted.entity},
                 {"source_ip", wanted.source},
                 {"reason", wanted.reason},
                 {"expires", to_rfc3339(until)}},
                out);
}

void add_deciding(CLI::App& command, Common& common, Action& action, const std::string& kind,
                  const std::string& verb, const std::string& what, Wanted& wanted) {
    CLI::App* one =
        add_subcommand(command, common, verb, what,
                       fmt::format("kentongan {} {} 01JDPY1VY0ABCDEFGHJKMNPQRS", kind, verb));
    one->add_option("id", wanted.id, "its id")->required();
    one->add_option("--why", wanted.why, "why, for the record");
    one->callback([&common, &action, &wanted, kind, verb] {
        action = [&common, &wanted, kind, verb](const Output& out) {
            return post(common, fmt::format("/api/v1/{}/{}:{}", kind, wanted.id, verb),
                        {{"why", wanted.why}}, out);
        };
    });
}

CLI::App* add_listing(CLI::App& app, Common& common, Action& action, const std::string& kind,
                      const std::string& what) {
    CLI::App* command = app.add_subcommand(kind, what);
    command->require_subcommand(1);
    add_subcommand(*command, common, "list", what, "kentongan " + kind + " list")
        ->callback([&common, &action, kind] {
            action = [&common, kind](const Output& out) { return list(common, kind, out); };
        });
    return command;
}

}  // namespace

void add_suppressions(CLI::App& app, Common& common, Action& action) {
    static Wanted wanted;
    CLI::App* command =
        add_listing(app, common, action, "suppressions", "what is silenced, and until when");
    CLI::App* creating = add_subcommand(
        *command, common, "create", "silences; alerts are stored all the same",
        "kentongan suppressions create --rule sigma:x --entity '10.0.0.*' --reason 'our scanner'");
    creating->add_option("--rule", wanted.rule, "rule id");
    creating->add_option("--entity", wanted.entity, "whom it is about; * and ?");
    creating->add_option("--source", wanted.source, "network or address");
    creating->add_option("--reason", wanted.reason, "why")->required();
    creating->add_option("--hours", wanted.hours, "for how long")
        ->check(CLI::Range(1, 8760))
        ->capture_default_str();
    creating->callback(
        [&] { action = [&](const Output& out) { return create(common, wanted, out); }; });
    add_deciding(*command, common, action, "suppressions", "end", "ends one early", wanted);
}

void add_approvals(CLI::App& app, Common& common, Action& action) {
    static Wanted wanted;
    CLI::App* command =
        add_listing(app, common, action, "approvals", "what waits for a second person");
    add_deciding(*command, common, action, "approvals", "confirm", "the second person's yes",
                 wanted);
    add_deciding(*command, common, action, "approvals", "refuse", "the second person's no", wanted);
}

}  // namespace kentongan::cli
