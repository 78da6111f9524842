#pragma once
// AgencyDesk: stands in for the four agencies on loopback and notes when each accepted an alert.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/drill/stage.hpp"
#include "daemon/drill/webhook_receiver.hpp"

namespace kentongan::drill {

/// All on one executor's thread.
class AgencyDesk {
  public:
    /// Listens on ports of the system's choice, with keys made for this drill.
    AgencyDesk(asio::any_io_executor executor, const Clock& clock);

    [[nodiscard]] const std::vector<StageSettings::Agency>& agencies() const { return agencies_; }
    /// Alert id and agency: when it was first accepted.
    [[nodiscard]] const std::map<std::string, std::map<std::string, Timestamp>>& told() const {
        return told_;
    }
    /// Messages that did not say that they are of an exercise.
    [[nodiscard]] std::size_t unmarked() const { return unmarked_; }

  private:
    void take(const std::string& agency, const ReceivedMessage& message);

    const Clock& clock_;
    std::vector<StageSettings::Agency> agencies_;
    std::vector<std::unique_ptr<WebhookReceiver>> receivers_;
    std::map<std::string, std::map<std::string, Timestamp>> told_;
    std::size_t unmarked_ = 0;
};

/// So many bytes of the system's randomness. Throws when it gives none.
[[nodiscard]] std::string random_bytes(std::size_t count);

}  // namespace kentongan::drill
