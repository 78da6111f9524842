#pragma once
// Sources and rules made for pipeline tests.
#include <functional>
#include <utility>
#include <vector>

#include "collectors/collector.hpp"
#include "daemon/detect/hit.hpp"
#include "daemon/detect/rulebook.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan {

/// Emits the given events, `batch` at a time; ends, or waits to be cancelled when `live`.
class ScriptedCollector final : public Collector {
  public:
    ScriptedCollector(std::string name, std::vector<Event> events, std::size_t batch,
                      bool live = false, Result<> ending = {})
        : name_(std::move(name)),
          events_(std::move(events)),
          batch_(batch),
          live_(live),
          ending_(std::move(ending)) {}

    [[nodiscard]] std::string_view name() const override { return name_; }
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override {
        for (std::size_t i = 0; i < events_.size(); ++i) {
            sink.emit(events_[i]);
            if ((i + 1) % batch_ == 0)
                co_await sink.flush(events_[i].time, Bookmark{name_, std::to_string(i + 1)});
        }
        if (live_) co_await sleep_for(std::chrono::hours{1});
        co_return ending_;
    }

  private:
    std::string name_;
    std::vector<Event> events_;
    std::size_t batch_;
    bool live_;
    Result<> ending_;
};

inline std::shared_ptr<const Rule> a_rule(std::string id) {
    auto rule = std::make_shared<Rule>();
    rule->id = std::move(id);
    rule->name = "Test rule " + rule->id;
    rule->authors = {"Kentongan"};
    return rule;
}

/// Finds every failed login, by user, and hands it on as a hit, too.
class FailureDetector final : public Detector {
  public:
    explicit FailureDetector(std::string id) : rule_(a_rule(std::move(id))) {}
    [[nodiscard]] std::string_view name() const override { return "test.failure"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::auth; }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink& out) override {
        Finding finding = finding_of(rule_, event, "failed");
        finding.entity = event.text(Field::user_name);
        kept_.begin(event);
        auto hit = kept_.hit();
        out.report(std::move(finding));
        out.report_hit(std::move(hit));
    }

  private:
    std::shared_ptr<const Rule> rule_;
    KeptEvent kept_;
};

/// Notes the order in which events of all sources arrive.
class OrderDetector final : public Detector {
  public:
    explicit OrderDetector(std::vector<std::string>& seen) : seen_(seen) {}
    [[nodiscard]] std::string_view name() const override { return "test.order"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::auth; }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink&) override {
        seen_.push_back(std::string(event.origin.source) + "/" +
                        std::to_string(event.origin.position));
    }
    void advance(Timestamp now, FindingSink&) override {
        seen_.push_back("second " + to_rfc3339(now, 0));
    }

  private:
    std::vector<std::string>& seen_;
};

/// Notes the order in which hits of all lanes arrive, and the end.
class HitOrderDetector final : public Detector {
  public:
    explicit HitOrderDetector(std::vector<std::string>& seen) : seen_(seen) {}
    [[nodiscard]] std::string_view name() const override { return "test.hits"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    using Detector::inspect;
    void inspect(const Event&, FindingSink&) override {}
    void inspect_hit(const std::shared_ptr<const Hit>& hit, FindingSink&) override {
        seen_.push_back(std::string(hit->source) + "/" +
                        std::to_string(hit->event->origin.position));
    }
    void end_of_input(FindingSink&) override { seen_.emplace_back("end"); }

  private:
    std::vector<std::string>& seen_;
};

/// Notes the seconds of logs.
class SecondsDetector final : public Detector {
  public:
    explicit SecondsDetector(std::vector<std::string>& seen) : seen_(seen) {}
    [[nodiscard]] std::string_view name() const override { return "test.seconds"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const LogSecond& second, FindingSink&) override {
        seen_.push_back(std::string(second.source) + " " + to_rfc3339(second.second, 0) + " " +
                        std::to_string(second.events) + (second.ended ? " ended" : ""));
    }

  private:
    std::vector<std::string>& seen_;
};

/// Raises every other finding that passes, and says which number it was.
class EveryOtherReviewer final : public Detector {
  public:
    [[nodiscard]] std::string_view name() const override { return "test.review"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    [[nodiscard]] bool reviews() const override { return true; }
    void review(Finding& finding) override {
        if (++count_ % 2 == 0) finding.severity = Severity::high;
        finding.message += " as number " + std::to_string(count_);
    }

  private:
    std::size_t count_ = 0;
};

/// A rulebook of one lane detector and a file detector that finds every file.
class TestRulebook final : public Rulebook {
  public:
    explicit TestRulebook(std::string id) : id_(std::move(id)), files_(id_) {}
    [[nodiscard]] std::vector<std::unique_ptr<Detector>> lane_detectors() const override {
        std::vector<std::unique_ptr<Detector>> out;
        out.push_back(std::make_unique<FailureDetector>(id_));
        return out;
    }
    [[nodiscard]] const FileDetector& file_detector() const override { return files_; }

  private:
    class EveryFile final : public FileDetector {
      public:
        explicit EveryFile(const std::string& id) : rule_(a_rule(id + ":file")) {}
        void inspect_file(const Event& event, FindingSink& out) const override {
            out.report(finding_of(rule_, event, "seen"));
        }

      private:
        std::shared_ptr<const Rule> rule_;
    };
    std::string id_;
    EveryFile files_;
};

}  // namespace kentongan
