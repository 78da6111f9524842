#pragma once
// The live tail: new alerts as server-sent events. However many look at the same question, the
// store is asked once a second; what it answers is kept for a while for all of them.
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "daemon/api/routes.hpp"
#include "daemon/store/query/expression.hpp"

namespace kentongan::api {

/// What is new for one question, for all who asked it. On the loop.
class TailFeed : public std::enable_shared_from_this<TailFeed> {
  public:
    static constexpr std::int64_t kMostBehind = 10'000;  ///< alerts
    static constexpr std::size_t kMostBytes = std::size_t{16}
                                              << 20;  ///< kept by all feeds together

    struct Event {
        std::int64_t sequence = 0;
        std::string text;    ///< as a server-sent event
        std::size_t at = 0;  ///< where its JSON begins; two line ends follow it
        std::string red;     ///< "alert:ID" when it is TLP:RED
    };

    TailFeed(Service& service, query::Expression where, Identity who, std::int64_t after)
        : service_(service),
          where_(std::make_shared<const query::Expression>(std::move(where))),
          who_(std::move(who)),
          floor_(after),
          newest_(after) {}

    /// Looks into the store, unless somebody did within the last second or does so now.
    [[nodiscard]] Task<Result<>> refresh();
    /// Events after a position that no longer, or not yet, is kept; read for one client alone.
    [[nodiscard]] Task<Result<std::vector<Event>>> earlier(std::int64_t after);

    [[nodiscard]] const std::deque<Event>& events() const { return events_; }
    /// What came up to here is not kept; what came up to newest() has been looked at.
    [[nodiscard]] std::int64_t floor() const { return floor_; }
    [[nodiscard]] std::int64_t newest() const { return newest_; }

  private:
    struct Found {
        std::vector<Event> events;
        std::int64_t up_to = 0;
        bool more = false;
    };
    [[nodiscard]] Task<Result<Found>> look(std::int64_t after, std::size_t limit);
    void keep(Found found);

    Service& service_;
    const std::shared_ptr<const query::Expression> where_;
    const Identity who_;  ///< one of those who asked; all are shown the same
    std::deque<Event> events_;
    std::size_t bytes_ = 0;
    std::int64_t floor_;
    std::int64_t newest_;
    std::chrono::steady_clock::time_point looked_{};
    bool looking_ = false;
};

/// How a tail is written: server-sent events, or a JSON object a line.
enum class TailForm { events, lines };

/// A stream of a client: from `after`, or from now on. A client that reads more slowly than alerts
/// come, or for which more come than kMostPiece bytes a second, is told `lagged` once it is
/// kMostBehind behind, and goes on from the newest; it holds up nobody. Errors: the store's.
[[nodiscard]] Task<Result<std::function<Task<std::optional<std::string>>()>>> open_tail(
    const Call& call, query::Expression where, std::optional<std::int64_t> after, TailForm form);

}  // namespace kentongan::api
