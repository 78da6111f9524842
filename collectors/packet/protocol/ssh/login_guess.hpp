#pragma once
// How an SSH login went, guessed from the sizes of encrypted segments.
#include <cstddef>
#include <cstdint>
#include <optional>

#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet::ssh {

/// What is encrypted still has a size. The server's first segment after the client's first is
/// SERVICE_ACCEPT, of 17 bytes before padding; USERAUTH_SUCCESS has one, and is padded to exactly
/// 16 bytes less with every cipher and MAC in use. USERAUTH_FAILURE lists the methods left, and so
/// always has the size of the first one, which answers the client's question for that list
/// ("none"). It is a guess: a server that sends otherwise, or segments that are joined on the way,
/// leave it open.
class LoginGuess {
  public:
    /// Encrypted bytes of one end; those of one packet are one segment, however they are cut.
    void bytes(Side from, std::size_t count, std::uint64_t packet);
    /// The segment at hand is whole: nothing follows for now.
    void flush();

    [[nodiscard]] bool succeeded() const { return succeeded_; }
    [[nodiscard]] unsigned failures() const { return failures_; }
    /// It has seen so much that nothing will become clear any more.
    [[nodiscard]] bool given_up() const { return segments_ > kMostSegments; }

  private:
    static constexpr unsigned kMostSegments = 512;

    void server_segment(std::size_t size);

    Side from_ = Side::originator;
    std::size_t size_ = 0;  // of the segment at hand
    std::uint64_t packet_ = 0;
    unsigned segments_ = 0;
    bool client_spoke_ = false;
    bool answered_before_ = false;  // the server's segment before came without a word between
    std::optional<std::size_t> accept_;
    std::optional<std::size_t> failure_;
    unsigned failures_ = 0;
    bool succeeded_ = false;

  public:
    /// Which end is the client; the originator unless said.
    Side client = Side::originator;
};

}  // namespace kentongan::packet::ssh
