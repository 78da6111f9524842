#pragma once
// What leaves for an agency: the alert without what is kept from it, as the body of a webhook.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "daemon/alert/alert.hpp"
#include "daemon/alert/routing.hpp"

namespace kentongan {

/// Largest body, bytes, and what a body may not reach (Standard Webhooks asks for < 20 kB).
inline constexpr std::size_t kMaximumBody = 20000;

/// The alert's JSON as this route lets it out: label set to the route's TLP; paths of `withhold`
/// and paths outside `only` gone; the values of the former blotted out of all remaining text as
/// "[withheld]", for a message repeats them; identity numbers masked unless the route is full.
/// A withheld message becomes the rule's name.
[[nodiscard]] boost::json::object redacted(const Alert& alert, const Route& route);

/// {"type":…,"timestamp":…,"data":{…}} of fewer than kMaximumBody bytes; the timestamp is the
/// alert's last_seen, so the body of one state of an alert is always the same. What does not fit
/// goes in this order, stated as kentongan.truncated = true: evidence excerpts, evidence, related
/// lists, the ends of long texts.
/// `type` is alert.created or alert.updated (Standard Webhooks, spec/standard-webhooks.md).
[[nodiscard]] std::string outbound_body(const Alert& alert, const Route& route,
                                        std::string_view type);

/// Masks each run of exactly 16 digits that has the structure of a NIK (UU PDP 27/2022: 2+2+2
/// region, DDMMYY with 40 added to a woman's day, serial): twelve stars, then its last four digits.
/// A run that a cut at the end of the text ("…") may have shortened to 6 to 15 digits is masked
/// too.
[[nodiscard]] std::string mask_nik(std::string_view text);
/// Region in the list of provinces, day 1-31 or 41-71, month 1-12, serial not 0000.
[[nodiscard]] bool looks_like_nik(std::string_view digits);

}  // namespace kentongan
