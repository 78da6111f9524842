#pragma once
// The query language, KQL-like: `severity >= high and source.ip : 10.0.0.0/8 and not user : root`.
// One parser for every way in; what it refuses it points at.
#include <expected>
#include <string>
#include <string_view>

#include "daemon/base/time.hpp"
#include "daemon/store/query/expression.hpp"

namespace kentongan::query {

inline constexpr std::size_t kMaximumLength = 4096;  ///< bytes
inline constexpr std::size_t kMaximumDepth = 32;     ///< brackets and nots within each other
inline constexpr std::size_t kMaximumTerms = 128;

/// West Indonesian time, in which days begin and in which times without a zone are.
inline constexpr std::chrono::seconds kElectionZone{7 * 3600};

/// Why a question is refused, and which of its bytes are to blame.
struct Refusal {
    std::size_t offset = 0;
    std::size_t length = 1;
    std::string message;  ///< what is wrong, and the remedy
};

/// `now` is what now-2h counts from. An empty question asks for everything.
[[nodiscard]] std::expected<Expression, Refusal> parse(std::string_view text, Timestamp now);

/// For a terminal: the question, a line of carets under what is to blame, and the message.
[[nodiscard]] std::string pointed_out(std::string_view text, const Refusal& refusal);

/// The times that `text` can mean: now, now-2h, now/d, now-1d/d, 2024, 2024-11, 2024-11-27,
/// 2024-11-27T06:00[:00[.5]] with Z, WIB, WITA, WIT, +07:00 or nothing after it.
[[nodiscard]] std::optional<Window> parse_time(std::string_view text, Timestamp now);

}  // namespace kentongan::query
