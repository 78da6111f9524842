#include "collectors/packet/protocol_events.hpp"

#include <algorithm>
#include <utility>

#include "collectors/packet/file/file_store.hpp"
#include "collectors/packet/stream/conversation.hpp"

namespace kentongan::packet {

namespace {

std::string_view known_protocol(const Event& event) {
    constexpr std::string_view kNames[] = {"http",       "dns",   "tls",  "quic", "ssh",
                                           "postgresql", "mysql", "smtp", "ftp"};
    const auto found = std::ranges::find(kNames, event.text(Field::network_protocol));
    return found == std::end(kNames) ? std::string_view{} : *found;
}

}  // namespace

Event& ProtocolEvents::begin(EventKind kind, std::string_view category, Side client,
                             const Moment& at) {
    return writer_.begin(kind, category, conversation_->tuple_from(client), at);
}

/// The first event tells what the connection is of; its own event at the end says so too.
void ProtocolEvents::emit() {
    if (conversation_->flow->service.empty())
        conversation_->flow->service = known_protocol(writer_.event());
    sink_->emit(writer_.event());
}

void ProtocolEvents::begin_file(Side from, const FileFacts& facts, const Moment& at) {
    end_file(from, false, at);
    // What a request brings is looked at as its body, with the parts of a form.
    const bool body = facts.source == "http" && from == Side::originator;
    conversation_->files[static_cast<std::size_t>(from)] = files_.begin(
        facts, at, {.scan = !body && sink_->wants(EventKind::content), .store = store_ != nullptr});
}

void ProtocolEvents::file_bytes(Side from, Bytes data) {
    if (auto& file = conversation_->files[static_cast<std::size_t>(from)])
        files_.bytes(*file, data);
}

void ProtocolEvents::end_file(Side from, bool whole, const Moment& at) {
    auto file = std::exchange(conversation_->files[static_cast<std::size_t>(from)], nullptr);
    if (!file) return;
    const bool scan = file->scan;
    Event& event = begin(EventKind::file, "file_event", from, at);
    event.logsource = {"file_event", "zeek", "files"};
    std::string content = files_.end(std::move(file), whole, event);
    emit();
    if (content.empty()) return;
    if (store_ != nullptr) store_->offer(event.text(Field::file_hash_sha256), content);
    if (scan) {
        event.kind = EventKind::content;
        event.set_raw(content);
        emit();
    }
    files_.reuse(std::move(content));
}

/// The ends are those of the conversation, whatever address it names: else a stranger could have
/// others' connections taken for files, and behind address translation the named one is wrong.
AwaitedEnds ProtocolEvents::ends_to(Side listens, std::uint16_t port) const {
    const Tuple from = conversation_->tuple_from(other(listens));
    return {from.source, from.destination, port, from.network};
}

void ProtocolEvents::await_file(const FileToCome& file, const Moment& at) {
    const AwaitedFile awaited{std::string(file.name), file.sender != file.listens, file.whole};
    if (!awaited_->await(ends_to(file.listens, file.port), awaited, at.time))
        evicted(Table::ftp_data);
}

void ProtocolEvents::forget_file(Side listens, std::uint16_t port) {
    awaited_->forget(ends_to(listens, port));
}

bool ProtocolEvents::finished(Side from) const { return conversation_->finished(from); }

void ProtocolEvents::unread(std::uint64_t bytes) { conversation_->gap_bytes += bytes; }

void ProtocolEvents::anomaly(std::string_view name, Side from, const Moment& at) {
    begin(EventKind::anomaly, "network", from, at).set(Field::network_anomaly, name);
    emit();
}

void ProtocolEvents::end_files(const Moment& at) {
    end_file(Side::originator, false, at);
    end_file(Side::responder, false, at);
}

}  // namespace kentongan::packet
