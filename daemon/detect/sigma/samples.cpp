// Each rule file against its samples, event by event or as one sequence.
#include "daemon/detect/sigma/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/ruleset.hpp"
#include "daemon/detect/sigma/sample_reader.hpp"
#include "daemon/detect/sigma/sample_sequence.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

bool is_unset(const LogSource& logsource) {
    return logsource.category.empty() && logsource.product.empty() && logsource.service.empty();
}

struct LoadedFiles {
    std::shared_ptr<const Ruleset> ruleset;
    std::vector<RuleStatus> statuses;
};

LoadedFiles load(const std::vector<fs::path>& files, const LoadOptions& options) {
    LoadedFiles out;
    out.ruleset = std::make_shared<const Ruleset>(Ruleset::load(files, out.statuses, options));
    return out;
}

/// A file's correlations may name rules of other files, which are then loaded along with it, once
/// for all files.
class Sets {
  public:
    Sets(std::vector<fs::path> files, const LoadOptions& options)
        : files_(std::move(files)), options_(options) {}

    LoadedFiles for_file(const fs::path& file) {
        LoadedFiles alone = load({file}, options_);
        const bool refers = std::ranges::any_of(alone.statuses, [](const RuleStatus& status) {
            return status.state != RuleStatus::State::ok &&
                   status.reason.find("it refers to '") != std::string::npos;
        });
        if (!refers || files_.size() < 2) return alone;
        if (!all_.ruleset) all_ = load(files_, options_);
        LoadedFiles out{all_.ruleset, {}};
        for (const RuleStatus& status : all_.statuses)
            if (status.file == file.string()) out.statuses.push_back(status);
        return out;
    }
    [[nodiscard]] const std::vector<fs::path>& files() const { return files_; }

  private:
    std::vector<fs::path> files_;
    const LoadOptions& options_;
    LoadedFiles all_;
};

/// Tests the samples of one rule file.
class SampleRun {
  public:
    SampleRun(const fs::path& file, Sets& sets, const RecordReader& reader,
              std::vector<SampleResult>& out)
        : file_(file), reader_(reader), out_(out) {
        LoadedFiles loaded = sets.for_file(file);
        ruleset_ = std::move(loaded.ruleset);
        for (const RuleStatus& status : loaded.statuses) {
            if (rule_.empty()) rule_ = status.rule;
            if (status.state != RuleStatus::State::ok)
                add({}, true, fmt::format("{}: {}", name_of(status.state), status.reason));
        }
        const auto& rules = ruleset_->program().rules;
        for (std::uint32_t i = 0; i < rules.size(); ++i)
            if (rules[i].file == file.string()) rules_.push_back(i);
        for (const Correlation& correlation : ruleset_->correlations()->correlations())
            if (correlation.file == file.string()) correlations_.push_back(&correlation);
    }

    void run() {
        if (rules_.empty() && correlations_.empty()) return;
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
        auto events = read_sample(sample, reader_);
        if (!events) return events.error().message;
        const LogSourceNames names = default_logsource();
        for (SampleEvent& one : *events)
            if (is_unset(one.event.logsource))
                one.event.logsource = {names.category, names.product, names.service};
        return correlations_.empty() ? judge_each(*events, must_fire)
                                     : judge_sequence(std::move(*events), must_fire);
    }

    std::string judge_each(const std::vector<SampleEvent>& events, bool must_fire) const {
        for (const SampleEvent& one : events)
            if (matches_any(*ruleset_, rules_, one.event) != must_fire)
                return fmt::format("line {} {}", one.line, must_fire ? "did not fire" : "fired");
        return {};
    }

    std::string judge_sequence(std::vector<SampleEvent> events, bool must_fire) const {
        const auto played = play_sequence(ruleset_, correlations_, std::move(events));
        if (played.fired.empty() != must_fire) return {};
        if (!must_fire) return "fired: " + played.fired.front();
        return fmt::format("no correlation fired; its rules matched {} times", played.hits);
    }

    /// That of the file's first rule, or of the first rule that its correlations count.
    LogSourceNames default_logsource() const {
        const auto& rules = ruleset_->program().rules;
        if (!rules_.empty()) return rules[rules_.front()].logsource;
        const CorrelationSet& set = *ruleset_->correlations();
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const CorrelationNode* node = set.node_of_rule(i);
            if (node == nullptr) continue;
            for (const Feed& feed : node->feeds)
                if (std::ranges::find(correlations_, &set.correlations()[feed.correlation]) !=
                    correlations_.end())
                    return rules[i].logsource;
        }
        return {};
    }

    void add(std::string sample, bool must_fire, std::string reason) {
        const bool ok = reason.empty();
        out_.push_back(
            {file_.string(), rule_, std::move(sample), must_fire, ok, std::move(reason)});
    }

    fs::path file_;
    const RecordReader& reader_;
    std::vector<SampleResult>& out_;
    std::shared_ptr<const Ruleset> ruleset_;
    std::string rule_;
    std::vector<std::uint32_t> rules_;
    std::vector<const Correlation*> correlations_;
};

}  // namespace

std::vector<SampleResult> test_samples(const std::vector<fs::path>& paths,
                                       const RecordReader& reader, const LoadOptions& options) {
    std::vector<SampleResult> out;
    Sets sets(rule_files(paths), options);
    for (const fs::path& file : sets.files()) SampleRun(file, sets, reader, out).run();
    return out;
}

}  // namespace kentongan::sigma
