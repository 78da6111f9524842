#pragma once
// History: publishes the store's entries, has them signed by us and by witnesses, and adds the
// entries of the sensor itself: settings, rules, keys, and what each source did in each minute.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "daemon/app/witness_client.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/config/reader.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/publisher.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/store/entry_log.hpp"

namespace kentongan {

/// Lives on the loop; files are written on `blocking`, the store is asked on its own thread. A disk
/// or a witness that fails is a state (metrics, log, failure()), never the end of the daemon.
class History {
  public:
    struct Places {
        asio::any_io_executor loop;
        asio::any_io_executor store;
        asio::any_io_executor blocking;
    };
    /// Errors: config (keys, names), permission. The folder itself is opened by run().
    [[nodiscard]] static Result<std::unique_ptr<History>> make(const Config& config,
                                                               EntryLog& entries, Places places,
                                                               Metrics& metrics,
                                                               const Clock& clock);

    /// Until cancelled.
    [[nodiscard]] Task<> run();
    /// What the store has by now is published and signed; for the end, when all is stored.
    [[nodiscard]] Task<> finish();
    /// Settings or rules were loaded: their hashes enter the history; those of the files too, where
    /// they say what only a restart brings into force. `by`: as ledger::Setting.
    [[nodiscard]] Task<> loaded(Config in_force, Config files, std::string by);

    /// Why it cannot be published just now; empty while it can.
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] const std::filesystem::path& folder() const;
    /// Publishes now: what an export waits for.
    [[nodiscard]] Task<Result<>> publish();
    /// Adds what the sources did since it was last done. What cannot be stored is told of with the
    /// next: no minute is lost.
    [[nodiscard]] Task<> cover();

  private:
    struct Source {
        std::string name;
        std::string label;  // of its metrics
        ledger::Coverage before;
    };
    History(const Config& config, EntryLog& entries, Places places, Metrics& metrics,
            const Clock& clock, ledger::Publisher publisher);

    [[nodiscard]] Task<Result<>> publish_all();
    [[nodiscard]] Task<Result<>> open();
    [[nodiscard]] Task<Result<>> take_entries();
    [[nodiscard]] Task<> note_keys();
    struct Asked {
        WitnessReply reply;
        ledger::SignedCheckpoint checkpoint;  ///< for which it was asked
    };
    void ask_witnesses();
    [[nodiscard]] Task<> ask_one(const WitnessClient& witness);
    [[nodiscard]] Task<> ask(const WitnessClient& witness);
    [[nodiscard]] Task<Result<Asked>> ask_from(const WitnessClient& witness,
                                               std::uint64_t old_size);
    template <class Work>
    [[nodiscard]] Task<std::invoke_result_t<Work>> with_publisher(Work work);
    [[nodiscard]] Task<Result<>> add(std::vector<std::string> entries);
    void note(const Result<>& outcome);

    Config config_;
    EntryLog& entries_;
    Places places_;
    Metrics& metrics_;
    const Clock& clock_;
    ledger::Publisher publisher_;
    std::vector<WitnessClient> witnesses_;
    std::vector<Source> sources_;
    Timestamp covered_until_{};
    std::string failure_;
    std::optional<std::map<std::string, std::string>> rule_files_;  // with SHA-256, as last loaded
    bool open_ = false;
    bool publishing_ = false;
    bool covering_ = false;
    std::set<const WitnessClient*> asked_;  // that have not answered yet
    TaskGroup asking_;                      // a task for each witness; the last member
};

}  // namespace kentongan
