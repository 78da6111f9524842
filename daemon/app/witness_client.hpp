#pragma once
// WitnessClient: asks one witness to sign our newest checkpoint (C2SP tlog-witness).
#include <memory>
#include <string>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"
#include "daemon/config/evidence_settings.hpp"
#include "daemon/ledger/note.hpp"

namespace kentongan {

/// What a witness answered.
struct WitnessReply {
    int status = 0;
    std::string body;
};

class WitnessClient {
  public:
    /// Errors (config): a key or an address that is none.
    [[nodiscard]] static Result<WitnessClient> make(std::string name,
                                                    const WitnessSettings& settings,
                                                    asio::any_io_executor loop);
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const ledger::VerifierKey& key() const { return key_; }
    /// False: it is asked by file only.
    [[nodiscard]] bool has_address() const { return !url_.empty(); }
    /// POSTs the body of add-checkpoint. Any status is an answer; an error is none at all.
    [[nodiscard]] Task<Result<WitnessReply>> post(std::string body) const;

  private:
    std::string name_;
    std::string url_;
    std::string ca_file_;
    ledger::VerifierKey key_;
    asio::any_io_executor loop_;
};

}  // namespace kentongan
