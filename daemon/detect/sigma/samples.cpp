#include "daemon/detect/sigma/samples.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/evaluation.hpp"
#include "daemon/detect/sigma/event_reader.hpp"
#include "daemon/detect/sigma/ruleset.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

bool is_unset(const LogSource& logsource) {
    return logsource.category.empty() && logsource.product.empty() && logsource.service.empty();
}

Result<Event> event_of(std::string_view line, const fs::path& sample) {
    if (sample.extension() == ".ndjson") return read_event(line);
    Event event;
    event.set_raw(line);
    event.set(Field::message, line);
    return event;
}

/// Tests the samples of one rule file.
class SampleRun {
  public:
    SampleRun(const fs::path& file, std::vector<SampleResult>& out) : file_(file), out_(out) {
        std::vector<RuleStatus> statuses;
        ruleset_ = std::make_unique<Ruleset>(Ruleset::load({file}, statuses));
        for (const RuleStatus& status : statuses) {
            if (rule_.empty()) rule_ = status.rule;
            if (status.state != RuleStatus::State::ok)
                add({}, true, fmt::format("{}: {}", name_of(status.state), status.reason));
        }
    }

    void run() {
        if (ruleset_->size() == 0) return;
        const auto samples = find_samples();
        for (const bool must_fire : {true, false}) run_kind(samples, must_fire);
    }

  private:
    std::vector<fs::path> find_samples() const {
        std::vector<fs::path> out;
        std::error_code error;
        const fs::path folder = file_.parent_path() / "samples" / file_.stem();
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error))
            if (entry->is_regular_file(error)) out.push_back(entry->path());
        std::ranges::sort(out);
        return out;
    }

    void run_kind(const std::vector<fs::path>& samples, bool must_fire) {
        const std::string_view prefix = must_fire ? "fires" : "silent";
        bool any = false;
        for (const fs::path& sample : samples) {
            if (!sample.filename().string().starts_with(prefix)) continue;
            add(sample.string(), must_fire, run_sample(sample, must_fire));
            any = true;
        }
        if (!any)
            add({}, must_fire,
                fmt::format("no sample samples/{}/{}*", file_.stem().string(), prefix));
    }

    /// What is wrong; empty when nothing is.
    std::string run_sample(const fs::path& sample, bool must_fire) {
        const auto text = read_file(sample);
        if (!text) return text.error().message;
        std::string_view rest = *text;
        std::size_t events = 0;
        for (std::size_t number = 1; !rest.empty(); ++number) {
            const std::string_view line = trim(take_until(rest, '\n'));
            if (line.empty()) continue;
            ++events;
            const auto event = event_of(line, sample);
            if (!event) return fmt::format("line {}: {}", number, event.error().message);
            if (fires(*event) != must_fire)
                return fmt::format("line {} {}", number, must_fire ? "did not fire" : "fired");
        }
        return events == 0 ? "the sample is empty" : "";
    }

    bool fires(Event event) {
        const Program& program = ruleset_->program();
        const LogSourceNames& names = program.rules.front().logsource;
        if (is_unset(event.logsource))
            event.logsource = {names.category, names.product, names.service};
        const auto plan = ruleset_->plans().plan_for(EventClass::of(event));
        Evaluation evaluation(program);
        evaluation.make_room_for(*plan);
        evaluation.begin(event, plan.get());
        return std::ranges::any_of(evaluation.candidates(), [&](std::uint32_t index) {
            return evaluation.holds(program.rules[index]);
        });
    }

    void add(std::string sample, bool must_fire, std::string reason) {
        const bool ok = reason.empty();
        out_.push_back(
            {file_.string(), rule_, std::move(sample), must_fire, ok, std::move(reason)});
    }

    fs::path file_;
    std::vector<SampleResult>& out_;
    std::unique_ptr<Ruleset> ruleset_;
    std::string rule_;
};

}  // namespace

std::vector<SampleResult> test_samples(const std::vector<fs::path>& paths) {
    std::vector<SampleResult> out;
    for (const fs::path& file : rule_files(paths)) SampleRun(file, out).run();
    return out;
}

}  // namespace kentongan::sigma
