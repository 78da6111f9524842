#include "collectors/integrity/integrity_collector.hpp"

#include "collectors/integrity/run.hpp"

namespace kentongan::integrity {

IntegrityCollector::IntegrityCollector(std::string name, Options options,
                                       boost::asio::any_io_executor scan, const Clock& clock,
                                       Metrics& metrics)
    : name_(std::move(name)),
      source_(intern_text("integrity:" + name_)),
      options_(std::move(options)),
      scan_(std::move(scan)),
      clock_(clock),
      metrics_(metrics) {
    while (options_.path.size() > 1 && options_.path.ends_with('/')) options_.path.pop_back();
    metrics_.fim_events_lost.with({"queue_overflow"}).add(0);
}

IntegrityCollector::~IntegrityCollector() = default;

Task<Result<>> IntegrityCollector::run(EventSink& sink) {
    Run run{*this, sink, co_await asio::this_coro::executor};
    if (options_.once) co_return co_await run.list_once();
    co_return co_await run.follow();
}

}  // namespace kentongan::integrity
