#include "daemon/app/witness_service.hpp"

#include "daemon/base/logging.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kLargestRequest = std::size_t{64} << 10;

web::Limits limits() {
    web::Limits out;
    out.maximum_connections = 64;
    out.body_bytes = kLargestRequest;
    out.bodies_bytes = kLargestRequest * 64;
    return out;
}

}  // namespace

WitnessService::WitnessService(std::string listen, ledger::Witness witness,
                               asio::any_io_executor loop, asio::any_io_executor blocking,
                               const Clock& clock)
    : witness_(std::move(witness)),
      blocking_(std::move(blocking)),
      clock_(clock),
      server_(std::move(loop), std::move(listen), limits(),
              {.answer = [this](const web::Request& request) { return answer(request); },
               .finish = [](web::Response&) {}},
              clock) {}

Result<> WitnessService::listen() { return server_.listen(); }
Task<> WitnessService::run() { return server_.run(); }

Task<web::Response> WitnessService::answer(const web::Request& request) {
    const auto& segments = request.parsed.segments;
    if (segments.size() != 1 || segments[0] != "add-checkpoint")
        co_return web::problem(404, "a witness takes POST /add-checkpoint", request.target);
    if (request.method != "POST")
        co_return web::problem(405, "a witness takes POST /add-checkpoint", request.target);
    // Reading the size and keeping the new one must not be parted by another request.
    if (busy_) co_return web::problem(503, "busy; try again", request.target);
    busy_ = true;
    const auto sign = [this, body = request.body, now = clock_.now()] {
        return witness_.add_checkpoint(body, now);
    };
    auto done = co_await run_on(blocking_, sign);
    busy_ = false;
    if (done.status != 200 && done.status != 409)
        logging::warning("a checkpoint was not signed",
                         {{"status", done.status}, {"reason", done.body}});
    co_return web::Response{
        .status = done.status, .type = std::move(done.type), .body = std::move(done.body)};
}

}  // namespace kentongan
