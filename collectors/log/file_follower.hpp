#pragma once
// Follows one path through growth, rotation and truncation: does what Tail decides.
#include "collectors/log/change_watch.hpp"
#include "collectors/log/file_reader.hpp"
#include "collectors/log/tail.hpp"
#include "collectors/log/tamper_watch.hpp"

namespace kentongan::log {

class FileFollower {
  public:
    struct Where {
        std::string_view path;  ///< interned
        bool from_end = false;  ///< what is there when it is first opened is not read
        bool alone = true;      ///< the source's only file, which nobody may remove
    };
    /// `watch` outlives this.
    FileFollower(const SourceParts& parts, Where where, std::unique_ptr<Format> format,
                 ChangeWatch& watch);

    /// Goes on where the bookmark says, in the file it names, wherever that is now.
    void take_up(const Position& from, EventSink& sink);
    /// One look and one step; true when there may be more to do at once. What it emitted is then to
    /// be flushed.
    bool step(ChangeWatch::Wake wake, EventSink& sink);

    [[nodiscard]] bool open() const { return reader_.file() != nullptr && !failing_; }
    /// Of the file that is followed; 0 before there was one.
    [[nodiscard]] std::uint64_t inode() const { return inode_; }
    [[nodiscard]] std::optional<Position> position() const;
    [[nodiscard]] std::uint64_t behind() const { return reader_.behind(); }
    [[nodiscard]] Timestamp newest() const { return reader_.newest(); }
    /// Read to its end, and nothing more is to come: compressed, or without a name and drained.
    [[nodiscard]] bool done() const { return done_; }
    /// Ticks without anything to do.
    [[nodiscard]] unsigned idle_ticks() const { return idle_ticks_; }
    [[nodiscard]] bool pending() const { return reader_.pending(); }
    /// The file that was left for its successor since the last call.
    [[nodiscard]] std::optional<Position> take_left() { return std::exchange(left_, {}); }

  private:
    void begin(InputFile opened, const Position& from, bool complete);
    void open_path();
    void open_next(EventSink& sink);
    void read(EventSink& sink);
    void restart(EventSink& sink);
    void idle(const Sighting& seen, EventSink& sink);
    void tell(EventSink& sink, Tampering what, std::uint64_t offset, std::uint64_t lost_bytes);
    void say(std::string_view state, std::string message);
    void failed(const Error& error, std::string_view what_now);
    Sighting look(ChangeWatch::Wake wake);

    const SourceParts& parts_;
    Where where_;
    ChangeWatch& watch_;
    FileReader reader_;
    Tail tail_;
    TamperWatch tamper_;
    std::string state_;
    std::uint64_t inode_ = 0;
    bool started_ = false;
    bool complete_ = false;  // nobody writes to the open file
    bool ended_ = false;     // of a compressed file: all of it was read
    bool starved_ = false;   // of a compressed file: it ends in the middle, for now
    unsigned starved_ticks_ = 0;
    bool failing_ = false;
    bool listed_ = false;  // its folder was looked through since it was renamed
    bool done_ = false;
    unsigned idle_ticks_ = 0;
    std::optional<Position> left_;
};

}  // namespace kentongan::log
