#pragma once
// One run of an IntegrityCollector: when to look, and what to do with what was seen.
#include "collectors/integrity/background.hpp"
#include "collectors/integrity/baseline_file.hpp"
#include "collectors/integrity/change_event.hpp"
#include "collectors/integrity/integrity_collector.hpp"
#include "collectors/integrity/pass.hpp"
#include "collectors/integrity/watch.hpp"

namespace kentongan::integrity {

class IntegrityCollector::Run {
  public:
    static constexpr std::size_t kBatch = 256;  ///< events between two flushes

    Run(IntegrityCollector& collector, EventSink& sink, asio::any_io_executor lane);

    [[nodiscard]] Task<Result<>> follow();     ///< until cancelled
    [[nodiscard]] Task<Result<>> list_once();  ///< recorded input

  private:
    /// All that scan threads touch; they share it, since they may outlive a cancelled run.
    struct Shared {
        Shared(Tree t, std::filesystem::path baseline_path)
            : tree(std::move(t)), file(std::move(baseline_path)), watch(tree) {}
        Tree tree;
        BaselineFile file;
        Baseline baseline;
        OwnerNames names;
        Watch watch;
    };
    using Steady = std::chrono::steady_clock;

    [[nodiscard]] Task<Result<bool>> open();
    [[nodiscard]] Task<Result<>> make_baseline();
    [[nodiscard]] Task<std::optional<Folders>> wait_for_work();
    [[nodiscard]] Task<> look(std::optional<Folders> folders);
    [[nodiscard]] Task<std::shared_ptr<Pass>> scan(Pass::Request request);
    [[nodiscard]] Task<> report(Pass& pass);
    [[nodiscard]] Task<> rewrite_if_wanted();
    [[nodiscard]] Task<> emit(const Delta& delta, bool durable);
    [[nodiscard]] Task<> work(std::size_t workers, BackgroundWork::Body body);
    void take_notice();
    void count(const Pass& pass, bool whole);
    void trouble(std::string_view reason, std::uint64_t count = 1);
    [[nodiscard]] std::unexpected<Error> no_folder() const;
    [[nodiscard]] Timestamp advance();
    [[nodiscard]] EventSource source() const;
    [[nodiscard]] Bookmark bookmark(std::uint64_t generation) const;

    IntegrityCollector& collector_;
    const Options& options_;
    EventSink& sink_;
    asio::any_io_executor lane_;
    std::shared_ptr<Shared> shared_;
    Timestamp watermark_{};  // of the last flush
    Folders dirty_;          // what the watch has seen since the last look
    bool overflow_ = false;  // the watch missed something
    Steady::time_point dirty_since_{};
    Steady::time_point last_notice_{};
    Steady::time_point last_whole_{};
    Steady::time_point last_append_{};
    unsigned wholes_ = 0;
};

}  // namespace kentongan::integrity
