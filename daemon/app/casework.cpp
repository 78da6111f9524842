// The Application's part in triage: who may decide alone, and what silences the desk.
#include "daemon/app/application.hpp"

namespace kentongan {

Result<> Application::open_casework() {
    const TriageSettings& settings = config_.triage;
    api::Casework::Options options;
    options.longest_suppression = std::chrono::hours{settings.suppression_hours};
    options.approval_life = std::chrono::minutes{settings.approval_minutes};
    options.reporter = {.organisation = settings.organisation,
                        .name = settings.contact_name,
                        .position = settings.contact_position,
                        .email = settings.contact_email,
                        .phone = settings.contact_phone};
    triage_ = std::make_unique<SqliteTriage>(store_->database());
    casework_ =
        std::make_unique<api::Casework>(*store_, *triage_, *store_, clock_, std::move(options));
    return casework_->announce_suppressions();
}

}  // namespace kentongan
