#pragma once
// What a log source is set to, and what a run of it counts.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace kentongan::log {

/// The settings table [log.NAME], and what the program adds.
struct Options {
    std::string name;  ///< NAME; the collector is "log:NAME". Empty: the path
    /// A file, or a pattern with * ? [] in any part of the path (no **). "-": standard input, in
    /// replay.
    std::string path;
    std::string format = "auto";
    std::string zone = "+07:00";
    std::string start = "begin";  ///< or "end": what is there at the first start is not read
    std::string category;         ///< Sigma logsource, where the format does not say
    std::string product;
    std::string service;
    std::map<std::string, std::string> fields;  ///< JSON key path to field name
    std::int64_t line_bytes = 65536;            ///< 256 to 16 MiB
    /// How lines join into records: "none" leaves it to the format, "stack_trace" joins the lines
    /// of a stack trace as well.
    std::string multiline = "none";
    std::int64_t record_bytes = 262144;  ///< of a record of several lines, 256 to 16 MiB
    std::int64_t record_lines = 500;     ///< 2 to 10,000
    bool follow = false;
    std::chrono::milliseconds poll{1000};  ///< longest time between two looks, follow only
    /// Told once per change of state, in a sentence that names the file ("reading …", "… is
    /// missing"); called on the lane.
    std::function<void(std::string_view)> on_state;
};

/// Totals of a run, for `replay --stats`. Written by the lane.
struct Stats {
    std::uint64_t lines = 0;  ///< records, most of one line; the four below together
    std::uint64_t parsed = 0;
    std::uint64_t unparsed = 0;
    std::uint64_t oversize = 0;  ///< cut at line_bytes or record_bytes
    std::uint64_t blank = 0;     ///< no event
    std::uint64_t bytes = 0;
    std::uint64_t renames = 0;
    std::uint64_t truncations = 0;
    std::uint64_t missed = 0;    ///< the file of the bookmark was not to be found any more
    std::uint64_t left_out = 0;  ///< values over a format's caps
    std::uint64_t notices = 0;   ///< events of our own: a log was truncated, rewritten, removed
};

}  // namespace kentongan::log
