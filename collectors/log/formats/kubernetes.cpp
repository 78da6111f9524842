// The audit log of the Kubernetes API server (audit.k8s.io/v1): one event a line. Kept under its
// own names, as Sigma's rules want it, and under ECS names. Of request bodies only what those rules
// ask for is kept: bodies hold secrets, and keys without end.
#include <algorithm>

#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/json_line.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"

namespace kentongan::log {

namespace {

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

struct Row {
    std::string_view path;
    Field native;
    Field ecs;
};

/// `ecs` is the native field again where ECS has no name.
Row row(std::string_view path, std::optional<Field> ecs = std::nullopt) {
    return {path, named(path), ecs.value_or(named(path))};
}

const std::vector<Row>& rows() {
    static const std::vector<Row> table{
        row("verb", Field::event_action),
        row("level"),
        row("stage"),
        row("auditID", Field::event_id),
        row("requestURI"),
        row("userAgent", Field::user_agent_original),
        row("sourceIPs"),
        row("user.username", Field::user_name),
        row("user.uid"),
        row("user.groups"),
        row("impersonatedUser.username", Field::user_effective_name),
        row("objectRef.resource", Field::orchestrator_resource_type),
        row("objectRef.namespace", Field::orchestrator_namespace),
        row("objectRef.name", Field::orchestrator_resource_name),
        row("objectRef.apiGroup", named("apiGroup")),
        row("objectRef.apiVersion"),
        row("objectRef.subresource"),
        row("responseStatus.code", Field::http_response_status_code),
        row("responseStatus.status"),
        row("responseStatus.reason"),
        row("responseStatus.message", Field::error_message),
        row("annotations.authorization.k8s.io/decision"),
        row("annotations.authorization.k8s.io/reason"),
    };
    return table;
}

/// Parts of a pod that break out of it, by the short names of Sigma's rules.
struct Part {
    std::string_view sign;
    Field field;
};
const std::vector<Part>& parts() {
    static const std::vector<Part> table{
        {".hostPath.path", named("hostPath")},
        {".securityContext.capabilities.add", named("capabilities")},
        {".securityContext.privileged", named("privileged")},
        {".hostNetwork", named("hostNetwork")},
        {".hostPID", named("hostPID")},
        {"ontainers.image", Field::container_image_name}};
    return table;
}

bool is_audit(const json::object& object) {
    return text_of(object, "kind") == "Event" && object.contains("auditID") &&
           object.contains("verb") && object.contains("stage");
}

class KubernetesFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* object = json_.read(line);
        if (object == nullptr || !is_audit(*object)) return ParseResult::unparsed;
        const auto visit = [&](std::string_view path, const json::value& value) {
            set(path, value, out);
        };
        Flattening{context, path_, visit}.walk(*object);
        set_time(*object, context, out);
        complete_web(*object, out);
        // A request is logged when it comes and when it is answered: the first is none yet.
        const bool received = text_of(*object, "stage") == "RequestReceived";
        out.logsource = {"application", "kubernetes", received ? "audit-received" : "audit"};
        return ParseResult::parsed;
    }
    LogSource logsource() const override { return {"application", "kubernetes", "audit"}; }
    std::string_view name() const override { return "kubernetes"; }

  private:
    static void set(std::string_view path, const json::value& value, Event& out) {
        if (path.starts_with("requestObject.spec.")) {
            for (const auto& [sign, field] : parts())
                if (path.ends_with(sign)) set_value(field, value, out);
            return;
        }
        const auto found = std::ranges::find(rows(), path, &Row::path);
        if (found == rows().end()) return;
        set_value(found->native, value, out);
        if (found->ecs != found->native) set_value(found->ecs, value, out);
    }
    static void set_time(const json::object& object, const ParseContext& context, Event& out) {
        for (const std::string_view key : {"stageTimestamp", "requestReceivedTimestamp"})
            if (const auto time = parse_rfc3339(text_of(object, key), context.zone)) {
                out.time = *time;
                return;
            }
    }
    static void complete_web(const json::object& object, Event& out) {
        if (const auto uri = text_of(object, "requestURI"); !uri.empty()) set_url(uri, out);
        if (const auto code = out.integer(Field::http_response_status_code))
            out.set(Field::event_outcome, *code < 400 ? "success" : "failure");
        const auto* addresses = object.if_contains("sourceIPs");
        const auto* list = addresses == nullptr ? nullptr : addresses->if_array();
        if (list == nullptr || list->empty() || !list->front().is_string()) return;
        const auto& first = list->front().get_string();
        set_source({first.data(), first.size()}, out);
    }

    JsonLine json_;
    std::string path_;
};

}  // namespace

bool is_kubernetes(std::string_view line) {
    return line.starts_with('{') && line.find("\"auditID\":\"") != std::string_view::npos &&
           line.find("audit.k8s.io/") != std::string_view::npos;
}

std::unique_ptr<Format> make_kubernetes(const FormatOptions&) {
    return std::make_unique<KubernetesFormat>();
}

}  // namespace kentongan::log
