#pragma once
// What the intake's answers have in common. Inner header.
#include <string>
#include <string_view>

#include "collectors/report/submission.hpp"

namespace kentongan::report {

[[nodiscard]] inline bool wants_html(const web::Request& request) {
    return request.accept.contains("text/html");
}

/// The value of a parameter behind the "?"; empty when there is none.
[[nodiscard]] std::string query_of(const web::Request& request, std::string_view name);

/// What the form or the address says, or else the first of our two that the browser prefers.
[[nodiscard]] Language language_of(const web::Request& request);
[[nodiscard]] Language language_of(const web::Request& request, const Submission& sent);

[[nodiscard]] web::Response html_page(unsigned status, std::string body);

}  // namespace kentongan::report
