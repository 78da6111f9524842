#pragma once
// The files of one source: which are followed, where each is, and the bookmark over all.
#include <memory>
#include <string>
#include <vector>

#include "collectors/log/file_follower.hpp"

namespace kentongan::log {

/// One path is followed for good. Of a pattern every file is followed that matches, each from its
/// own position: those that appear later from their start; rotated files (app.log.1, app.log.2.gz)
/// of a file that matches belong to that file; a compressed file of its own is read once. Files
/// whose names are gone are let go when drained. At most kOpen files are open and kFiles known; a
/// file over that is left out, counted and told once, unless one that is idle can be put aside.
class FileTable {
  public:
    static constexpr std::size_t kOpen = 256;
    static constexpr std::size_t kFiles = 1024;
    /// Names are kept for good, so no more than these are followed in one run.
    static constexpr std::size_t kNames = 65'536;
    /// The files of a pattern are listed again after so many ticks, or when something changed.
    static constexpr unsigned kListingTicks = 10;

    /// `make` gives a format for a path, going on as it was named in the bookmark.
    using MakeFormat =
        std::function<std::unique_ptr<Format>(std::string_view path, std::string_view resumed)>;
    FileTable(const SourceParts& parts, MakeFormat make, ChangeWatch& watch);

    /// First of all; nothing: there is no bookmark.
    void take_up(std::optional<std::vector<FilePosition>> from, EventSink& sink);
    void wake(ChangeWatch::Wake wake, EventSink& sink);
    /// One step of the next file that is due; false when none is.
    bool step(EventSink& sink);

    /// No event older than this is to come, as far as is known.
    [[nodiscard]] Timestamp watermark() const;
    /// Nothing while there is nothing to keep.
    [[nodiscard]] std::string bookmark();
    [[nodiscard]] std::uint64_t behind() const;
    [[nodiscard]] std::size_t open() const;
    [[nodiscard]] std::size_t left_out() const { return left_out_; }

  private:
    struct Entry {
        std::string_view path;             // interned
        std::optional<Position> position;  // of a file that is put aside
        std::unique_ptr<FileFollower> follower;
        ChangeWatch::Wake wake;
        bool due = true;
        bool changed = true;  // since `json` was made
        std::string json;
    };

    void list(EventSink& sink);
    void sort_in(const std::string& path, const std::vector<std::string>& files, EventSink& sink);
    bool is_rotation_of_other(const std::string& path, const std::vector<std::string>& files) const;
    bool add(std::string_view path, std::optional<Position> from, EventSink& sink);
    bool activate(Entry& entry, EventSink& sink);
    bool make_room();
    void put_aside(Entry& entry);
    void settle(Entry& entry);
    [[nodiscard]] std::size_t followers() const;
    void let_go(const std::vector<std::string>& files);
    std::optional<Position> take_left(std::uint64_t inode);
    Entry* with_path(std::string_view path);
    Entry* with_inode(std::uint64_t inode);

    const SourceParts& parts_;
    MakeFormat make_;
    ChangeWatch& watch_;
    bool pattern_;
    bool fresh_ = true;  // no bookmark, and not listed yet
    std::vector<std::unique_ptr<Entry>> entries_;
    std::vector<Position> left_;  // files that followers went on from, until sorted in
    std::size_t next_ = 0;
    std::size_t names_ = 0;
    std::size_t left_out_ = 0;
    bool told_left_out_ = false;
    unsigned ticks_ = 0;
    Timestamp newest_{};
};

}  // namespace kentongan::log
