#include "collectors/zeek/record_reader.hpp"

#include <boost/json.hpp>

#include "collectors/zeek/record.hpp"
#include "collectors/zeek/value.hpp"

namespace kentongan::zeek {

namespace {

namespace json = boost::json;

constexpr std::size_t kTextCap = 65'536;
constexpr std::size_t kKnownStreams = 16;

void set_text_capped(Field field, const flat::Scalar& value, Event& out) {
    if (value.type() == Value::Type::text) return out.set(field, value.text().substr(0, kTextCap));
    flat::set_scalar(field, value, out);
}

void remove_secrets(json::value& value) {
    if (auto* array = value.if_array())
        for (auto& element : *array) remove_secrets(element);
    auto* object = value.if_object();
    if (object == nullptr) return;
    for (auto member = object->begin(); member != object->end();) {
        if (is_secret({member->key().data(), member->key().size()})) {
            member = object->erase(member);
        } else {
            remove_secrets(member->value());
            ++member;
        }
    }
}

}  // namespace

bool RecordReader::read(std::string_view json, std::string_view stream, Event& out) {
    out_ = &out;
    start_.reset();
    seconds_.reset();
    path_.clear();
    no_time_ = secret_ = false;
    const std::size_t before = out.size();
    if (!reader_.read(json) || no_time_ || out.size() == before) return false;
    const Known& log = known(path_.empty() ? stream : std::string_view(path_));
    begin_event(*log.stream, out);
    if (start_) set_event_time(*log.stream, *start_, seconds_, out);
    complete_event(*log.stream, log.name, out);
    return true;
}

void RecordReader::take(const NativeName& name, const flat::Scalar& value) {
    if (value.type() == Value::Type::null) return;
    if (name.role != NativeName::Role::none) take_role(name.role, value);
    secret_ = secret_ || name.secret;
    if (!name.field) return;
    if (name.port)
        if (const auto port = read_port(value)) return out_->set(*name.field, *port);
    if (name.interval)
        if (const auto seconds = read_interval(value)) return out_->set(*name.field, *seconds);
    set_text_capped(*name.field, value, *out_);
}

void RecordReader::take_role(NativeName::Role role, const flat::Scalar& value) {
    if (role == NativeName::Role::start) {
        start_ = read_time(value);
        no_time_ = no_time_ || !start_;
    } else if (role == NativeName::Role::duration) {
        seconds_ = read_interval(value);
    } else if (value.type() == Value::Type::text) {
        path_ = value.text();
    }
}

/// A file has records of one log, or of the few that a sensor writes together.
const RecordReader::Known& RecordReader::known(std::string_view given) {
    for (const Known& one : known_)
        if (one.given == given) return one;
    const std::string name = stream_name(given);
    Known fresh{std::string(given), name, &stream_called(name)};
    if (known_.size() < kKnownStreams) return known_.emplace_back(std::move(fresh));
    return known_[oldest_++ % kKnownStreams] = std::move(fresh);
}

std::string without_secrets(std::string_view text) {
    boost::system::error_code error;
    auto record = json::parse(text, error, {}, flat::parse_options());
    if (error || !record.is_object()) return {};
    remove_secrets(record);
    return json::serialize(record);
}

}  // namespace kentongan::zeek
