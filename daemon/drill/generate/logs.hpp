#pragma once
// Logs of an election night on a result server, with an attack hidden in each: the Sirekap
// application log, nginx's access log, the sshd part of auth.log, audit.log and PostgreSQL's log.
// Same seed, same bytes.
#include <string>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/drill/generate/jakarta.hpp"

namespace kentongan::generate {

/// A line and when it was written; generators answer lines in the order of time.
struct Line {
    Timestamp time{};
    std::string text;
};

/// What one run makes. `scale` thins or multiplies the ordinary traffic: 1 is the whole night. Each
/// TPS uploads once however large it is.
struct Night {
    std::uint64_t seed = 1;
    double scale = 1.0;
    /// Ordinary and hostile times are both moved so that the polls close here.
    Timestamp close = close_of_polls();
    /// The whole night is pressed into this much time; 0: real time.
    Duration squeeze{0};
    /// When ordinary traffic other than uploads begins, from the close of the polls.
    Duration begin{0};
    /// Without what is hidden in it, when false.
    bool attacked = true;
    bool both_accounts = false;  ///< of each TPS send a page, not only the first
    /// No upload begins in this time after the close; those that would come in the hour after it.
    struct Pause {
        Duration from{0};
        Duration until{0};
    } pause{};
};

/// Every TPS of `register_` uploads its pages once on the real curve; hidden in it: uploads for TPS
/// that are not in the register, from one device.
[[nodiscard]] std::vector<Line> sirekap_log(const Night& night, const Jakarta& register_);

/// Citizens reading results, apps uploading; hidden in it: one source probing for SQL injection,
/// traversal and a web shell.
[[nodiscard]] std::vector<Line> nginx_log(const Night& night);

/// Administrators at work; hidden in it: one source guessing passwords until one is accepted.
[[nodiscard]] std::vector<Line> auth_log(const Night& night);

/// syslog of the whole host: what its programs say, and the administrators of auth_log among it, a
/// line in ten.
[[nodiscard]] std::vector<Line> system_log(const Night& night);

/// audit.log: cron and administrators; hidden in it: a web shell that runs commands, fetches a
/// program into shared memory and stops the audit daemon.
[[nodiscard]] std::vector<Line> audit_log(const Night& night);

/// PostgreSQL's csvlog with pgaudit: the application at work; hidden in it: guessed passwords, a
/// result changed by hand and an export of the voters' register.
[[nodiscard]] std::vector<Line> postgresql_log(const Night& night);

struct Recap {
    std::vector<Line> application;
    std::vector<Line> database;  ///< csvlog with pgaudit
};
/// Recapitulation in Sirekap Web and the writes it makes: the kecamatan at work; hidden in it, each
/// beside a twin that looks like it and is none: changes after final, past the workflow and in
/// bulk, backdated ones, two accounts on one device, a program that verifies, one picture for two
/// TPS, an upload before the close, a third account, writes that the application knows nothing of.
/// The clean-up of a hundred TPS from 20:30 to 20:34 WIB is ordered (kpu.ri.perapian).
[[nodiscard]] Recap recap_log(const Night& night, const Jakarta& register_);

[[nodiscard]] std::string join(const std::vector<Line>& lines);

}  // namespace kentongan::generate
