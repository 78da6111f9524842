// The description of the API: its structure by OpenAPI 3.1, its parameters by what is refused, its
// answers by what is answered, and the table of the README.
#include "daemon/api/openapi.hpp"

#include <fstream>
#include <set>

#include "tests/support/api_schema.hpp"
#include "tests/support/project.hpp"
#include "tests/unit/api/running_server.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

const json::object& document() {
    static const json::object kDocument = api::openapi(api::routes());
    return kDocument;
}

template <class Visit>
void for_each_operation(const Visit& visit) {
    for (const auto& [path, methods] : document().at("paths").as_object())
        for (const auto& [method, operation] : methods.as_object())
            visit(std::string(path), std::string(method), operation.as_object());
}

std::set<std::string> names_in(const std::string& path) {
    std::set<std::string> out;
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1))
        out.insert(path.substr(open + 1, path.find('}', open) - open - 1));
    return out;
}

void check_schema(const json::value& schema, const std::string& where) {
    const json::object& members = schema.as_object();
    if (const auto* reference = members.if_contains("$ref")) {
        boost::system::error_code bad;
        const std::string pointer{reference->as_string().subview(1)};
        EXPECT_NE(json::value(document()).find_pointer(pointer, bad), nullptr)
            << where << " " << pointer;
        return;
    }
    constexpr std::array<std::string_view, 7> kTypes{"string", "integer", "number", "boolean",
                                                     "array",  "object",  "null"};
    const auto known = [&](const json::value& type) {
        return std::ranges::find(kTypes, std::string_view{type.as_string()}) != kTypes.end();
    };
    const json::value& type = members.at("type");
    EXPECT_TRUE(type.is_array() ? std::ranges::all_of(type.as_array(), known) : known(type))
        << where;
    const auto* properties = members.if_contains("properties");
    if (properties != nullptr)
        for (const auto& [name, property] : properties->as_object())
            check_schema(property, where + "." + std::string(name));
    if (const auto* required = members.if_contains("required"))
        for (const auto& name : required->as_array())
            EXPECT_TRUE(properties != nullptr && properties->as_object().contains(name.as_string()))
                << where;
}

void check_content(const json::object& holder, const std::string& where) {
    ASSERT_FALSE(holder.at("content").as_object().empty()) << where;
    for (const auto& [type, media] : holder.at("content").as_object()) {
        EXPECT_TRUE(std::string(type).contains('/')) << where;
        check_schema(media.at("schema"), where);
    }
}

void check_responses(const json::object& responses, const std::string& where) {
    int well = 0;
    for (const auto& [status, response] : responses) {
        EXPECT_TRUE(status.size() == 3 && status[0] >= '1' && status[0] <= '5') << where;
        well += status[0] == '2' ? 1 : 0;
        if (response.as_object().contains("$ref")) {
            check_schema(response, where);
            continue;
        }
        EXPECT_TRUE(response.at("description").is_string()) << where;
        if (response.as_object().contains("content")) check_content(response.as_object(), where);
    }
    EXPECT_GE(well, 1) << where;
}

void check_parameters(const json::object& operation, const std::string& path,
                      const std::string& where) {
    std::set<std::string> in_path;
    std::set<std::pair<std::string, std::string>> seen;
    const auto* parameters = operation.if_contains("parameters");
    if (parameters != nullptr)
        for (const auto& one : parameters->as_array()) {
            const std::string in{one.at("in").as_string()};
            const std::string name{one.at("name").as_string()};
            EXPECT_TRUE(in == "path" || in == "query") << where;
            EXPECT_TRUE(seen.insert({in, name}).second) << where << " " << name;
            if (in == "path") {
                EXPECT_TRUE(one.at("required").as_bool()) << where;
                in_path.insert(name);
            }
            check_schema(one.at("schema"), where);
        }
    EXPECT_EQ(in_path, names_in(path)) << where;
}

TEST(OpenApi, HasTheStructureOfVersion31) {
    EXPECT_TRUE(document().at("openapi").as_string().starts_with("3.1."));
    EXPECT_TRUE(document().at("info").at("title").is_string());
    EXPECT_TRUE(document().at("info").at("version").is_string());
    std::set<std::string> ids;
    for_each_operation([&](const std::string& path, const std::string& method,
                           const json::object& operation) {
        const std::string where = method + " " + path;
        EXPECT_TRUE(path.starts_with('/')) << where;
        EXPECT_TRUE(method == "get" || method == "post" || method == "put" || method == "delete");
        EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second)
            << where;
        check_parameters(operation, path, where);
        check_responses(operation.at("responses").as_object(), where);
        if (const auto* body = operation.if_contains("requestBody")) {
            EXPECT_NE(method, "get") << where;
            check_content(body->as_object(), where);
        }
        if (const auto* security = operation.if_contains("security"))
            for (const auto& way : security->as_array())
                for (const auto& [name, scopes] : way.as_object())
                    EXPECT_TRUE(document()
                                    .at("components")
                                    .at("securitySchemes")
                                    .as_object()
                                    .contains(name))
                        << where;
    });
    check_responses(
        document().at("paths").at("/api/v1/session").at("delete").at("responses").as_object(),
        "logging out");
    for (const auto& [name, response] : document().at("components").at("responses").as_object())
        check_content(response.as_object(), std::string(name));
    for (const auto& [name, schema] : document().at("components").at("schemas").as_object())
        check_schema(schema, std::string(name));
}

TEST(OpenApi, SaysWhichStatusEachAnswerHas) {
    const auto has = [](std::string_view path, std::string_view method, std::string_view status) {
        return document()
            .at("paths")
            .at(path)
            .at(method)
            .at("responses")
            .as_object()
            .contains(status);
    };
    EXPECT_TRUE(has("/api/v1/session", "delete", "204"));
    EXPECT_FALSE(has("/api/v1/session", "delete", "200"));
    EXPECT_TRUE(has("/api/v1/cases", "post", "201"));
    EXPECT_FALSE(has("/api/v1/cases", "post", "200"));
    EXPECT_TRUE(has("/api/v1/suppressions", "post", "202"));
    EXPECT_TRUE(has("/api/v1/suppressions", "post", "201"));
    EXPECT_TRUE(has("/api/v1/alerts", "get", "200"));
}

struct Described : ::testing::Test {
    Described() {
        server.store.add(an_alert());
        server.store.destinations.push_back(a_destination("bssn"));
        server.store.sent.emplace_back().message.sequence = 7;
    }
    Reply lead(std::string_view target, std::string_view body) {
        return server.post(target, body, bearer(RunningServer::token_of(api::Role::lead)));
    }
    RunningServer server;
};

TEST_F(Described, EveryRouteRefusesParametersThatItDoesNotName) {
    for_each_operation(
        [&](const std::string& path, const std::string& method, const json::object& operation) {
            if (method != "get" || path.contains('{') || !path.starts_with("/api/v1/")) return;
            const Reply refused = server.get(path + "?nonsense=1");
            EXPECT_EQ(refused.result_int(), 400u) << path;
            EXPECT_THAT(refused.body(), HasSubstr("nonsense")) << path;
            const auto* parameters = operation.if_contains("parameters");
            if (parameters == nullptr || path.ends_with("/stream")) return;  // that never ends
            for (const auto& one : parameters->as_array()) {
                const std::string name{one.at("name").as_string()};
                const std::string body = server.get(fmt::format("{}?{}=1", path, name)).body();
                EXPECT_FALSE(body.contains("unknown parameter") || body.contains("unknown;"))
                    << path << " " << name << " " << body;
            }
        });
}

TEST_F(Described, AnswersHaveTheMembersTheyPromise) {
    const Reply opened = lead("/api/v1/cases", R"({"title":"A case"})");
    ASSERT_EQ(opened.result_int(), 201u) << opened.body();
    const std::string case_id{json_of(opened).at("id").as_string()};
    const std::string search = R"({"query":"severity >= high"})";
    Client saving{server.port};
    saving.send(
        fmt::format("PUT /api/v1/searches/mine HTTP/1.1\r\nHost: x\r\n{}Content-Type: "
                    "application/json\r\nContent-Length: {}\r\n\r\n{}",
                    bearer(kToken), search.size(), search));
    ASSERT_EQ(saving.receive().result_int(), 200u);
    // What the process tells of itself is made up here: the daemon's own test asks it.
    const std::set<std::string> made_up{
        "/api/v1/sensors",  "/api/v1/services",        "/api/v1/rules/{id}",
        "/api/v1/settings", "/api/v1/evidence",        "/api/v1/drill",
        "/api/v1/coverage", "/api/v1/coverage/series", "/api/v1/alerts/{id}/proof"};
    std::size_t checked = 0;
    for_each_operation(
        [&](const std::string& path, const std::string& method, const json::object& operation) {
            const json::object* schema = promised(operation);
            if (method != "get" || schema == nullptr || made_up.contains(path)) return;
            std::string target = path;
            const auto put = [&](std::string_view name, std::string_view value) {
                if (const auto at = target.find(name); at != std::string::npos)
                    target.replace(at, name.size(), value);
            };
            put("{id}", path.contains("cases") ? case_id : "01J00000000000000000000001");
            put("{sequence}", "7");
            put("{name}", "mine");
            if (path.ends_with("/actions")) return;  // of alerts that casework knows
            const Reply reply = server.get(target);
            ASSERT_EQ(reply.result_int(), 200u) << target << reply.body();
            EXPECT_EQ(broken_promise(*schema, json::parse(reply.body())), "") << target;
            ++checked;
        });
    EXPECT_GE(checked, 18u);
}

TEST(OpenApi, TheReadmesTableIsThatOfTheRoutes) {
    std::ifstream file{project_root() / "daemon/api/README.md"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::string table = api::route_table(api::routes());
    EXPECT_TRUE(text.contains(table)) << "the table of daemon/api/README.md should be:\n" << table;
}

}  // namespace
}  // namespace kentongan
