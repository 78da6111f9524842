#pragma once
// Whether published files still look as before: keys that come or go, and flags that do not fit.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/published/document.hpp"

namespace kentongan::sirekap::published {

/// Of one race. Pure; remembers at most kKinds kinds of oddity.
class SchemaWatch {
  public:
    static constexpr std::size_t kKinds = 256;
    static constexpr std::uint64_t kEnough = 20;  ///< files before shares mean something
    static constexpr double kFew = 0.05;  ///< flags that do not fit in fewer files are not a new
                                          ///< format but something about those files

    struct Drift {
        Severity severity = Severity::info;
        std::string what;
        bool of_this_file = false;  ///< the file is odd, not the format
    };
    /// What is new with this file.
    [[nodiscard]] std::vector<Drift> take(const Document& document);
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

  private:
    void look_at_mode(const Document& document, std::vector<Drift>& out);
    void look_at_flags(const Document& document, std::vector<Drift>& out);

    std::map<Oddity, std::uint64_t> seen_;
    std::uint64_t files_ = 0;
    std::uint64_t forms_ = 0;
    std::uint64_t misfits_ = 0;
    std::uint64_t without_mode_ = 0;
    std::uint64_t with_mode_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace kentongan::sirekap::published
