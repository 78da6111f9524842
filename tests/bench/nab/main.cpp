// kentongan-nab: scores our detector of one series on the Numenta Anomaly Benchmark, and published
// detectors beside it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "daemon/detect/anomaly/series/range_entropy.hpp"
#include "tests/bench/nab/corpus.hpp"

namespace {

using namespace kentongan;
using namespace kentongan::nab;

/// Sees each value once, in order; the warm-up is the part of the file that is not scored.
Judged judge(const Series& series) {
    anomaly::RangeEntropy detector{probation(series.values.size())};
    Judged out{{}, series.windows};
    for (const double value : series.values) {
        using enum anomaly::RangeEntropy::Verdict;
        const auto verdict = detector.add(value);
        out.scores.push_back(verdict == out_of_range || verdict == unlike ? 1 : 0);
    }
    return out;
}

void print_row(std::string_view name, const std::vector<Judged>& judged) {
    std::vector<Outcome> outcomes;
    for (const Profile& profile : kProfiles) outcomes.push_back(score(judged, profile));
    fmt::print("{:<28}{:>9.2f}{:>9.2f}{:>9.2f}{:>8}/{}{:>8}\n", name, outcomes[0].final,
               outcomes[1].final, outcomes[2].final, outcomes[0].windows_hit, outcomes[0].windows,
               outcomes[0].false_positives);
}

Result<> run(const std::string& folder, const std::vector<std::string>& others) {
    const auto corpus = read_corpus(folder);
    if (!corpus) return std::unexpected(corpus.error());
    std::vector<Judged> ours;
    std::size_t rows = 0;
    for (const Series& series : *corpus) {
        ours.push_back(judge(series));
        rows += series.values.size();
    }
    fmt::print("{} files, {} rows; one threshold, chosen on this corpus as the benchmark has it\n",
               corpus->size(), rows);
    fmt::print("{:<28}{:>9}{:>9}{:>9}{:>12}{:>8}\n", "detector", "standard", "low FP", "low FN",
               "windows hit", "FP rows");
    print_row("range+entropy (ours, causal)", ours);
    for (const auto& name : others) {
        const auto results = read_results(folder, name, *corpus);
        if (!results) return std::unexpected(results.error());
        print_row(name + ", re-scored", *results);
        const auto board = published(folder, name);
        if (!board) return std::unexpected(board.error());
        fmt::print("{:<28}{:>9.2f}{:>9.2f}{:>9.2f}\n", "  as published", (*board)[0], (*board)[1],
                   (*board)[2]);
    }
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Scores the detector of one series on the Numenta Anomaly Benchmark"};
    app.footer("Example:\n  kentongan-nab --nab ~/NAB --rescore numenta --rescore contextOSE");
    std::string folder;
    std::vector<std::string> others;
    app.add_option("--nab", folder, "a checkout of the benchmark")->required();
    app.add_option("--rescore", others, "a published detector to score beside ours");
    CLI11_PARSE(app, argc, argv);
    const auto done = run(folder, others);
    if (done) return 0;
    fmt::print(stderr, "kentongan-nab: {}\n", done.error().message);
    return done.error().exit_status();
}
