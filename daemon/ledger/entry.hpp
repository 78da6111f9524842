#pragma once
// Entries of the history: the canonical JSON of one thing that happened. Nothing personal stands in
// one: what could be is a salted hash, whose salt lives in the database and can be destroyed.
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/alert.hpp"

namespace kentongan::ledger {

/// An entry fits tlog-tiles' 16-bit lengths.
inline constexpr std::size_t kLargestEntry = 65535;

/// 32 hex digits of the system's randomness. One per alert or case (Salt, in daemon/store,
/// keeps it with its subject): without it nobody can tell what a hash was made of.
[[nodiscard]] std::string new_salt();
/// Lower-case hex of SHA-256(salt || content).
[[nodiscard]] std::string salted_hash(std::string_view salt, std::string_view content);

enum class AlertEvent { created, updated, escalated, closed };

/// A message about an alert that was put into the outbox with it.
struct Told {
    std::string to;    ///< destination
    std::string type;  ///< as delivered: alert.created …
    std::string body;  ///< only its salted hash enters the entry
};
inline constexpr std::size_t kMostTold = 256;

/// What became of an alert. `json`: serialize(to_json(alert)), byte for byte what is stored; the
/// entry's digest is its salted hash.
[[nodiscard]] std::string alert_entry(const Alert& alert, std::string_view json, AlertEvent event,
                                      std::string_view salt, Timestamp at,
                                      const std::vector<Told>& told = {});

/// What became of one message of the outbox.
struct Receipt {
    std::int64_t message = 0;  ///< its sequence
    bool delivered = false;    ///< false: put aside
    Timestamp at{};
    std::string detail;  ///< the answer, or why not
};
/// What a receipt's hash is made of.
[[nodiscard]] std::string receipt_text(std::string_view to, const Receipt& receipt);
/// Of one destination, at most kMostReceipts; until somebody has them sent again. Only their salted
/// hashes enter the entry.
inline constexpr std::size_t kMostReceipts = 500;
[[nodiscard]] std::string receipts_entry(std::string_view to, std::span<const Receipt> receipts,
                                         std::string_view salt, Timestamp at);

/// Figures of the alerts from one instant to before another were put into the outbox.
[[nodiscard]] std::string figures_entry(Timestamp from, Timestamp until,
                                        const std::vector<Told>& told, std::string_view salt,
                                        Timestamp at);

/// Alerts that only grew: id -> salted hash of the JSON that is stored from now on. At most
/// kMostUpdates of them.
inline constexpr std::size_t kMostUpdates = 500;
[[nodiscard]] std::string updates_entry(const std::map<std::string, std::string>& digests,
                                        Timestamp at);

/// An act of a person: triage, approval, case work, delivery, evidence.
struct Act {
    std::string who{};     ///< the account; only its salted hash enters the entry
    std::string what{};    ///< a fixed word of ours: acknowledge, close, suppress, export …
    std::string object{};  ///< "alert:ID", "case:ID", "rule:ID", "destination:NAME"
    std::string why{};     ///< reason and comment; only its salted hash enters the entry
    /// Of the object after it, when it has one: it must be the revision of the stored object.
    std::optional<std::uint64_t> revision{};
    std::string state{};        ///< of the object after it: a fixed word, as stored
    std::string detail_hash{};  ///< hex SHA-256 of what else belongs to it, made with the same salt
};
[[nodiscard]] std::string action_entry(const Act& act, std::string_view salt, Timestamp at);

/// A file of a rule set that is another than before; an empty digest: it was not there.
struct ChangedFile {
    std::string file;
    std::string before;  ///< SHA-256, hex
    std::string after;
};
inline constexpr std::size_t kMostChangedFiles = 200;

/// What is in force from now on, or will be after a restart.
struct Setting {
    std::string name;    ///< "settings", "settings_file", "rules"
    std::string sha256;  ///< of the effective text, or of names and contents
    std::uint64_t items = 1;
    bool in_force = true;  ///< false: it waits for a restart
    std::string by{};      ///< a fixed word: start, signal, second_person
    /// Of rules, against those before; nothing: not known. The first kMostChangedFiles are named.
    std::optional<std::vector<ChangedFile>> changed{};
};
[[nodiscard]] std::string setting_entry(const Setting& setting, std::string_view version,
                                        Timestamp at);

/// An operator's login or logout at the API; `outcome` is "ok", "logout", "used" (a token or a
/// certificate, for the first time within the hour) or why not, a fixed word. `count` of the same.
[[nodiscard]] std::string login_entry(std::string_view account, std::string_view method,
                                      std::string_view outcome, std::string_view salt, Timestamp at,
                                      std::uint64_t count = 1);

/// Logins that were turned away unheard, by address; `count` of them in all. At most kMostAddresses
/// are listed.
inline constexpr std::size_t kMostAddresses = 400;
[[nodiscard]] std::string limited_entry(const std::map<std::string, std::uint64_t>& addresses,
                                        std::uint64_t count, std::string_view salt, Timestamp at);

/// Somebody read what is TLP:RED: `objects` ("alert:ID", "case:ID"), at most kMostReadings of them.
inline constexpr std::size_t kMostReadings = 1000;
[[nodiscard]] std::string reading_entry(std::string_view account,
                                        const std::vector<std::string>& objects,
                                        std::string_view salt, Timestamp at);

/// What one source did in one minute, so that "no alert" means "looked and found nothing".
struct Coverage {
    std::string source;  ///< as the settings name it: "packet:uplink"
    std::uint64_t seen = 0;
    std::uint64_t inspected = 0;
    std::uint64_t dropped = 0;
    std::optional<double> lag_seconds{};  ///< of its newest event behind the clock
};
/// How far the clock can be trusted, as the kernel says (adjtimex).
struct ClockState {
    bool synchronized = false;
    double maximum_error_seconds = 0;
    double estimated_error_seconds = 0;
};
[[nodiscard]] ClockState clock_state();
/// The sources of one minute, in as many entries as their number needs.
[[nodiscard]] std::vector<std::string> coverage_entries(const std::vector<Coverage>& sources,
                                                        Timestamp from, Timestamp until,
                                                        const ClockState& clock);

/// The salts of `subject` ("alert:ID", "case:ID") were destroyed, by law or by a retention rule.
[[nodiscard]] std::string erasure_entry(std::string_view subject, std::string_view ground,
                                        Timestamp at);

/// A package of evidence left the house; `package_sha256` names it, `objects` is what is in it.
[[nodiscard]] std::string custody_entry(const Act& act, const std::vector<std::string>& objects,
                                        std::string_view package_sha256, std::string_view salt,
                                        Timestamp at);

/// A signing key was taken into use or out of it; the verifier key (vkey) is public.
[[nodiscard]] std::string key_entry(std::string_view what, std::string_view vkey, Timestamp at);

}  // namespace kentongan::ledger
