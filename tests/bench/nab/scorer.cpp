#include "tests/bench/nab/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kentongan::nab {

namespace {

constexpr std::size_t kNoWindow = std::numeric_limits<std::size_t>::max();

/// A row that counts: what an alarm there is worth, and in which window of the corpus it lies.
struct Row {
    double score = 0;
    double worth = 0;
    std::size_t window = kNoWindow;
};

/// From about 1 at the left edge of a window (-1) over 0 at its right edge to -1 beyond.
double sigmoid(double position) { return position > 3 ? -1 : 2 / (1 + std::exp(5 * position)) - 1; }

double worth_inside(std::size_t row, const Window& window) {
    const auto width = static_cast<double>(window.last - window.first + 1);
    return sigmoid(-static_cast<double>(window.last - row + 1) / width) / sigmoid(-1);
}

double worth_outside(std::size_t row, const Window* before, const Profile& profile) {
    if (before == nullptr) return -profile.false_positive;
    const auto distance = static_cast<double>(row - before->last);
    return profile.false_positive *
           sigmoid(distance / static_cast<double>(before->last - before->first));
}

/// Appends the scored rows of one file; its windows are numbered from `windows` on.
void add_rows(const Judged& file, const Profile& profile, std::size_t windows,
              std::vector<Row>& out) {
    std::size_t next = 0;  // window not yet left
    for (std::size_t row = 0; row < file.scores.size(); ++row) {
        while (next < file.windows.size() && file.windows[next].last < row) ++next;
        const bool inside = next < file.windows.size() && file.windows[next].first <= row;
        if (row < probation(file.scores.size())) continue;
        const Window* before = next == 0 ? nullptr : &file.windows[next - 1];
        out.push_back(
            {file.scores[row],
             inside ? worth_inside(row, file.windows[next]) : worth_outside(row, before, profile),
             inside ? windows + next : kNoWindow});
    }
}

/// Takes in rows from the highest score down.
class Sweep {
  public:
    Sweep(std::vector<Row> rows, std::size_t windows, double false_negative)
        : rows_(std::move(rows)),
          best_(windows, -false_negative),
          sum_(-false_negative * static_cast<double>(windows)),
          missed_(-false_negative) {
        std::ranges::sort(rows_, std::ranges::greater{}, &Row::score);
    }

    Outcome best_threshold() {
        Outcome at;
        at.windows = best_.size();
        at.threshold = std::numeric_limits<double>::infinity();
        at.final = sum_;
        Outcome best = at;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            take(rows_[i], at);
            if (i + 1 < rows_.size() && rows_[i + 1].score == rows_[i].score) continue;
            at.threshold = rows_[i].score;
            at.final = sum_;
            if (at.final > best.final) best = at;
        }
        return best;
    }

  private:
    void take(const Row& row, Outcome& at) {
        if (row.window == kNoWindow) {
            ++at.false_positives;
            sum_ += row.worth;
            return;
        }
        double& best = best_[row.window];
        if (best == missed_) ++at.windows_hit;
        if (row.worth <= best) return;
        sum_ += row.worth - best;
        best = row.worth;
    }

    std::vector<Row> rows_;
    std::vector<double> best_;  // of each window
    double sum_;
    double missed_;
};

}  // namespace

std::size_t probation(std::size_t rows) {
    return std::min<std::size_t>(static_cast<std::size_t>(0.15 * static_cast<double>(rows)), 750);
}

Outcome score(const std::vector<Judged>& corpus, const Profile& profile) {
    std::vector<Row> rows;
    std::size_t windows = 0;
    for (const Judged& file : corpus) {
        add_rows(file, profile, windows, rows);
        windows += file.windows.size();
    }
    Outcome out = Sweep(std::move(rows), windows, profile.false_negative).best_threshold();
    const auto perfect = static_cast<double>(windows);
    const double null = -profile.false_negative * perfect;
    out.final = 100 * (out.final - null) / (perfect - null);
    return out;
}

}  // namespace kentongan::nab
