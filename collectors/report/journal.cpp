#include "collectors/report/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>

#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace json = boost::json;

namespace {

constexpr std::string_view kSequence = "{\"seq\":";
constexpr std::string_view kKey = ",\"key\":\"";
constexpr std::string_view kReport = "\",\"report\":";
constexpr std::size_t kReadSize = std::size_t{1} << 16;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::optional<Entry> read_report(std::string_view line) {
    Entry out;
    const auto digits = line.find_first_not_of("0123456789");
    const auto sequence = parse_number<std::uint64_t>(line.substr(0, digits));
    if (!sequence || *sequence == 0) return std::nullopt;
    out.sequence = *sequence;
    line.remove_prefix(digits);
    if (!take_prefix(line, kKey)) return std::nullopt;
    const auto end = line.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    out.key = line.substr(0, end);
    line.remove_prefix(end);
    if (!take_prefix(line, kReport) || !line.ends_with("}}")) return std::nullopt;
    out.report = line.substr(0, line.size() - 1);
    return out;
}

std::optional<Entry> read_quarantine(std::string_view line) {
    boost::system::error_code bad;
    const json::value value = json::parse(line, bad);
    if (bad || !value.is_object()) return std::nullopt;
    const auto* ticket = value.get_object().if_contains("ticket");
    const auto* name = value.get_object().if_contains("quarantined");
    if (ticket == nullptr || name == nullptr || !ticket->is_string() || !name->is_string())
        return std::nullopt;
    Entry out;
    out.ticket = ticket->get_string();
    out.quarantined = name->get_string();
    return out;
}

/// The length of the whole lines of a file, each visited.
Result<std::uint64_t> read_lines(int file, const std::string& path,
                                 const std::function<void(const Entry&)>& visit) {
    std::array<char, kReadSize> piece;
    std::string pending;
    std::uint64_t whole = 0;
    for (;;) {
        const ssize_t count = ::read(file, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("read", path, errno);
        if (count == 0) return whole;
        pending.append(piece.data(), static_cast<std::size_t>(count));
        if (pending.size() > kLongestLine + kReadSize && !pending.contains('\n'))
            return fail(ErrorCode::data, "{}: a line without an end at byte {}", path, whole);
        std::size_t begin = 0;
        for (auto end = pending.find('\n'); end != std::string::npos;
             end = pending.find('\n', begin)) {
            const std::string_view line = std::string_view{pending}.substr(begin, end - begin);
            if (const auto entry = read_entry(line)) visit(*entry);
            begin = end + 1;
        }
        whole += begin;
        pending.erase(0, begin);
    }
}

}  // namespace

std::optional<Entry> read_entry(std::string_view line) {
    std::string_view rest = line;
    auto out = take_prefix(rest, kSequence) ? read_report(rest) : read_quarantine(line);
    if (out) out->line = line;
    return out;
}

std::string report_line(std::uint64_t sequence, std::string_view key, std::string_view report) {
    return fmt::format("{}{}{}{}{}{}}}\n", kSequence, sequence, kKey, key, kReport, report);
}

std::string quarantine_line(std::string_view ticket, std::string_view photo) {
    return json::serialize(json::object{{"ticket", ticket}, {"quarantined", photo}}) + "\n";
}

Result<Journal> Journal::open(const std::filesystem::path& file,
                              const std::function<void(const Entry&)>& visit) {
    Journal out;
    out.path_ = file.native();
    out.file_ =
        FileDescriptor{::open(out.path_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!out.file_) return fail_errno("open", out.path_, errno);
    const auto whole = read_lines(out.file_.value(), out.path_, visit);
    if (!whole) return std::unexpected(whole.error());
    out.size_ = *whole;
    if (::ftruncate(out.file_.value(), static_cast<off_t>(out.size_)) != 0)
        return fail_errno("cut", out.path_, errno);
    return out;
}

Result<> Journal::append(std::string_view lines) {
    const auto undo = [this](std::unexpected<Error> error) -> Result<> {
        (void)::ftruncate(file_.value(), static_cast<off_t>(size_));
        return error;
    };
    std::size_t done = 0;
    while (done < lines.size()) {
        const ssize_t count = ::pwrite(file_.value(), lines.data() + done, lines.size() - done,
                                       static_cast<off_t>(size_ + done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return undo(fail_errno("write", path_, count < 0 ? errno : ENOSPC));
        done += static_cast<std::size_t>(count);
    }
    if (::fdatasync(file_.value()) != 0) return undo(fail_errno("sync", path_, errno));
    size_ += lines.size();
    return {};
}

}  // namespace kentongan::report
