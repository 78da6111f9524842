#pragma once
// What somebody sent, and whether it can be a report.
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report/options.hpp"
#include "collectors/report/report.hpp"
#include "daemon/async/http/message.hpp"

namespace kentongan::report {

/// The fields as they came. Lives no longer than the request whose body holds the photographs.
struct Submission {
    std::string category;
    std::string place;  ///< code of a TPS or an area
    std::string happened_at;
    std::string text;
    std::string contact;  ///< only its hash is kept
    std::string language;
    std::string challenge;
    std::string solution;
    std::string trap;  ///< a field that people do not see
    std::vector<std::string_view> photos;
};

/// Why a body is no submission; keys of texts, and labels of the metric.
enum class BodyFault { unsupported_type, malformed };

/// multipart/form-data, application/json or application/x-www-form-urlencoded. Unknown fields are
/// passed over; a field's text is cut at 20,000 bytes.
[[nodiscard]] std::expected<Submission, BodyFault> read_submission(const web::Request& request);

/// One field that a person has to mend.
struct Problem {
    std::string_view field;  ///< its name in the form
    std::string_view text;   ///< key of the text that says what to do
};

struct Checked {
    Report report;  ///< complete but for ticket, sender and photographs; its text is not masked yet
    std::vector<Problem> problems;
};

/// Pure. Pieces of a code may be divided by blanks, dots and dashes.
[[nodiscard]] Checked check(const Submission& submission, const ContentOptions& options,
                            Timestamp now);

}  // namespace kentongan::report
