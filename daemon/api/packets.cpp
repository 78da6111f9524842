// GET /api/v1/alerts/{id}/packets: what the capture kept of an alert's traffic.
#include "daemon/api/handlers.hpp"
#include "daemon/api/reader_view.hpp"

namespace kentongan::api {

Task<Response> show_packets(Call call) {
    const Dependencies& has = call.service.dependencies;
    if (!has.packets)
        co_return problem(404, "no packets are kept: set ring_folder of a packet source",
                          call.request.target);
    const std::string id = call.path.at("id");
    const auto get = [&] { return has.alerts.get(id); };
    const auto found = co_await run_on(has.store, get);
    if (!found) co_return store_problem(call, found.error());
    if (!*found) co_return problem(404, "no alert has this id", call.request.target);
    std::vector<StoredAlert> one{**found};
    show_to(call, one);
    if (one.empty()) co_return problem(404, "no alert has this id", call.request.target);
    const auto packets = co_await has.packets((*found)->json);
    if (!packets) {
        const bool none = packets.error().code == ErrorCode::no_input;
        co_return problem(none ? 404 : 503, packets.error().message, call.request.target);
    }
    Response response{.type = "application/x-pcapng", .body = packets->pcapng};
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"" + id + ".pcapng\"");
    response.headers.emplace_back("Kentongan-Packets", std::to_string(packets->packets));
    if (packets->cut) response.headers.emplace_back("Kentongan-Packets-Cut", "true");
    co_return response;
}

}  // namespace kentongan::api
