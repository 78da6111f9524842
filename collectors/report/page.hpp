#pragma once
// The pages people see: templates of page/ filled with texts and values. Pure.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report/gate.hpp"
#include "collectors/report/submission.hpp"

namespace kentongan::report {

/// Values for the {{names}} of a text or a template.
using Values = std::map<std::string, std::string, std::less<>>;

/// {{name}} becomes the value as HTML text, {{&name}} the value as it is, {{t.key}} the text of
/// that key; what is unknown becomes nothing.
[[nodiscard]] std::string fill(std::string_view html, const Values& values, Language language);
/// The same for a plain text, without escapes.
[[nodiscard]] std::string fill_text(std::string_view key, const Values& values, Language language);

/// A ticket's state, without anything personal.
struct TicketState {
    std::string ticket;
    std::string category;
    Timestamp received{};
    std::size_t photos = 0;
    std::size_t quarantined = 0;
};

class Pages {
  public:
    Pages(const LimitOptions& limits, const ContentOptions& content);

    /// The form; with what was sent and what is wrong with it, when it comes back.
    [[nodiscard]] std::string form(Language language, std::string_view challenge,
                                   const Submission& sent = {},
                                   const std::vector<Problem>& problems = {},
                                   std::string_view refusal = {}) const;
    [[nodiscard]] std::string thanks(Language language, std::string_view ticket,
                                     std::string_view secret, std::size_t photos,
                                     const std::vector<std::string_view>& refused) const;
    [[nodiscard]] std::string message(Language language, std::string_view title_key,
                                      std::string_view message) const;
    /// `state` null: nobody asked yet, or `asked` for what is not there.
    [[nodiscard]] std::string status(Language language, const TicketState* state,
                                     std::string_view asked) const;

    /// A text with the limits filled in, and `wait` where it says so.
    [[nodiscard]] std::string said(std::string_view key, Language language,
                                   Duration wait = {}) const;

  private:
    [[nodiscard]] std::string frame(Language language, std::string_view title_key,
                                    std::string_view path, std::string content,
                                    std::string_view mark = {}) const;
    [[nodiscard]] std::string mark_problems(Language language, const std::vector<Problem>& problems,
                                            std::string_view again, Values& values) const;
    [[nodiscard]] std::string photos_said(Language language, std::size_t kept,
                                          const std::vector<std::string_view>& refused) const;

    Values limits_;
    std::chrono::seconds zone_;
};

[[nodiscard]] std::string html_escaped(std::string_view text);

}  // namespace kentongan::report
