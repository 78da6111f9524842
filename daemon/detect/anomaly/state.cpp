// kentongan-state NAME VERSION SHA256-OF-THE-REST, then "[section]" and "touched text" lines.
#include "daemon/detect/anomaly/state.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::anomaly {

namespace {

constexpr Duration kEvery = std::chrono::minutes{10};

std::unexpected<Error> refused(std::string_view name, std::string_view why) {
    return fail(ErrorCode::data, "state of {}: {}; what was learnt is left out", name, why);
}

/// Up to the next line break, which is taken too.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view out = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return out;
}

}  // namespace

bool StateClock::take() {
    if (!changed_ || (taken_ && now_ - *taken_ < kEvery)) return false;
    taken_ = now_;
    changed_ = false;
    return true;
}

std::int64_t stamp_of(Timestamp time) { return time.time_since_epoch() / Duration{1}; }

void StateWriter::begin(std::string_view section) {
    end_section();
    section_ = section;
}

void StateWriter::add(Timestamp touched, std::string_view line) {
    if (line.find('\n') != std::string_view::npos) return;
    lines_.push_back(fmt::format("{} {}\n", stamp_of(touched), line));
    bytes_ += lines_.back().size();
    for (; bytes_ > kSectionBytes; lines_.pop_front()) bytes_ -= lines_.front().size();
}

void StateWriter::end_section() {
    if (!section_.empty()) body_ += fmt::format("[{}]\n", section_);
    for (const std::string& line : lines_) body_ += line;
    lines_.clear();
    bytes_ = 0;
}

std::string StateWriter::finish() {
    end_section();
    section_.clear();
    const std::string body = std::exchange(body_, {});
    return fmt::format("kentongan-state {} {} {}\n{}", name_, version_, sha256_hex(body), body);
}

std::optional<std::string_view> StateLine::word() {
    if (text_.empty()) return std::nullopt;
    const std::size_t end = text_.find(' ');
    const std::string_view out = text_.substr(0, end);
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
    return out;
}

std::optional<double> StateLine::number() {
    const auto text = word();
    const auto out = text ? parse_number<double>(*text) : std::nullopt;
    return out && std::isfinite(*out) ? out : std::nullopt;
}

std::optional<std::uint64_t> StateLine::count() {
    const auto text = word();
    return text ? parse_number<std::uint64_t>(*text) : std::nullopt;
}

std::optional<Timestamp> StateLine::time() {
    const auto text = word();
    const auto out = text ? parse_number<std::int64_t>(*text) : std::nullopt;
    return out ? std::optional(Timestamp{Duration{*out}}) : std::nullopt;
}

Result<> read_state(std::string_view state, std::string_view name, int version,
                    const std::function<bool(std::string_view, StateLine)>& take) {
    if (state.size() > StateWriter::kStateBytes) return refused(name, "it is over 16 MiB");
    StateLine head{{}, take_line(state)};
    if (head.word() != "kentongan-state" || head.word() != name)
        return refused(name, "it is that of something else");
    if (const auto written = head.count(); written != static_cast<std::uint64_t>(version))
        return refused(name, "it is of another version");
    if (head.word() != sha256_hex(state)) return refused(name, "it is damaged");
    std::string_view section;
    for (std::size_t number = 2; !state.empty(); ++number) {
        const std::string_view line = take_line(state);
        if (line.starts_with('[') && line.ends_with(']')) {
            section = line.substr(1, line.size() - 2);
            continue;
        }
        StateLine read{{}, line};
        const auto touched = read.time();
        if (!touched || !take(section, StateLine{*touched, read.rest()}))
            return refused(name, fmt::format("line {} makes no sense", number));
    }
    return {};
}

}  // namespace kentongan::anomaly
