#include "collectors/packet/protocol/ftp/ftp_data.hpp"

#include <utility>

namespace kentongan::packet {

FtpDataDissector::FtpDataDissector(AwaitedFile file)
    : file_(std::move(file)), sender_(file_.by_originator ? Side::originator : Side::responder) {}

void FtpDataDissector::begin(const Moment& at, ProtocolSink& out) {
    if (std::exchange(begun_, true)) return;
    out.begin_file(sender_, {file_.name, {}, "ftp"}, at);
}

Dissector::Outcome FtpDataDissector::bytes(Side from, Bytes data, const Moment& at,
                                           ProtocolSink& out) {
    if (from != sender_) return Outcome::more;
    begin(at, out);
    out.file_bytes(sender_, data);
    return Outcome::more;
}

Dissector::Outcome FtpDataDissector::gap(Side from, std::uint64_t, const Moment& at,
                                         ProtocolSink& out) {
    if (from != sender_) return Outcome::more;
    begin(at, out);
    file_.whole = false;
    return Outcome::more;
}

void FtpDataDissector::end(const Moment& at, ProtocolSink& out) {
    if (begun_) out.end_file(sender_, file_.whole && out.finished(sender_), at);
}

std::unique_ptr<Dissector> make_ftp_data_dissector(AwaitedFile file) {
    return std::make_unique<FtpDataDissector>(std::move(file));
}

}  // namespace kentongan::packet
