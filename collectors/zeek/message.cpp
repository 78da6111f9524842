#include "collectors/zeek/message.hpp"

#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan::zeek {

namespace {

namespace json = boost::json;

constexpr std::size_t kMemory = 64 * 1024;
constexpr std::size_t kPeerCap = 128;
constexpr std::size_t kDepth = 32;

std::string_view text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

std::uint64_t count_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return 0;
    return static_cast<std::uint64_t>(value->get_int64());
}

Message message_of(Message::Kind kind) {
    Message out;
    out.kind = kind;
    return out;
}

Message read_hello(const json::object& hello) {
    Message out = message_of(Message::Kind::hello);
    out.peer = printable_utf8(text_at(hello, "peer"), kPeerCap);
    return out;
}

Message read_status(const json::object& status) {
    Message out = message_of(Message::Kind::status);
    out.dropped = count_at(status, "dropped");
    out.undecodable = count_at(status, "undecodable");
    return out;
}

}  // namespace

/// A record, or the event itself where it carries none.
Message MessageReader::read_event(const json::object& frame, Event& out) {
    const auto* record = frame.if_contains("record");
    const bool has_record = record != nullptr && record->is_object();
    if (!has_record && !frame.contains("args")) return message_of(Message::Kind::malformed);
    const std::string content = json::serialize(has_record ? record->get_object() : frame);
    out.set_raw(content);
    if (!records_.read(content, has_record ? text_at(frame, "stream") : "event", out))
        return message_of(Message::Kind::no_record);
    if (const auto node = text_at(frame, "node"); !node.empty() && has_record)
        out.set(Field::zeek_node, node);
    if (records_.held_secret()) out.set_raw(without_secrets(content));
    return message_of(Message::Kind::event);
}

MessageReader::MessageReader() : memory_(kMemory) {}

Message MessageReader::read(std::string_view text, Event& out) {
    out.clear();
    json::monotonic_resource resource{memory_.data(), memory_.size()};
    json::parse_options options;
    options.max_depth = kDepth;
    boost::system::error_code error;
    json::value value = json::parse(text, error, &resource, options);
    auto* frame = error ? nullptr : value.if_object();
    if (frame == nullptr) return {};
    const auto object_at = [frame](std::string_view key) {
        auto* member = frame->if_contains(key);
        return member == nullptr ? nullptr : member->if_object();
    };
    if (frame->contains("event")) return read_event(*frame, out);
    if (const auto* hello = object_at("hello")) return read_hello(*hello);
    if (const auto* status = object_at("status")) return read_status(*status);
    return {};
}

}  // namespace kentongan::zeek
