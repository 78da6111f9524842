#pragma once
// Counts, histograms and saved searches for people: tables with bars.
#include "daemon/cli/output.hpp"
#include "daemon/store/alert_search.hpp"

namespace kentongan::cli {

void print_counts(const SearchAnswer& answer, std::string_view field, const Output& out);
void print_histogram(const SearchAnswer& answer, const Output& out);
void print_saved(const std::vector<SavedSearch>& searches, const Output& out);
/// To standard error: why an answer is not all of it. Nothing for an empty reason.
void print_partial(const std::string& reason);

}  // namespace kentongan::cli
