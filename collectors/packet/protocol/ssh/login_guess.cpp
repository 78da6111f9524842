#include "collectors/packet/protocol/ssh/login_guess.hpp"

#include <utility>

namespace kentongan::packet::ssh {

void LoginGuess::bytes(Side from, std::size_t count, std::uint64_t packet) {
    if (size_ > 0 && (from != from_ || packet != packet_)) flush();
    from_ = from;
    packet_ = packet;
    size_ += count;
}

void LoginGuess::flush() {
    const std::size_t size = std::exchange(size_, 0);
    if (size == 0 || succeeded_) return;
    ++segments_;
    if (from_ == client) {
        client_spoke_ = true;
        answered_before_ = false;
        return;
    }
    if (!client_spoke_) return;  // EXT_INFO, which the server sends unasked
    server_segment(size);
    answered_before_ = true;
}

void LoginGuess::server_segment(std::size_t size) {
    constexpr std::size_t kSuccessIsLess = 16;
    constexpr std::size_t kSmallest = 32;
    if (!accept_) {
        accept_ = size;
        return;
    }
    if (*accept_ >= kSmallest && size + kSuccessIsLess == *accept_) {
        succeeded_ = true;
    } else if (!failure_ || (answered_before_ && failures_ == 0)) {
        failure_ = size;  // the list of methods, or a banner before it
    } else if (size == *failure_) {
        ++failures_;
    }
}

}  // namespace kentongan::packet::ssh
