#pragma once
// WitnessService: signs others' checkpoints over HTTP, on a listener of its own.
#include <memory>

#include "daemon/async/http/server.hpp"
#include "daemon/ledger/witness.hpp"

namespace kentongan {

/// Lives on the loop.
class WitnessService {
  public:
    /// `blocking`: where what was signed is written; one request at a time.
    WitnessService(std::string listen, ledger::Witness witness, asio::any_io_executor loop,
                   asio::any_io_executor blocking, const Clock& clock);
    [[nodiscard]] Result<> listen();
    [[nodiscard]] Task<> run();
    [[nodiscard]] std::uint16_t bound_port() const { return server_.bound_port(); }
    [[nodiscard]] ledger::VerifierKey public_key() const { return witness_.public_key(); }

  private:
    [[nodiscard]] Task<web::Response> answer(const web::Request& request);

    ledger::Witness witness_;
    asio::any_io_executor blocking_;
    const Clock& clock_;
    bool busy_ = false;
    web::Server server_;
};

}  // namespace kentongan
