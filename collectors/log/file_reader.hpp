#pragma once
// Reads one open file on: its lines, the records they make, and where to take it up again.
#include <utility>

#include "collectors/log/formats/stack_trace.hpp"
#include "collectors/log/input_file.hpp"
#include "collectors/log/line_emitter.hpp"
#include "collectors/log/record_joiner.hpp"

namespace kentongan::log {

/// What the files of one source share; all outlive them.
struct SourceParts {
    const Options& options;
    std::string_view name;  ///< the collector's
    const Clock& clock;
    Tally& tally;
    std::chrono::seconds zone{};
    std::size_t chunk = std::size_t{256} << 10;  ///< bytes read at once
};

class FileReader {
  public:
    /// `path`: the origin of the events, interned.
    FileReader(const SourceParts& parts, std::string_view path, std::unique_ptr<Format> format);
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    /// Goes on in `opened` at the position's offset, with nothing pending.
    void begin(InputFile opened, const Position& from);
    /// The newest event's time of a run before.
    void resume(Timestamp newest) { emitter_.resume(newest); }

    /// Reads once and emits the records that are complete. 0: at the end, for now.
    [[nodiscard]] Result<std::size_t> read(EventSink& sink);
    /// The end of a file that will not grow any more: emits what is left.
    void finish(EventSink& sink);
    /// Emits the record that might have gone on.
    void give_pending(EventSink& sink);
    /// Gives memory back that an idle file does not need.
    void rest() { splitter_.release(); }

    [[nodiscard]] const InputFile* file() const { return file_ ? &*file_ : nullptr; }
    /// begin() is to follow.
    [[nodiscard]] InputFile take_file() { return *std::exchange(file_, std::nullopt); }
    /// Covers exactly the records emitted. Of an open file.
    [[nodiscard]] Position position() const;
    [[nodiscard]] std::uint64_t read_offset() const { return splitter_.read_offset(); }
    [[nodiscard]] bool pending() const { return joiner_.pending(); }
    /// Bytes not read yet; of a compressed file, compressed ones.
    [[nodiscard]] std::uint64_t behind() const;
    [[nodiscard]] Timestamp newest() const { return emitter_.newest(); }
    /// The first bytes read, to know the file again; 1 KiB at most.
    [[nodiscard]] const std::string& head() const { return head_; }
    [[nodiscard]] ReadTrail& trail() { return trail_; }
    [[nodiscard]] const ReadTrail& trail() const { return trail_; }

  private:
    Result<std::size_t> pass_over_content();
    void show_head(std::uint64_t offset);
    Fit fit_of(std::string_view line);
    void take(LineSplitter::Line line);
    void forget();

    const SourceParts& parts_;
    LineEmitter emitter_;
    LineSplitter splitter_;
    RecordJoiner joiner_;
    StackTraceLines traces_;
    bool joins_traces_;
    std::optional<InputFile> file_;
    std::string head_;
    ReadTrail trail_;
    std::uint64_t lines_ = 0;
    std::int64_t born_ = 0;
    EventSink* sink_ = nullptr;  // during a call
    RecordJoiner::Emit emit_;
};

}  // namespace kentongan::log
