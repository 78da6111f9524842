// Follows one path through growth, rotation and truncation: does what Tail decides.
#include "collectors/log/file_follower.hpp"

#include <fmt/format.h>

#include "collectors/log/rotation.hpp"

namespace kentongan::log {

namespace {
/// A compressed file that ends in the middle is still being written, for so many ticks.
constexpr unsigned kTicksToComplete = 60;
/// A file of a pattern whose name is gone is let go after so many quiet ticks.
constexpr unsigned kTicksToLetGo = 3;

/// Inodes are given out again; when a file was made tells the next one apart.
bool is_same_file(const std::string& path, const Position& from) {
    const auto file = InputFile::open(path);
    const auto born = file ? to_nanoseconds(file->born()) : 0;
    return from.born == 0 || born == 0 || born == from.born;
}

}  // namespace

FileFollower::FileFollower(const SourceParts& parts, Where where, std::unique_ptr<Format> format,
                           ChangeWatch& watch)
    : parts_(parts),
      where_(where),
      watch_(watch),
      reader_(parts, where.path, std::move(format)),
      inode_(facts_of(std::string(where.path)).inode) {}

/// Tells a state once, when it begins.
void FileFollower::say(std::string_view now, std::string message) {
    if (state_ == now) return;
    state_ = now;
    if (parts_.options.on_state) parts_.options.on_state(message);
}

void FileFollower::failed(const Error& error, std::string_view what_now) {
    failing_ = true;
    tail_.failed();
    say(error.message, fmt::format("{}: {}{}", parts_.name, error.message, what_now));
}

void FileFollower::tell(EventSink& sink, Tampering what, std::uint64_t offset,
                        std::uint64_t lost_bytes) {
    parts_.tally.noticed();
    sink.emit(make_event({what, parts_.name, where_.path, parts_.clock.now(), offset, lost_bytes}));
}

std::optional<Position> FileFollower::position() const {
    if (reader_.file() == nullptr) return std::nullopt;
    auto out = reader_.position();
    out.done = ended_;
    return out;
}

void FileFollower::begin(InputFile opened, const Position& from, bool complete) {
    reader_.begin(std::move(opened), from);
    const auto facts = reader_.file()->facts();
    inode_ = facts.inode;
    complete_ = complete || reader_.file()->decoder() != nullptr;
    ended_ = starved_ = failing_ = done_ = listed_ = false;
    starved_ticks_ = 0;
    tamper_.restart();
    tamper_.saw(facts.size);
    tail_.succeeded();
    watch_.watch_file(std::string(where_.path));
    say("reading", fmt::format("{}: reading {}", parts_.name, where_.path));
}

void FileFollower::take_up(const Position& from, EventSink& sink) {
    started_ = true;
    reader_.resume(from_nanoseconds(from.time));
    const std::string path(where_.path);
    if (auto found = find_file(path, from)) {
        const bool same = !from.known || found->decoder() != nullptr || found->holds(*from.known);
        begin(std::move(*found), from, false);
        if (!same) tell(sink, Tampering::rewritten, from.known->begin, 0);
        return;
    }
    const auto now = facts_of(path);
    if (now.inode != from.inode || !is_same_file(path, from)) return parts_.tally.missed();
    parts_.tally.truncated();
    if (auto copy = find_copy(path, from, nullptr)) return begin(std::move(*copy), from, true);
    const auto then = from.known ? std::max(from.known->end, from.offset) : from.offset;
    if (now.size < then)
        tell(sink, Tampering::truncated, now.size, then - now.size);
    else
        tell(sink, Tampering::rewritten, 0, 0);
}

void FileFollower::open_path() {
    auto opened = InputFile::open(std::string(where_.path));
    if (!opened) return failed(opened.error(), "; trying again until it works");
    Position from;
    if (where_.from_end && !started_) from.offset = opened->facts().size;
    started_ = true;
    begin(std::move(*opened), from, false);
}

void FileFollower::open_next(EventSink& sink) {
    reader_.finish(sink);
    auto position = reader_.position();
    auto opened = open_successor(std::string(where_.path), position);
    if (!opened) return tail_.failed();
    parts_.tally.rotated();
    left_ = std::move(position);
    begin(std::move(*opened), {}, false);
}

void FileFollower::read(EventSink& sink) {
    const auto count = reader_.read(sink);
    const auto* decoder = reader_.file()->decoder();
    if (!count) {
        failed(count.error(), "");
        ended_ = decoder != nullptr;  // there is no more of it
    } else if (failing_) {
        failing_ = false;
        say("reading", fmt::format("{}: reading {}", parts_.name, where_.path));
    }
    starved_ = count && *count == 0 && decoder != nullptr;
    starved_ticks_ = starved_ ? starved_ticks_ + 1 : 0;
    if (starved_) ended_ = decoder->complete() || starved_ticks_ > kTicksToComplete;
    if (ended_) reader_.finish(sink);
}

void FileFollower::restart(EventSink& sink) {
    parts_.tally.truncated();
    const auto position = reader_.position();
    const auto read_to = reader_.read_offset();
    const auto size = reader_.file()->facts().size;
    auto copy = find_copy(std::string(where_.path), position, &reader_.trail());
    // It holds what was written between our last look and the truncation.
    if (copy && (copy->decoder() != nullptr || copy->facts().size >= read_to))
        return begin(std::move(*copy), position, true);
    reader_.finish(sink);  // the beginning of a line that was cut off is all there is of it
    if (!copy && size < read_to)
        tell(sink, Tampering::truncated, size, std::max(tamper_.largest(), read_to) - size);
    else if (!copy)
        tell(sink, Tampering::rewritten, 0, 0);
    begin(reader_.take_file(), {}, false);
}

Sighting FileFollower::look(ChangeWatch::Wake wake) {
    Sighting out;
    out.tick = wake.tick;
    out.changed = wake.changed;
    out.path_inode = facts_of(std::string(where_.path)).inode;
    const auto* file = reader_.file();
    if (file == nullptr) return out;
    const auto facts = file->facts();
    out.open_inode = facts.inode;
    out.complete = complete_;
    out.pending = reader_.pending();
    if (file->decoder() != nullptr) {
        const bool more = !ended_ && (!starved_ || wake.tick);
        out.open_size = reader_.read_offset() + (more ? 1 : 0);
        out.complete = ended_;
        return out;
    }
    out.open_size = facts.size;
    out.head_changed = file->head(reader_.head().size()) != reader_.head();
    const bool renamed = out.path_inode != 0 && out.path_inode != out.open_inode;
    const bool listing = wake.tick || wake.folders || !listed_;
    if (renamed && listing && out.open_size == reader_.read_offset()) {
        out.superseded = is_superseded(std::string(where_.path), facts.inode);
        listed_ = true;
    }
    return out;
}

void FileFollower::idle(const Sighting& seen, EventSink& sink) {
    const auto* file = reader_.file();
    if (file == nullptr) {
        if (seen.path_inode == 0)
            say("missing",
                fmt::format("{}: {} is missing; waiting for it", parts_.name, where_.path));
        return;
    }
    if (seen.tick && idle_ticks_++ == 1) reader_.rest();
    const bool own = seen.path_inode == seen.open_inode;
    if (file->decoder() != nullptr) {
        done_ = ended_ && (own || seen.path_inode == 0);
        return;
    }
    const bool watched = parts_.options.follow && !complete_;
    if (watched)
        tamper_.look(reader_, std::string(where_.path), own, seen.tick, where_.alone,
                     [&](Tampering what, std::uint64_t offset, std::uint64_t lost) {
                         tell(sink, what, offset, lost);
                     });
    done_ = seen.path_inode == 0 && !where_.alone && file->facts().links == 0 &&
            idle_ticks_ >= kTicksToLetGo;
}

bool FileFollower::step(ChangeWatch::Wake wake, EventSink& sink) {
    const auto seen = look(wake);
    const auto step = tail_.decide(seen, reader_.read_offset());
    if (step != TailStep::wait) idle_ticks_ = 0;
    switch (step) {
        case TailStep::wait:
            idle(seen, sink);
            return false;
        case TailStep::open:
            open_path();
            break;
        case TailStep::read:
            read(sink);
            break;
        case TailStep::give_out:
            reader_.give_pending(sink);
            break;
        case TailStep::restart:
            restart(sink);
            break;
        case TailStep::next:
            open_next(sink);
            break;
    }
    return true;
}

}  // namespace kentongan::log
