#pragma once
// DatabaseDetector: writes to tables of results that the application knows nothing of.
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/result_tables.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// R13, an anti-join of the database's audit log with the application's:
/// - a write by an account or from a host that is not the application's is told at once;
/// - any other must have, within 30 s before or after, an event of the application with the same
///   request id, transaction id or TPS (WriteKeys).
/// Writes in a declared change window are the window's card.
///
/// It would rather say nothing than accuse a log that lags:
/// - a write waits until event time is past its window and every log of the application that was
///   heard in the ten minutes before the write has been heard after its window. If that does not
///   come within ten minutes more, the write is counted as `unjudged` and let go;
/// - writes from before 30 s after the first event of the application (a restart), writes older
///   than what is remembered of it, and writes near the time when a full table lost some of it, are
///   unjudged, too;
/// - a kind of key is trusted once it has linked twenty writes to calls: until then it may not be
///   logged on both sides. A write without keys is unjudged, or told where settings say that the
///   application names its request in every write.
class DatabaseDetector final : public Detector {
  public:
    explicit DatabaseDetector(std::shared_ptr<const WorkflowOptions> options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.database"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return is_app_kind(kind); }
    [[nodiscard]] bool picks(const Event& event) const override;
    void inspect(const Event& event, FindingSink& out) override;
    void inspect(const LogSecond& second, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override { return calls_.evicted(); }
    [[nodiscard]] std::size_t entries() const override { return pending_.size(); }
    [[nodiscard]] std::span<const Count> counts() const override { return counts_; }

  private:
    enum KeyKind : std::size_t { by_request, by_transaction, by_tps, kKeyKinds };
    enum Counted : std::size_t { writes, linked, unjudged, kCounted };
    using Keys = std::array<std::string, kKeyKinds>;
    /// When calls with one key were made: the newest four.
    struct Times {
        std::array<Timestamp, 4> at{};
        std::uint8_t count = 0;
        bool more = false;
        void add(Timestamp time);
        [[nodiscard]] bool near(Timestamp time, Duration window) const;
    };
    struct Write {
        Timestamp time{};
        Keys keys;
        Finding finding;
    };

    void call(const AppEvent& app);
    void remember(KeyKind kind, std::string_view key, Timestamp time);
    void write(const Event& event, FindingSink& out);
    [[nodiscard]] std::string stranger(const Event& event) const;
    void wait(const Event& event, const WriteKeys& keys);
    [[nodiscard]] bool can_judge(const Write& write) const;
    void judge(Write& write, FindingSink& out);
    [[nodiscard]] bool heard_after(Timestamp time) const;
    void let_go() { ++counts_[unjudged].total; }

    std::shared_ptr<const WorkflowOptions> options_;
    std::vector<IpNetwork> hosts_;
    anomaly::LruTable<std::string, Times> calls_;
    std::map<std::string_view, Timestamp> heard_;  // logs of the application -> newest event
    Timestamp first_call_ = Timestamp::max();
    Timestamp newest_call_ = Timestamp::min();
    Timestamp blind_until_ = Timestamp::min();
    std::deque<Write> pending_;
    std::array<std::uint64_t, kKeyKinds> links_{};
    std::array<Count, kCounted> counts_{{{"writes"}, {"linked"}, {"unjudged"}}};
    WindowCards cards_;
    FewEntities few_;
};

}  // namespace kentongan::sirekap
