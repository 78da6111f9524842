#include "tests/integration/daemon/probe_log.hpp"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "tests/integration/daemon/probe_rules.hpp"

namespace kentongan {

namespace fs = std::filesystem;

ProbeLog::ProbeLog(fs::path path, Kind kind, std::uint64_t seed)
    : path_(std::move(path)), kind_(kind), random_(seed) {
    fs::create_directories(path_.parent_path());
    put("");
}

std::string ProbeLog::address(std::uint64_t number) {
    return fmt::format("10.{}.{}.{}", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
}

std::string ProbeLog::next_line() {
    const std::uint64_t number = written_++;
    const bool distinct = kind_ == Kind::distinct;
    const auto ip = distinct ? address(number) : fmt::format("192.0.2.{}", 1 + number % 10);
    ++expected_[ip];
    const auto* word = !distinct ? "again" : grave(number) ? "grave" : "probe";
    return access_line(ip, fmt::format("{}={}", word, number));
}

void ProbeLog::append(std::size_t lines) {
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) text += next_line();
    const auto cut =
        static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(text.size() - 1)));
    put(std::string_view(text).substr(0, cut));
    put(std::string_view(text).substr(cut));
}

void ProbeLog::rotate() {
    ++rotations_;
    const auto rotated = [this](int number) {
        return fs::path(fmt::format("{}.{}", path_.native(), number));
    };
    for (int number = rotations_ - 1; number > 0; --number)
        fs::rename(rotated(number), rotated(number + 1));
    fs::rename(path_, rotated(1));
    put("");
}

void ProbeLog::put(std::string_view text) const {
    std::ofstream file{path_, std::ios::app};
    if (!(file << text << std::flush)) throw std::runtime_error("append to " + path_.native());
}

}  // namespace kentongan
