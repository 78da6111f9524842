#include "collectors/packet/protocol_events.hpp"

#include <utility>

#include "collectors/packet/stream/conversation.hpp"

namespace kentongan::packet {

Event& ProtocolEvents::begin(EventKind kind, std::string_view category, Side client,
                             const Moment& at) {
    return writer_.begin(kind, category, conversation_->tuple_from(client), at);
}

void ProtocolEvents::emit() { sink_->emit(writer_.event()); }

void ProtocolEvents::begin_file(Side from, const FileFacts& facts, const Moment& at) {
    end_file(from, false, at);
    // What a request brings is looked at as its body, with the parts of a form.
    const bool keep = facts.source != "http" || from == Side::responder;
    conversation_->files[static_cast<std::size_t>(from)] = files_.begin(facts, at, keep);
}

void ProtocolEvents::file_bytes(Side from, Bytes data) {
    if (auto& file = conversation_->files[static_cast<std::size_t>(from)])
        files_.bytes(*file, data);
}

void ProtocolEvents::end_file(Side from, bool whole, const Moment& at) {
    auto file = std::exchange(conversation_->files[static_cast<std::size_t>(from)], nullptr);
    if (!file) return;
    Event& event = begin(EventKind::file, "file_event", from, at);
    const std::string content = files_.end(std::move(file), whole, event);
    emit();
    if (content.empty() || !sink_->wants(EventKind::content)) return;
    event.kind = EventKind::content;
    event.set_raw(content);
    emit();
}

void ProtocolEvents::anomaly(std::string_view name, Side from, const Moment& at) {
    begin(EventKind::anomaly, "network", from, at).set(Field::network_anomaly, name);
    emit();
}

void ProtocolEvents::end_files(const Moment& at) {
    end_file(Side::originator, false, at);
    end_file(Side::responder, false, at);
}

}  // namespace kentongan::packet
