#pragma once
// What leaves for an agency: the alert without what is kept from it, as the body of a webhook.
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "daemon/alert/alert.hpp"
#include "daemon/alert/routing.hpp"

namespace kentongan {

/// Largest body, bytes, and what a body may not reach (Standard Webhooks asks for < 20 kB).
inline constexpr std::size_t kMaximumBody = 20000;

/// The alert's JSON as this route lets it out: label set to the route's TLP; paths of `withhold`
/// and paths outside `only` gone; the values of the former blotted out of all remaining text as
/// "[withheld]", for a message repeats them. In the same way what the route hashes becomes a
/// pseudonym (`USER#k3:…`, or "[withheld]" without a key), and what it cuts to prefixes a network:
/// an address's place is taken by `source.address`, a list of them by kentongan.prefixes, which
/// counts. Then personal data, credentials, votes and candidates leave all free text, but what the
/// route lets through (personal.hpp); credentials for all but the owner.
/// A withheld message becomes the rule's name.
[[nodiscard]] boost::json::object redacted(const Alert& alert, const Route& route);

/// Whether the value at a path leaves as it is: neither left out, nor a pseudonym or a network.
/// What is blotted out of texts, because another value is kept back, is not looked at.
[[nodiscard]] bool is_let_out(const Route& route, std::string_view path);

/// {"type":…,"timestamp":…,"data":{…}} of fewer than kMaximumBody bytes; the timestamp is the
/// alert's last_seen, so the body of one state of an alert is always the same. What does not fit
/// goes in this order, stated as kentongan.truncated = true: evidence excerpts, evidence, related
/// lists, the ends of long texts.
/// `type` is alert.created or alert.updated (Standard Webhooks, spec/standard-webhooks.md).
[[nodiscard]] std::string outbound_body(const Alert& alert, const Route& route,
                                        std::string_view type);

/// What `render` makes of a redacted alert, in fewer than `cap` bytes as far as leaving things out
/// in the same order allows; rule names and ids are all that may be left.
[[nodiscard]] std::string fitted(
    boost::json::object alert, std::size_t cap,
    const std::function<std::string(const boost::json::object&)>& render);
/// The webhook's body around an alert that is redacted already.
[[nodiscard]] std::string enveloped(boost::json::object alert, std::string_view type,
                                    std::string_view timestamp);

/// The network an address is in: /16, or /48 for IPv6.
[[nodiscard]] std::string network_of(const IpAddress& address);

/// Masks each run of exactly 16 digits that has the structure of a NIK (UU PDP 27/2022: 2+2+2
/// region, DDMMYY with 40 added to a woman's day, serial): twelve stars, then its last four digits.
/// A run that a cut at the end of the text ("…") may have shortened to 6 to 15 digits is masked
/// too.
[[nodiscard]] std::string mask_nik(std::string_view text);
/// Region in the list of provinces, day 1-31 or 41-71, month 1-12, serial not 0000.
[[nodiscard]] bool looks_like_nik(std::string_view digits);

}  // namespace kentongan
