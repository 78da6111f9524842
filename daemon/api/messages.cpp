// Single messages of the outbox: their state and receipts, and sending a range again.
#include <array>
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 4> kStates{"any", "pending", "delivered", "dead"};
constexpr std::array<std::string_view, 3> kLanes{"critical", "usual", "heartbeat"};

json::object to_json(const DeliveryRecord& record) {
    const Delivery& message = record.message;
    json::object out{
        {"sequence", message.sequence},
        {"message_id", message_id(message.alert_id, message.sequence, message.destination)},
        {"destination", message.destination},
        {"alert", message.alert_id},
        {"type", message.type},
        {"lane", kLanes[static_cast<std::size_t>(message.lane)]},
        {"state", kStates[static_cast<std::size_t>(record.state)]},
        {"attempts", message.attempts},
        {"committed", to_rfc3339(record.committed)},
        {"detail", record.detail}};
    out["settled"] = record.settled ? json::value(to_rfc3339(*record.settled)) : json::value();
    return out;
}

const std::string* parameter(const Call& call, std::string_view name) {
    for (const auto& [key, value] : call.request.parsed.query)
        if (key == name) return &value;
    return nullptr;
}

/// What is wrong with the query; empty when all is well.
std::vector<FieldError> read_query(const Call& call, DeliveryQuery& out) {
    std::vector<FieldError> wrong;
    for (const auto& [name, value] : call.request.parsed.query) {
        const auto number = parse_number<std::int64_t>(value);
        if (name == "destination") {
            out.destination = value;
        } else if (name == "alert") {
            out.alert_id = value;
        } else if (name == "state") {
            const auto found = std::ranges::find(kStates, value);
            if (found == kStates.end())
                wrong.push_back({name, "one of any, pending, delivered, dead"});
            else
                out.state = static_cast<DeliveryQuery::State>(found - kStates.begin());
        } else if (name == "before" && number && *number > 0) {
            out.before = *number;
        } else if (name == "limit" && number && *number >= 1 && *number <= 1000) {
            out.limit = static_cast<std::size_t>(*number);
        } else {
            wrong.push_back({name, name == "before" || name == "limit"
                                       ? "a number from 1 (limit: to 1000)"
                                       : "unknown; destination, alert, state, before and limit are "
                                         "known"});
        }
    }
    return wrong;
}

}  // namespace

Task<Response> list_messages(Call call) {
    DeliveryQuery query;
    if (auto wrong = read_query(call, query); !wrong.empty())
        co_return problem(400, "the query cannot be understood", call.request.target, wrong);
    const auto read = [&] { return call.service.dependencies.outbox.records(query); };
    const auto found = co_await run_on(call.service.dependencies.store, read);
    if (!found) co_return store_problem(call, found.error());
    json::array list;
    for (const DeliveryRecord& record : *found) list.push_back(to_json(record));
    json::object body{{"messages", std::move(list)}};
    if (found->size() == query.limit) body["next_before"] = found->back().message.sequence;
    co_return json_answer(call, json::serialize(body));
}

Task<Response> show_message(Call call) {
    const auto sequence = parse_number<std::int64_t>(call.path.at("sequence"));
    const auto read = [&]() -> Result<std::optional<DeliveryRecord>> {
        if (!sequence) return std::nullopt;
        return call.service.dependencies.outbox.record(*sequence);
    };
    const auto found = co_await run_on(call.service.dependencies.store, read);
    if (!found) co_return store_problem(call, found.error());
    if (!*found)
        co_return problem(404, "no such message; GET /api/v1/messages lists them",
                          call.request.target);
    const auto may = co_await may_read(call, (*found)->message.alert_id);
    if (!may) co_return store_problem(call, may.error());
    if (!*may)
        co_return problem(403, "its alert is TLP:RED; this takes the role analyst or more",
                          call.request.target);
    json::object body = to_json(**found);
    body["body"] = (*found)->message.body;
    co_return json_answer(call, json::serialize(body));
}

Task<Response> replay_deliveries(Call call) {
    const std::string destination = call.path.at("destination");
    const auto time = [&](std::string_view name) {
        const std::string* text = parameter(call, name);
        return text != nullptr ? parse_rfc3339(*text) : std::nullopt;
    };
    const auto since = time("since");
    const auto until = time("until");
    if (!since || !until || *since >= *until)
        co_return problem(400, "since and until are needed, RFC 3339, since before until",
                          call.request.target);
    Outbox& outbox = call.service.dependencies.outbox;
    const auto replay = [&]() -> Result<std::optional<std::uint64_t>> {
        const auto known = outbox.status();
        if (!known) return std::unexpected(known.error());
        for (const DeliveryStatus& one : *known) {
            if (one.destination != destination) continue;
            if (auto noted = note_again(call, destination, "replay",
                                        to_rfc3339(*since) + " to " + to_rfc3339(*until));
                !noted)
                return std::unexpected(noted.error());
            const auto again = outbox.replay(destination, *since, *until);
            if (!again) return std::unexpected(again.error());
            return *again;
        }
        return std::nullopt;
    };
    const auto again = co_await run_on(call.service.dependencies.store, replay);
    if (!again) co_return store_problem(call, again.error());
    if (!*again)
        co_return problem(404, "no such destination; GET /api/v1/deliveries lists them",
                          call.request.target);
    co_return json_answer(
        call, json::serialize(json::object{{"destination", destination}, {"queued", **again}}));
}

}  // namespace kentongan::api
