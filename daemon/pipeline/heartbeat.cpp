#include "daemon/pipeline/heartbeat.hpp"

namespace kentongan {

Task<Result<>> HeartbeatCollector::run(EventSink& sink) {
    Event event;
    for (std::uint64_t beat = 1;; ++beat) {
        event.clear();
        event.kind = EventKind::heartbeat;
        event.time = clock_.now();
        event.origin = {intern_text(name_), beat};
        sink.emit(event);
        co_await sink.flush(event.time);
        co_await sleep_for(period_);
    }
}

}  // namespace kentongan
