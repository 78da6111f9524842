#pragma once
// What the collector of published results is set to.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::sirekap {

/// The settings table [published.NAME], and what the program adds.
struct PublishedOptions {
    std::string name;  ///< NAME; the collector is "published:NAME"

    // Either a folder of saved snapshots …
    std::string folder;

    // … or a server.
    std::string url;                  ///< "https://host/pilkada/hhcw/pkwkp": the race's folder
    std::string race;                 ///< default: the last part of the URL's path
    std::string referer;              ///< header that KPU's servers ask for; empty: none
    std::string ca_file;              ///< PEM; empty: the system's
    std::vector<std::string> areas;   ///< codes whose trees are walked; empty: the whole country
    std::string depth = "kecamatan";  ///< country, province, kabupaten, kecamatan, kelurahan, tps
    std::int64_t connections = 4;
    double requests_per_second = 5;
    std::int64_t maximum_bytes = std::int64_t{32} << 20;  ///< of one file
    std::int64_t redirects = 3;
    std::vector<std::string> redirect_hosts;    ///< others than the URL's that may be redirected to
    std::chrono::milliseconds timeout{20'000};  ///< of one request, from name lookup to last byte
    std::chrono::milliseconds interval{900'000};  ///< between the starts of two walks, or two looks
                                                  ///< at the folder
    std::filesystem::path versions;               ///< folder of kept versions; empty: none
    std::int64_t quota_mib = 2048;                ///< of that folder

    bool follow = false;  ///< live: until cancelled; else once, in event time
    int attempts = 3;     ///< at one file in one walk
    std::chrono::milliseconds first_backoff{1000};  ///< doubled with each failure in a row
    std::chrono::milliseconds longest_backoff{300'000};
    /// Told what a person should know, once a change: a sentence. Called on the lane.
    std::function<void(std::string_view)> on_state;
    /// Told when the server's certificate ends, Unix seconds, when that is new. Called on the lane.
    std::function<void(std::int64_t)> on_certificate;
};

}  // namespace kentongan::sirekap
