#pragma once
// Logins seen on the wire, told in the words of the logs of servers: the detectors of guessing and
// the rules for `category: authentication` then see both alike. Rules for one server's log do not.
#include <string_view>

#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

struct Login {
    std::string_view protocol;  ///< a literal: "ssh", "postgresql", "mysql", "ftp", "smtp"
    Side client = Side::originator;
    bool success = false;
    std::string_view user;    ///< as the client sent it; empty where it is not known
    std::string_view reason;  ///< why this is known, or why it failed; may be empty
};

/// An auth event beside the protocol's own.
void emit_auth(const Login& login, const Moment& at, ProtocolSink& out);

}  // namespace kentongan::packet
