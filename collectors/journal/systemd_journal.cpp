// A journal as sd-journal reads it.
#include "collectors/journal/systemd_journal.hpp"

#include <systemd/sd-journal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kentongan::journal {

namespace fs = std::filesystem;

bool is_journal(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return true;
    std::ifstream file(path, std::ios::binary);
    std::string magic(8, '\0');
    return file.read(magic.data(), 8) && magic == "LPKSHHRH";
}

void SystemdJournal::Close::operator()(sd_journal* journal) const { ::sd_journal_close(journal); }

Result<SystemdJournal> SystemdJournal::open(const Options& options) {
    SystemdJournal out;
    out.name_ = options.path.empty() ? "the journal" : options.path;
    std::error_code error;
    sd_journal* opened = nullptr;
    const char* files[] = {options.path.c_str(), nullptr};
    int status = 0;
    if (options.path.empty())
        status = ::sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY);
    else if (fs::is_directory(options.path, error))
        status = ::sd_journal_open_directory(&opened, options.path.c_str(), 0);
    else
        status = ::sd_journal_open_files(&opened, files, 0);
    if (status < 0) return fail_errno("open", out.name_, -status);
    out.journal_.reset(opened);
    ::sd_journal_set_data_threshold(opened, log::JournalEntry::kMaximumValue);
    if (auto selected = out.select(options); !selected) return std::unexpected(selected.error());
    return out;
}

/// Entries of any of the units, or with any of the identifiers.
Result<> SystemdJournal::select(const Options& options) {
    const auto match = [this](std::string_view key, const std::string& value) -> Result<> {
        const auto text = std::string(key) + value;
        const int status = ::sd_journal_add_match(journal_.get(), text.data(), text.size());
        return status < 0 ? Result<>(fail_errno("match " + text + " in", name_, -status))
                          : Result<>{};
    };
    for (const auto& unit : options.units)
        if (auto ok = match("_SYSTEMD_UNIT=", unit); !ok) return ok;
    if (!options.units.empty()) ::sd_journal_add_disjunction(journal_.get());
    for (const auto& identifier : options.identifiers)
        if (auto ok = match("SYSLOG_IDENTIFIER=", identifier); !ok) return ok;
    return {};
}

void SystemdJournal::to_begin() { ::sd_journal_seek_head(journal_.get()); }

void SystemdJournal::to_end() {
    ::sd_journal_seek_tail(journal_.get());
    if (::sd_journal_previous(journal_.get()) <= 0) to_begin();
}

Result<bool> SystemdJournal::to_cursor(const std::string& cursor) {
    const int sought = ::sd_journal_seek_cursor(journal_.get(), cursor.c_str());
    if (sought < 0) return fail_errno("seek in", name_, -sought);
    const int moved = ::sd_journal_next(journal_.get());
    if (moved < 0) return fail_errno("read", name_, -moved);
    if (moved == 0) return false;
    const bool same = ::sd_journal_test_cursor(journal_.get(), cursor.c_str()) > 0;
    at_unread_ = !same;
    return same;
}

Result<bool> SystemdJournal::next() {
    if (std::exchange(at_unread_, false)) return true;
    const int moved = ::sd_journal_next(journal_.get());
    if (moved < 0) return fail_errno("read", name_, -moved);
    return moved > 0;
}

void SystemdJournal::read(log::JournalEntry& out) {
    out.clear();
    ::sd_journal_restart_data(journal_.get());
    const void* data = nullptr;
    std::size_t length = 0;
    // A field that cannot be read (damaged, or a compression this machine has not) is passed over.
    constexpr int kMostFields = 1024;
    for (int i = 0; i < kMostFields; ++i) {
        const int status = ::sd_journal_enumerate_available_data(journal_.get(), &data, &length);
        if (status <= 0) break;
        const std::string_view field(static_cast<const char*>(data), length);
        const auto equals = field.find('=');
        if (equals != std::string_view::npos)
            out.add(field.substr(0, equals), field.substr(equals + 1));
    }
    out.add("__REALTIME_TIMESTAMP", std::to_string(realtime()));
}

std::uint64_t SystemdJournal::realtime() const {
    std::uint64_t out = 0;
    return ::sd_journal_get_realtime_usec(journal_.get(), &out) < 0 ? 0 : out;
}

Result<std::string> SystemdJournal::cursor() const {
    char* text = nullptr;
    const int status = ::sd_journal_get_cursor(journal_.get(), &text);
    if (status < 0) return fail_errno("take the cursor of", name_, -status);
    const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
    return std::string(text);
}

int SystemdJournal::descriptor() const { return ::sd_journal_get_fd(journal_.get()); }

void SystemdJournal::process() { (void)::sd_journal_process(journal_.get()); }

}  // namespace kentongan::journal
