#include "collectors/report/report_collector.hpp"

#include "collectors/report/intake.hpp"

namespace kentongan::report {

ReportCollector::ReportCollector(std::string name, Options options, Metrics& metrics,
                                 const Clock& clock)
    : name_(std::move(name)), options_(std::move(options)), metrics_(metrics), clock_(clock) {}

ReportCollector::~ReportCollector() = default;

Task<Result<>> ReportCollector::run(EventSink& sink) {
    auto work = [options = options_] { return Archive::open(options); };
    auto archive = co_await run_on(options_.blocking, work);
    if (!archive) co_return std::unexpected(archive.error());
    Intake intake{co_await asio::this_coro::executor,
                  intern_text(name_),
                  options_,
                  std::move(*archive),
                  metrics_,
                  clock_,
                  sink};
    co_return co_await intake.run();
}

}  // namespace kentongan::report
