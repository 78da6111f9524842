#pragma once
// What a format makes a body of: an alert as a route lets it out, and what is known about the
// sender. Formats are pure: the same message gives the same bytes.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan {

/// Who sends, and how one destination wants it.
struct FormatSettings {
    std::string vendor = "KPU";
    std::string hostname = "kentongan";
    std::string link{};  ///< address of an alert without its id, such as https://hub/alerts/
    std::string tenant = "kpu";
    bool tlp1_compat = false;  ///< STIX: markings of TLP 1.0, for tools that know no other
    bool envelope = false;     ///< STIX: a TAXII envelope instead of a bundle
    std::string mail_from{};
    std::vector<std::string> mail_to{};
    std::string text{};  ///< of a template
};

/// `alert` is what redacted() answers: nothing else about the alert reaches a format.
struct Message {
    const boost::json::object& alert;
    std::string_view type;  ///< alert.created, alert.updated, alert.resolved
    const FormatSettings& settings;
};

/// The value at a dotted path; null when there is none.
[[nodiscard]] const boost::json::value* find_path(const boost::json::object& from,
                                                  std::string_view path);
/// Its text, numbers and truth values as JSON writes them; empty when there is none or it is no
/// scalar.
[[nodiscard]] std::string text_at(const boost::json::object& from, std::string_view path);
[[nodiscard]] std::int64_t number_at(const boost::json::object& from, std::string_view path);
/// The strings of a list.
[[nodiscard]] std::vector<std::string> texts_at(const boost::json::object& from,
                                                std::string_view path);
/// Milliseconds since 1970 of a time in RFC 3339; 0 when there is none.
[[nodiscard]] std::int64_t millis_at(const boost::json::object& from, std::string_view path);
/// 0 to 4, by labels.severity.
[[nodiscard]] std::size_t level_of(const boost::json::object& alert);
[[nodiscard]] bool is_exercise(const boost::json::object& alert);
/// The message; of an exercise always with the mark that people read.
[[nodiscard]] std::string headline(const boost::json::object& alert);

}  // namespace kentongan
