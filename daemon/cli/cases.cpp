// kentongan cases list | open | show | set | add | remove | timeline | close, and report.
#include "daemon/base/file.hpp"
#include "daemon/cli/asking.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

struct Wanted {
    std::string id;
    std::vector<std::string> alerts;
    std::map<std::string, std::string> members;
    std::string summary;
    std::string why;
    std::string format = "text";
    std::string file = "-";
    bool breach = false;
    bool all = false;
};

using Ask = Result<json::value> (*)(const ApiClient&, const Wanted&);

/// A case's clocks as one cell: when each is due, or that it was met.
std::string clocks_text(const json::object& one) {
    std::string out;
    for (const auto& clock : one.at("clocks").as_array()) {
        const auto& object = clock.as_object();
        const bool met = !object.at("met").is_null();
        out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ", text_of(object, "name"),
                           met ? "met" : "due", text_of(object, met ? "met" : "due"));
    }
    return out;
}

void print_case(const json::object& one) {
    for (const auto* name :
         {"id", "title", "state", "severity", "owner", "tlp", "breach", "discovered", "closed",
          "alerts", "description", "impact", "summary", "revision"})
        fmt::print("{:12} {}\n", name, cell(text_of(one, name), 2000));
    fmt::print("{:12} {}\n", "clocks", clocks_text(one));
}

Result<int> ask(const Common& common, const Wanted& wanted, Ask how, const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = how(*client, wanted);
    if (!answer) return std::unexpected(answer.error());
    if (out.format == OutputFormat::human)
        print_case(answer->as_object());
    else
        out.object(*answer);
    return 0;
}

json::object body_of(const Wanted& wanted) {
    json::object out;
    for (const auto& [name, value] : wanted.members)
        if (!value.empty()) out[name] = value;
    if (wanted.breach) out["breach"] = true;
    if (!wanted.why.empty()) out["why"] = wanted.why;
    return out;
}

json::array ids_of(const Wanted& wanted) {
    return json::array(wanted.alerts.begin(), wanted.alerts.end());
}

Result<int> list(const Common& common, const Wanted& wanted, const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    auto answer = client->get(wanted.all ? "/api/v1/cases" : "/api/v1/cases?state=open");
    if (!answer) return std::unexpected(answer.error());
    if (out.format == OutputFormat::human)
        for (auto& one : answer->at("cases").as_array())
            one.as_object()["clocks_text"] = clocks_text(one.as_object());
    print_list(*answer, "cases",
               {{"ID", "id"},
                {"SEVERITY", "severity"},
                {"STATE", "state"},
                {"OWNER", "owner"},
                {"ALERTS", "alerts"},
                {"CLOCKS", "clocks_text"},
                {"TITLE", "title"}},
               "no cases", out);
    return 0;
}

Result<int> timeline(const Common& common, const Wanted& wanted, const Output& out) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto answer = client->get("/api/v1/cases/" + wanted.id + "/timeline");
    if (!answer) return std::unexpected(answer.error());
    print_list(*answer, "timeline",
               {{"TIME", "at"}, {"KIND", "kind"}, {"WHO", "who"}, {"WHAT", "text"}}, "nothing yet",
               out);
    return 0;
}

Result<int> document(const Common& common, const Wanted& wanted, const std::string& what) {
    const auto client = daemon_of(common);
    if (!client) return std::unexpected(client.error());
    const auto body = client->get_body("/api/v1/cases/" + wanted.id + what);
    if (!body) return std::unexpected(body.error());
    if (wanted.file == "-") {
        std::fwrite(body->data(), 1, body->size(), stdout);
        return 0;
    }
    if (auto written = write_file(wanted.file, *body); !written)
        return std::unexpected(written.error());
    fmt::print("written to {}; check it before it goes anywhere\n", wanted.file);
    return 0;
}

void add_members(CLI::App* command, Wanted& wanted) {
    for (const auto* name : {"title", "severity", "owner", "tlp", "discovered", "description",
                             "impact", "reported", "notified"})
        command->add_option(std::string("--") + name, wanted.members[name]);
    command->add_flag("--breach", wanted.breach, "personal data is concerned");
    command->add_option("--why", wanted.why, "why, for the record; needed to move discovered");
}

}  // namespace

void add_cases(CLI::App& app, Common& common, Action& action) {
    static Wanted wanted;
    CLI::App* command =
        app.add_subcommand("cases", "alerts that belong together, and their clocks");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* what, const char* example, Ask how) {
        CLI::App* one =
            add_subcommand(*command, common, name, what, std::string("kentongan cases ") + example);
        if (std::string_view(name) != "open")
            one->add_option("case", wanted.id, "the case's id")->required();
        one->callback([&common, &action, how] {
            action = [&common, how](const Output& out) { return ask(common, wanted, how, out); };
        });
        return one;
    };
    CLI::App* listing = add_subcommand(*command, common, "list", "open cases, newest first",
                                       "kentongan cases list --all");
    listing->add_flag("--all", wanted.all, "closed ones too");
    listing->callback(
        [&] { action = [&](const Output& out) { return list(common, wanted, out); }; });
    CLI::App* opening = add("open", "opens a case", "open --title 'Upload form' 01J… 01J…",
                            [](const ApiClient& client, const Wanted& w) {
                                json::object body = body_of(w);
                                body["alerts"] = ids_of(w);
                                return client.post("/api/v1/cases", body);
                            });
    opening->add_option("alerts", wanted.alerts, "ids of alerts");
    add_members(opening, wanted);
    add("show", "one case", "show K01J…", [](const ApiClient& client, const Wanted& w) {
        return client.get("/api/v1/cases/" + w.id);
    });
    add_members(add("set", "changes what is said of it", "set K01J… --impact 'none so far'",
                    [](const ApiClient& client, const Wanted& w) {
                        return client.post("/api/v1/cases/" + w.id, body_of(w));
                    }),
                wanted);
    add("add", "adds alerts", "add K01J… 01J…",
        [](const ApiClient& client, const Wanted& w) {
            return client.post("/api/v1/cases/" + w.id + "/alerts",
                               json::object{{"add", ids_of(w)}});
        })
        ->add_option("alerts", wanted.alerts, "ids of alerts")
        ->required();
    add("remove", "removes alerts", "remove K01J… 01J…",
        [](const ApiClient& client, const Wanted& w) {
            return client.post("/api/v1/cases/" + w.id + "/alerts",
                               json::object{{"remove", ids_of(w)}});
        })
        ->add_option("alerts", wanted.alerts, "ids of alerts")
        ->required();
    add("close", "closes it with a summary", "close K01J… --summary 'a scanner of our own'",
        [](const ApiClient& client, const Wanted& w) {
            return client.post("/api/v1/cases/" + w.id + ":close",
                               json::object{{"summary", w.summary}});
        })
        ->add_option("--summary", wanted.summary, "what it was")
        ->required();
    CLI::App* telling = add_subcommand(*command, common, "timeline", "what happened, in order",
                                       "kentongan cases timeline K01J…");
    telling->add_option("case", wanted.id, "the case's id")->required();
    telling->callback(
        [&] { action = [&](const Output& out) { return timeline(common, wanted, out); }; });
}

void add_report(CLI::App& app, Common& common, Action& action) {
    static Wanted wanted;
    CLI::App* command = app.add_subcommand("report", "documents made of a case; nothing is sent");
    command->require_subcommand(1);
    CLI::App* bssn = add_subcommand(
        *command, common, "bssn", "the report of Peraturan BSSN 1/2024 art. 15, in Indonesian",
        "kentongan report bssn K01J… --format html --file laporan.html");
    bssn->add_option("--format", wanted.format, "text or html")
        ->check(CLI::IsMember({"text", "html"}))
        ->capture_default_str();
    bssn->callback([&] {
        action = [&](const Output&) {
            return document(common, wanted, "/report?format=" + wanted.format);
        };
    });
    CLI::App* statement =
        add_subcommand(*command, common, "statement", "a draft for the public, TLP:CLEAR",
                       "kentongan report statement K01J…");
    statement->callback(
        [&] { action = [&](const Output&) { return document(common, wanted, "/statement"); }; });
    for (CLI::App* one : {bssn, statement}) {
        one->add_option("case", wanted.id, "the case's id")->required();
        one->add_option("--file", wanted.file, "where to write it")->capture_default_str();
    }
}

}  // namespace kentongan::cli
