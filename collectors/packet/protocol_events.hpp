#pragma once
// What dissectors tell, made into events of the conversation that is being read.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "collectors/collector.hpp"
#include "collectors/packet/events.hpp"
#include "collectors/packet/file/awaited_files.hpp"
#include "collectors/packet/file/file_tap.hpp"
#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

class Conversation;
class FileStore;

/// Lives on the lane; its writer must outlive it. serve() and into() come before all else.
class ProtocolEvents final : public ProtocolSink {
  public:
    explicit ProtocolEvents(EventWriter& writer) : writer_(writer) {}

    void into(EventSink& sink) { sink_ = &sink; }
    [[nodiscard]] bool wants(EventKind kind) const { return sink_->wants(kind); }
    /// Whole files are also put there; it outlives this.
    void store_files(FileStore& store) { store_ = &store; }
    /// What its conversations announce, others may find there too.
    void share_awaited(std::shared_ptr<AwaitedFiles> files) { awaited_ = std::move(files); }
    void serve(Conversation& conversation) { conversation_ = &conversation; }

    [[nodiscard]] Event& begin(EventKind kind, std::string_view category, Side client,
                               const Moment& at) override;
    void emit() override;
    void begin_file(Side from, const FileFacts& facts, const Moment& at) override;
    void file_bytes(Side from, Bytes data) override;
    void end_file(Side from, bool whole, const Moment& at) override;

    void await_file(const FileToCome& file, const Moment& at) override;
    void forget_file(Side listens, std::uint16_t port) override;
    [[nodiscard]] bool finished(Side from) const override;

    void unread(std::uint64_t bytes) override;
    void evicted(Table table) override { ++evicted_[static_cast<std::size_t>(table)]; }

    /// The traffic of `from` breaks a rule; `name` says which.
    void anomaly(std::string_view name, Side from, const Moment& at);
    /// What a connection that begins was announced to bring.
    [[nodiscard]] std::optional<AwaitedFile> awaited(const Tuple& tuple, const Moment& at) {
        if (awaited_->size() == 0) return std::nullopt;
        return awaited_->take(
            {tuple.source, tuple.destination, tuple.destination_port, tuple.network}, at.time);
    }
    /// The conversation is over: files still open end as far as they were seen.
    void end_files(const Moment& at);

    [[nodiscard]] const FileTap& files() const { return files_; }
    /// By Table; it only grows.
    [[nodiscard]] const std::array<std::uint64_t, kTables>& evictions() const { return evicted_; }

  private:
    [[nodiscard]] AwaitedEnds ends_to(Side listens, std::uint16_t port) const;

    EventWriter& writer_;
    FileTap files_;
    std::shared_ptr<AwaitedFiles> awaited_ = std::make_shared<AwaitedFiles>();
    std::array<std::uint64_t, kTables> evicted_{};
    EventSink* sink_ = nullptr;
    FileStore* store_ = nullptr;  // null: files are not kept
    Conversation* conversation_ = nullptr;
};

}  // namespace kentongan::packet
