#pragma once
// What the intake is told by the settings; the names are those of [report].
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/ip.hpp"

namespace kentongan::report {

/// How often somebody may report. Each bucket holds what its hour gives, so a first burst passes.
struct LimitOptions {
    double per_hour = 12;               ///< of one network (/24, /48) with a proof of work
    double per_hour_without_proof = 3;  ///< of one network without
    double unproven_per_hour = 300;     ///< without a proof, all networks together
    double contact_per_hour = 5;        ///< of one contact
    unsigned difficulty = 17;           ///< leading zero bits of a proof when all is quiet
    double busy_per_minute = 60;        ///< each doubling of reports beyond it costs a bit more
    std::size_t networks = 100'000;     ///< remembered; the longest unheard goes
};

struct ContentOptions {
    std::size_t text_characters = 4000;
    std::size_t photos = 3;
    std::uint64_t photo_bytes = std::uint64_t{6} << 20;
    std::chrono::seconds zone = std::chrono::hours{7};  ///< of times that state none
};

struct Options {
    std::string listen;                      ///< address:port
    std::vector<IpNetwork> trusted_proxies;  ///< whose X-Forwarded-For is believed
    std::filesystem::path folder;            ///< reports.ndjson, photos/, quarantine/, key
    std::uint64_t journal_bytes = std::uint64_t{512} << 20;  ///< then no more are taken
    std::uint64_t photos_bytes = std::uint64_t{2} << 30;     ///< then reports come without them
    std::size_t tickets = 200'000;                           ///< whose status is kept in memory
    std::size_t connections = 64;
    std::chrono::milliseconds request_timeout{10'000};
    std::optional<std::string> bookmark{};  ///< as the store kept it
    LimitOptions limits{};
    ContentOptions content{};
    boost::asio::any_io_executor blocking{};  ///< for files; not the lane's
    /// Told the port once it listens; on the lane.
    std::function<void(std::uint16_t)> on_listening{};
};

}  // namespace kentongan::report
