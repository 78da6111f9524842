#pragma once
// Reads files into one set and keeps the account of every document: rules are compiled with the
// filters that apply to them, then correlations are resolved.
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/detect/rule_status.hpp"
#include "daemon/detect/sigma/compiler.hpp"
#include "daemon/detect/sigma/correlation_resolver.hpp"
#include "daemon/detect/sigma/filter_set.hpp"
#include "daemon/detect/sigma/load_options.hpp"
#include "daemon/detect/sigma/loaded_set.hpp"
#include "daemon/detect/sigma/rule_reader.hpp"

namespace kentongan::sigma {

/// Documents refer to one another whatever file they are in, so all are read before any is
/// compiled.
class Loader {
  public:
    explicit Loader(const LoadOptions& options) : options_(options), filters_(options.now) {}

    void read_file(const std::filesystem::path& path);
    void read_text(std::string_view text, const std::string& file);
    /// Appends a row for each document, in the order read. Call once.
    [[nodiscard]] LoadedSet finish(std::vector<RuleStatus>& statuses);

  private:
    struct Entry {
        std::string file;
        RuleDocument document;
        std::string remark;  // for one that is taken
    };

    void refuse_known_id(Entry& entry);
    void compile_rules();
    void register_document(const Entry& entry, const Reference& reference);
    [[nodiscard]] std::shared_ptr<const CorrelationSet> resolve_correlations();

    const LoadOptions& options_;
    FilterSet filters_;
    std::deque<Entry> entries_;
    Compiler compiler_;
    std::map<std::string, std::string> ids_;  // -> file
    References references_;
};

}  // namespace kentongan::sigma
