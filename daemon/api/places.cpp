// Alerts as they are told: with their places in triage.
#include "daemon/api/casework.hpp"
#include "daemon/api/handlers.hpp"

namespace kentongan::api {

void write_places(const Service& service, std::vector<StoredAlert>& alerts) {
    if (service.dependencies.casework == nullptr) return;
    for (StoredAlert& alert : alerts) {
        const auto place = service.dependencies.casework->place(id_in(alert.json));
        if (place && *place) write_place(alert.json, **place);
    }
}

Task<> tell_places(Service& service, std::vector<StoredAlert>& alerts) {
    if (service.dependencies.casework == nullptr || alerts.empty()) co_return;
    const auto work = [&] {
        write_places(service, alerts);
        return true;
    };
    (void)co_await run_on(service.dependencies.store, work);
}

}  // namespace kentongan::api
