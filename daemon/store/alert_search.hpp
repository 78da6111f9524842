#pragma once
// SearchStore: questions in the query language, answered in short pieces so that none of them keeps
// the store from its commits. Called only on the store's thread.
#include <memory>

#include "daemon/store/alert_store.hpp"
#include "daemon/store/query/tally.hpp"

namespace kentongan {

struct SearchRequest {
    enum class What { page, count, histogram };
    What what = What::page;
    query::Expression where{};
    // A page, in sequence order.
    bool newest_first = true;
    std::size_t limit = 100;  ///< 1 to 1,000
    std::optional<std::int64_t> after{};
    // A count: of all, or of each value of a field, the largest first.
    std::optional<query::Name> by{};
    std::size_t groups = 20;  ///< 1 to 1,000
    // A histogram of first_seen.
    Duration interval{};  ///< zero: chosen so that at most 60 bars cover the times asked for
    /// Of work; what is found by then is the answer.
    std::chrono::milliseconds patience{2000};
};

struct SearchAnswer {
    AlertPage page{};
    std::uint64_t total = 0;  ///< of counts and histograms
    query::Groups groups{};
    query::Histogram histogram{};
    /// Why this is not all; empty when it is. A partial page's `next` goes on where it stopped.
    std::string partial{};
};

/// One question under way. Alerts that are committed meanwhile may be in its answer or not.
class Search {
  public:
    virtual ~Search() = default;
    /// Works for some tens of milliseconds at most; true when the answer is ready.
    [[nodiscard]] virtual Result<bool> step() = 0;
    [[nodiscard]] SearchAnswer& answer() { return answer_; }

  protected:
    SearchAnswer answer_;
};

struct SavedSearch {
    std::string name;
    std::string owner;
    std::string query;
    Timestamp updated{};
};

class SearchStore {
  public:
    static constexpr std::size_t kMaximumSaved = 1000;

    virtual ~SearchStore() = default;
    /// Begins; the work is done in steps. Outlived by the store.
    [[nodiscard]] virtual std::unique_ptr<Search> search(SearchRequest request) = 0;
    /// By name, in order.
    [[nodiscard]] virtual Result<std::vector<SavedSearch>> saved_searches() = 0;
    /// New, or in place of the one of that name. usage: there are kMaximumSaved already.
    [[nodiscard]] virtual Result<> save_search(const SavedSearch& search) = 0;
    /// False when there is none.
    [[nodiscard]] virtual Result<bool> forget_search(const std::string& name) = 0;
};

/// The error of save_search beyond kMaximumSaved.
[[nodiscard]] std::unexpected<Error> too_many_searches();
/// All its steps at once, for those who have the store for themselves.
[[nodiscard]] Result<SearchAnswer> answer_of(SearchStore& store, SearchRequest request);

}  // namespace kentongan
