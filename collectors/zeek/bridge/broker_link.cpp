#include "collectors/zeek/bridge/broker_link.hpp"

#include <boost/json.hpp>
#include <broker/broker.hh>
#include <broker/zeek.hh>
#include <chrono>
#include <cmath>

#include "collectors/zeek/frame.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::bridge {

namespace {

namespace json = boost::json;

constexpr std::size_t kQueue = 4096;  // libbroker's default of 20 halves the rate
constexpr int kDepthCap = 16;
constexpr std::string_view kLogEvent = "Kentongan::log";

/// Zeek values as the JSON that Zeek's own to_json would write. Null for what is nested too deep.
struct ToJson {
    int depth = 0;

    json::value operator()(broker::none) const { return nullptr; }
    json::value operator()(broker::boolean v) const { return v; }
    json::value operator()(broker::count v) const { return v; }
    json::value operator()(broker::integer v) const { return v; }
    json::value operator()(broker::real v) const {
        return std::isfinite(v) ? json::value(v) : json::value(nullptr);
    }
    json::value operator()(const std::string& v) const { return text(v); }
    json::value operator()(const broker::address& v) const { return text(to_string(v)); }
    json::value operator()(const broker::subnet& v) const { return text(to_string(v)); }
    json::value operator()(const broker::port& v) const {
        constexpr std::string_view kProtocols[] = {"unknown", "tcp", "udp", "icmp"};
        const auto type = std::min<std::size_t>(static_cast<std::size_t>(v.type()), 3);
        return json::object{{"port", v.number()}, {"proto", kProtocols[type]}};
    }
    json::value operator()(broker::timestamp v) const {
        return std::chrono::duration<double>(v.time_since_epoch()).count();
    }
    json::value operator()(broker::timespan v) const {
        return std::chrono::duration<double>(v).count();
    }
    json::value operator()(const broker::enum_value& v) const { return text(v.name); }
    json::value operator()(const broker::set& v) const { return list(v); }
    json::value operator()(const broker::vector& v) const { return list(v); }
    json::value operator()(const broker::table& v) const {
        json::array out;
        if (depth < kDepthCap)
            for (const auto& [key, value] : v)
                out.push_back(json::object{{"key", inner(key)}, {"value", inner(value)}});
        return out;
    }

  private:
    static json::value text(const std::string& v) { return json::string(printable_utf8(v)); }
    json::value inner(const broker::data& v) const {
        return caf::visit(ToJson{depth + 1}, v.get_data());
    }
    template <class List>
    json::value list(const List& elements) const {
        json::array out;
        if (depth < kDepthCap)
            for (const auto& element : elements) out.push_back(inner(element));
        return out;
    }
};

std::string quoted(std::string_view text) {
    return json::serialize(json::string(printable_utf8(text)));
}

bool is_json_object(std::string_view text) {
    unsigned char memory[16 * 1024];
    json::monotonic_resource resource{memory, sizeof memory};
    boost::system::error_code error;
    const auto value = json::parse(text, error, &resource);
    return !error && value.is_object();
}

/// The record's text as Zeek wrote it, once it is sure to be one JSON object; empty when it is not.
std::string record_frame(std::string_view topic, const broker::vector& arguments,
                         std::int64_t received) {
    if (arguments.size() != 3) return {};
    const auto* node = caf::get_if<std::string>(&arguments[0]);
    const auto* stream = caf::get_if<std::string>(&arguments[1]);
    const auto* record = caf::get_if<std::string>(&arguments[2]);
    if (node == nullptr || stream == nullptr || record == nullptr) return {};
    if (!is_json_object(*record)) return {};
    return fmt::format(
        R"({{"topic":{},"event":"{}","stream":{},"node":{},"record":{},"received_ns":{}}})",
        quoted(topic), kLogEvent, quoted(*stream), quoted(*node), *record, received);
}

std::string event_frame(std::string_view topic, const std::string& name,
                        const broker::vector& arguments, std::int64_t received) {
    return fmt::format(R"({{"topic":{},"event":{},"args":{},"received_ns":{}}})", quoted(topic),
                       quoted(name), json::serialize(ToJson{}(arguments)), received);
}

class Decoder {
  public:
    Decoder(std::string_view topic, std::int64_t received,
            const std::function<void(std::string_view)>& take)
        : topic_(topic), received_(received), take_(take) {}

    /// Zeek's wrapper is [protocol version, type, content]; a batch holds more of them. How many
    /// messages could not be decoded.
    std::uint64_t decode(const broker::data& data, int depth = 0) const {
        const auto type = broker::zeek::Message::type(data);
        const auto* wrapper = caf::get_if<broker::vector>(&data);
        const bool has_content = wrapper != nullptr && wrapper->size() >= 3;
        const auto* content = has_content ? caf::get_if<broker::vector>(&(*wrapper)[2]) : nullptr;
        if (content == nullptr) return 1;
        if (type == broker::zeek::Message::Event) return decode_event(*content) ? 0 : 1;
        if (type != broker::zeek::Message::Batch || depth >= kDepthCap) return 1;
        std::uint64_t failures = 0;
        for (const auto& message : *content) failures += decode(message, depth + 1);
        return failures;
    }

  private:
    bool decode_event(const broker::vector& content) const {
        if (content.size() < 2) return false;
        const auto* name = caf::get_if<std::string>(&content[0]);
        const auto* arguments = caf::get_if<broker::vector>(&content[1]);
        if (name == nullptr || arguments == nullptr) return false;
        const std::string frame = *name == kLogEvent
                                      ? record_frame(topic_, *arguments, received_)
                                      : event_frame(topic_, *name, *arguments, received_);
        if (frame.empty() || frame.size() > zeek::kFrameCap) return false;
        take_(frame);
        return true;
    }

    std::string_view topic_;
    std::int64_t received_;
    const std::function<void(std::string_view)>& take_;
};

broker::configuration configuration_of(const Settings& settings) {
    broker::broker_options options;
    options.disable_ssl = settings.plain;
    options.forward = false;
    options.ignore_broker_conf = true;
    broker::configuration out{options};
    out.set("scheduler.max-threads", std::size_t{1});
    if (settings.mutual_tls()) {
        out.set("openssl.cafile", settings.ca_file);
        out.set("openssl.certificate", settings.certificate_file);
        out.set("openssl.key", settings.key_file);
    }
    return out;
}

/// An error's context is where and a text; the text is enough, for we know where.
std::string reason_of(const broker::error& error) {
    const auto& context = error.context();
    if (context.match_elements<broker::endpoint_info, std::string>())
        return printable_utf8(context.get_as<std::string>(1), 300);
    return printable_utf8(to_string(error), 300);
}

std::vector<broker::topic> topics_of(const Settings& settings) {
    return {settings.topics.begin(), settings.topics.end()};
}

}  // namespace

struct BrokerLink::Parts {
    explicit Parts(const Settings& settings)
        : endpoint(configuration_of(settings)),
          changes(endpoint.make_status_subscriber(true)),
          messages(endpoint.make_subscriber(topics_of(settings), kQueue)) {}

    broker::endpoint endpoint;
    broker::status_subscriber changes;
    broker::subscriber messages;
};

BrokerLink::BrokerLink(const Settings& settings) : parts_(std::make_unique<Parts>(settings)) {}
BrokerLink::~BrokerLink() = default;

void BrokerLink::connect(const Peer& peer) {
    // No retry of libbroker's own: it says nothing about one that hangs.
    parts_->endpoint.peer_nosync(peer.host, peer.port, broker::timeout::seconds(0));
}

int BrokerLink::change_fd() const { return parts_->changes.fd(); }
int BrokerLink::message_fd() const { return parts_->messages.fd(); }

std::vector<PeeringChange> BrokerLink::changes() {
    std::vector<PeeringChange> out;
    for (const auto& change : parts_->changes.poll()) {
        if (const auto* error = caf::get_if<broker::error>(&change))
            out.push_back({PeeringChange::Kind::failed, reason_of(*error)});
        const auto* status = caf::get_if<broker::status>(&change);
        if (status == nullptr) continue;
        const auto code = status->code();
        if (code == broker::sc::peer_added) out.push_back({PeeringChange::Kind::added, {}});
        if (code == broker::sc::peer_lost || code == broker::sc::peer_removed)
            out.push_back({PeeringChange::Kind::lost, printable_utf8(*status->message(), 300)});
    }
    return out;
}

std::uint64_t BrokerLink::messages(const std::function<void(std::string_view)>& take) {
    const auto received = std::chrono::duration_cast<std::chrono::nanoseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count();
    std::uint64_t failures = 0;
    for (const auto& message : parts_->messages.poll())
        failures += Decoder{broker::get_topic(message).string(), received, take}.decode(
            broker::get_data(message));
    return failures;
}

}  // namespace kentongan::bridge
