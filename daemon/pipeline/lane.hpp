#pragma once
// Lane: one thread that runs its share of the sources, each to completion, and the detectors that
// need no memory of earlier events. Nothing on a lane is shared with another.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/collector.hpp"
#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/pipeline/lane_sink.hpp"

namespace kentongan {

/// Built and joined on the loop; its sources run on its own thread.
class Lane {
  public:
    explicit Lane(std::size_t number);
    ~Lane();

    /// Before start() only. `out` is finished when the source ends and `owns_out` is set.
    void add(std::unique_ptr<Collector> collector, std::unique_ptr<LaneSink> sink,
             Channel<LaneBatch>& out, bool owns_out);

    /// `fail_fast`: the first source that fails stops the lane. Otherwise the others go on to
    /// their end and the first failure is what join() answers.
    void start(bool fail_fast);
    void cancel();
    /// Waits until every source has ended. From the loop.
    [[nodiscard]] Task<Result<>> join();

    [[nodiscard]] asio::io_context& context() { return thread_.context(); }

  private:
    struct Source {
        std::unique_ptr<Collector> collector;
        std::unique_ptr<LaneSink> sink;
        Channel<LaneBatch>* out = nullptr;
        bool owns_out = false;
    };

    [[nodiscard]] Task<Result<>> run_source(Source& source, bool fail_fast);

    LoopThread thread_;
    std::vector<Source> sources_;
    std::optional<Error> first_error_;  // of the lane's thread
    std::unique_ptr<TaskGroup> group_;  // of the lane's thread
};

}  // namespace kentongan
