#pragma once
// Whether an answer of the API keeps what its description promises.
#include <boost/json.hpp>
#include <string>

namespace kentongan {

inline bool is_of_type(const boost::json::value& value, std::string_view type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_bool();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return type == "null" && value.is_null();
}

/// What is wrong with a value by a schema of type, properties and required; empty: nothing.
inline std::string broken_promise(const boost::json::object& schema,
                                  const boost::json::value& value) {
    if (!value.is_object()) return "no object";
    if (const auto* required = schema.if_contains("required"))
        for (const auto& name : required->as_array())
            if (!value.as_object().contains(name.as_string()))
                return std::string(name.as_string()) + " is missing";
    const auto* properties = schema.if_contains("properties");
    if (properties == nullptr) return {};
    for (const auto& [name, property] : properties->as_object()) {
        const auto* member = value.as_object().if_contains(name);
        if (member == nullptr) continue;
        const auto& type = property.at("type");
        bool fits = type.is_string() && is_of_type(*member, type.as_string());
        if (type.is_array())
            for (const auto& one : type.as_array()) fits |= is_of_type(*member, one.as_string());
        if (!fits) return std::string(name) + " is not of type " + boost::json::serialize(type);
    }
    return {};
}

/// The schema of what a GET of this path answers with when all is well; null: it is not JSON.
inline const boost::json::object* promised(const boost::json::object& operation) {
    for (const auto& [status, response] : operation.at("responses").as_object()) {
        if (!status.starts_with("20")) continue;
        const auto* content = response.as_object().if_contains("content");
        if (content == nullptr) return nullptr;
        const auto* json = content->as_object().if_contains("application/json");
        return json == nullptr ? nullptr : &json->at("schema").as_object();
    }
    return nullptr;
}

}  // namespace kentongan
