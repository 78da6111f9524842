#pragma once
// Poller: walks the tree of a race's published files on a server, again and again, and tells what
// is new. One task decides and emits; a few workers only fetch.
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "collectors/collector.hpp"
#include "collectors/sirekap/document_head.hpp"
#include "collectors/sirekap/fetcher.hpp"
#include "collectors/sirekap/options.hpp"
#include "collectors/sirekap/pace.hpp"
#include "collectors/sirekap/published_event.hpp"
#include "collectors/sirekap/version_store.hpp"
#include "collectors/sirekap/walk.hpp"
#include "daemon/async/channel.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/time.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::sirekap {

/// What a server is asked for, checked.
struct PollTarget {
    HttpUrl base;  ///< target is the race's folder, without a slash at its end
    std::string race;
    std::size_t longest = 6;  ///< code length
    FetchSettings fetch;
};

class Poller {
  public:
    /// `source` is interned. Clock and metrics outlive it.
    Poller(const PublishedOptions& options, PollTarget target, std::string_view source,
           std::optional<VersionStore> versions, std::string position, Metrics& metrics,
           const Clock& clock);
    ~Poller();

    /// Until cancelled; one walk when options.follow is not set.
    [[nodiscard]] Task<Result<>> run(EventSink& sink);

  private:
    struct Job {
        std::string node;
        Validators validators;
        int attempts = 0;
    };
    struct Done {
        Job job;  ///< of an empty node: a second has passed
        Fetched fetched;
    };
    /// What workers touch; they share it, since they may outlive a cancelled run.
    struct Shared;
    /// The newest version of a file.
    struct Known {
        Validators validators;
        Sha256Digest digest{};
        std::string ts;
        std::vector<std::string> children;
        bool doubtful = false;  ///< a fetch failed since
    };

    [[nodiscard]] static Task<> work(std::shared_ptr<Shared> shared);
    [[nodiscard]] static Task<> tick(std::shared_ptr<Shared> shared);
    [[nodiscard]] Task<> tell_kept(EventSink& sink);
    void begin_walk();
    void hand_out();
    void take(Done done, EventSink& sink);
    void look_at_server(const Fetched& fetched);
    void take_version(const std::string& node, Fetched fetched, EventSink& sink);
    void take_failure(const std::string& node, const Fetched& fetched, EventSink& sink);
    void keep(const std::string& node, const Known& known, std::string_view body);
    void emit(const std::string& node, Told told, int status, std::string_view body,
              const DocumentHead* head, EventSink& sink);
    void measure();
    void say(const std::string& state);
    [[nodiscard]] bool may_walk_again() const;
    [[nodiscard]] Bookmark bookmark() const;

    const PublishedOptions& options_;
    PollTarget target_;
    std::string_view source_;
    std::optional<VersionStore> versions_;
    Metrics& metrics_;
    const Clock& clock_;
    std::shared_ptr<Shared> shared_;
    std::optional<Walk> walk_;
    std::string from_;  // where the next walk begins
    std::chrono::steady_clock::time_point next_walk_{};
    std::map<std::string, Known> known_;
    std::size_t under_way_ = 0;
    std::uint64_t failures_ = 0;  // of this walk
    std::uint64_t position_ = 0;
    Timestamp newest_{};
    std::string said_;
    std::int64_t certificate_end_ = 0;  // as last told
    Event event_;
};

}  // namespace kentongan::sirekap
