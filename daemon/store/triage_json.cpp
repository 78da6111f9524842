// Cases and approvals as JSON: the form in which they are stored and served.
#include <boost/json.hpp>

#include "daemon/store/triage.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

json::value time_or_null(const std::optional<Timestamp>& time) {
    return time ? json::value(to_rfc3339(*time, 9)) : json::value(nullptr);
}

/// Reads members, remembering the first that is missing or of a wrong type.
class Members {
  public:
    explicit Members(const json::value& value) : object_(value.if_object()) {}
    std::string text(std::string_view name) {
        const auto* member = object_ == nullptr ? nullptr : object_->if_contains(name);
        if (member != nullptr && member->is_string()) return std::string(member->as_string());
        wrong(name);
        return {};
    }
    bool flag(std::string_view name) {
        const auto* member = object_ == nullptr ? nullptr : object_->if_contains(name);
        if (member != nullptr && member->is_bool()) return member->as_bool();
        wrong(name);
        return false;
    }
    std::int64_t number(std::string_view name) {
        const auto* member = object_ == nullptr ? nullptr : object_->if_contains(name);
        if (member != nullptr && member->is_int64()) return member->as_int64();
        wrong(name);
        return 0;
    }
    /// What former versions did not write: missing is `otherwise`.
    std::int64_t number(std::string_view name, std::int64_t otherwise) {
        return object_ == nullptr || !object_->contains(name) ? otherwise : number(name);
    }
    std::vector<std::string> texts(std::string_view name) {
        std::vector<std::string> out;
        const auto* member = object_ == nullptr ? nullptr : object_->if_contains(name);
        if (member == nullptr) return out;
        const auto* list = member->if_array();
        if (list == nullptr) wrong(name);
        for (const auto& item : list == nullptr ? json::array{} : *list)
            if (item.is_string())
                out.emplace_back(item.as_string());
            else
                wrong(name);
        return out;
    }
    std::optional<Timestamp> optional_time(std::string_view name) {
        const auto* member = object_ == nullptr ? nullptr : object_->if_contains(name);
        if (member != nullptr && member->is_null()) return std::nullopt;
        return time(name);
    }
    Timestamp time(std::string_view name) {
        const auto parsed = parse_rfc3339(text(name));
        if (!parsed) wrong(name);
        return parsed.value_or(Timestamp{});
    }
    template <class T>
    T word(std::string_view name, std::optional<T> (*parse)(std::string_view), T otherwise) {
        const auto parsed = parse(text(name));
        if (!parsed) wrong(name);
        return parsed.value_or(otherwise);
    }
    template <class T>
    Result<T> finish(T value, std::string_view what) const {
        if (wrong_.empty()) return value;
        return fail(ErrorCode::data, "{}: the member {} is missing or wrong", what, wrong_);
    }

  private:
    void wrong(std::string_view name) {
        if (wrong_.empty()) wrong_ = name;
    }
    const json::object* object_;
    std::string wrong_;
};

}  // namespace

json::object to_json(const CaseRecord& record) {
    return {{"id", record.id},
            {"title", record.title},
            {"severity", name_of(record.severity)},
            {"state", record.closed ? "closed" : "open"},
            {"owner", record.owner},
            {"tlp", name_of(record.tlp)},
            {"breach", record.breach},
            {"exercise", record.exercise},
            {"discovered", to_rfc3339(record.discovered, 9)},
            {"opened", to_rfc3339(record.opened, 9)},
            {"closed", time_or_null(record.closed)},
            {"reported", time_or_null(record.reported)},
            {"notified", time_or_null(record.notified)},
            {"description", record.description},
            {"impact", record.impact},
            {"summary", record.summary},
            {"revision", record.revision}};
}

Result<CaseRecord> case_from_json(const json::value& value) {
    Members in{value};
    CaseRecord out;
    out.id = in.text("id");
    out.title = in.text("title");
    out.severity = in.word("severity", parse_severity, Severity::medium);
    out.owner = in.text("owner");
    out.tlp = in.word("tlp", parse_tlp, Tlp::amber);
    out.breach = in.flag("breach");
    out.exercise = in.flag("exercise");
    out.discovered = in.time("discovered");
    out.opened = in.time("opened");
    out.closed = in.optional_time("closed");
    out.reported = in.optional_time("reported");
    out.notified = in.optional_time("notified");
    out.description = in.text("description");
    out.impact = in.text("impact");
    out.summary = in.text("summary");
    out.revision = in.number("revision");
    return in.finish(std::move(out), "case");
}

json::object to_json(const Approval& approval) {
    return {
        {"id", approval.id},
        {"action", approval.action},
        {"object", approval.object},
        {"why", approval.why},
        {"request", approval.request},
        {"asked_by", approval.asked_by},
        {"confirmers", static_cast<std::int64_t>(approval.confirmers)},
        {"confirmed_by", json::array(approval.confirmed_by.begin(), approval.confirmed_by.end())},
        {"asked", to_rfc3339(approval.asked, 9)},
        {"expires", to_rfc3339(approval.expires, 9)},
        {"state", approval.state},
        {"decided_by", approval.decided_by},
        {"decided", time_or_null(approval.decided)},
        {"decided_why", approval.decided_why}};
}

Result<Approval> approval_from_json(const json::value& value) {
    Members in{value};
    Approval out;
    out.id = in.text("id");
    out.action = in.text("action");
    out.object = in.text("object");
    out.why = in.text("why");
    out.request = in.text("request");
    out.asked_by = in.text("asked_by");
    out.confirmers = static_cast<std::size_t>(in.number("confirmers", 1));
    out.confirmed_by = in.texts("confirmed_by");
    out.asked = in.time("asked");
    out.expires = in.time("expires");
    out.state = in.text("state");
    out.decided_by = in.text("decided_by");
    out.decided = in.optional_time("decided");
    out.decided_why = in.text("decided_why");
    return in.finish(std::move(out), "approval");
}

std::string sealed_text(const Suppression& one) {
    return json::serialize(json::array{one.id, one.rule_id, one.entity, one.source_ip, one.reason,
                                       one.owner, to_nanoseconds(one.begins),
                                       to_nanoseconds(one.expires)});
}

}  // namespace kentongan
