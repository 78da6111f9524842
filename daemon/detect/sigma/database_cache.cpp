#include "daemon/detect/sigma/database_cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::sigma {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFormat = "kentongan scan database 1\n";
constexpr std::string_view kEnding = ".scan";
constexpr std::size_t kMaximumBytes = std::size_t{256} << 20;  // of one file
constexpr std::chrono::milliseconds kWorthKeeping{2};          // of compiling
constexpr std::chrono::hours kUseIsNoted{24};

std::string key_of(const std::vector<ScanPattern>& patterns) {
    Sha256 hash;
    hash.update(kFormat);
    hash.update(scanner_version());
    for (const ScanPattern& pattern : patterns) {
        const char flags[] = {pattern.caseless ? 'c' : '-',   pattern.dot_all ? 'd' : '-',
                              pattern.multi_line ? 'm' : '-', pattern.utf8 ? 'u' : '-',
                              pattern.once ? 'o' : '-',       pattern.superset ? 's' : '-'};
        hash.update(std::string_view(flags, sizeof flags));
        hash.update(std::string_view(pattern.text.c_str(), pattern.text.size() + 1));
    }
    return to_hex(hash.finish());
}

bool only_we_write(const struct stat& facts) {
    return facts.st_uid == ::geteuid() && (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool is_ours(const fs::path& folder) {
    struct stat facts{};
    return ::lstat(folder.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) && only_we_write(facts);
}

/// The content of a file that only we write; empty when there is none.
std::string read_ours(const fs::path& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    struct stat facts{};
    if (!file || ::fstat(file.value(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        !only_we_write(facts) || facts.st_size < 0 ||
        static_cast<std::size_t>(facts.st_size) > kMaximumBytes)
        return {};
    std::string out(static_cast<std::size_t>(facts.st_size), '\0');
    std::size_t done = 0;
    while (done < out.size()) {
        const auto count = ::read(file.value(), out.data() + done, out.size() - done);
        if (count <= 0) return {};
        done += static_cast<std::size_t>(count);
    }
    return out;
}

/// The time of the file is that of its last use, within a day.
void note_use(const fs::path& path) {
    std::error_code failed;
    const auto now = fs::file_time_type::clock::now();
    const auto used = fs::last_write_time(path, failed);
    if (!failed && now - used > kUseIsNoted) fs::last_write_time(path, now, failed);
}

void remove_least_used(const fs::path& folder, std::size_t keep) {
    std::vector<std::pair<fs::file_time_type, fs::path>> files;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed))
        if (entry.path().extension() == kEnding)
            files.emplace_back(entry.last_write_time(failed), entry.path());
    std::ranges::sort(files, std::ranges::greater{});
    for (std::size_t i = keep; i < files.size(); ++i) fs::remove(files[i].second, failed);
}

}  // namespace

DatabaseCache::DatabaseCache(fs::path folder) : folder_(std::move(folder)) {}

std::shared_ptr<const ScanDatabase> DatabaseCache::database_of(
    const std::vector<ScanPattern>& patterns) {
    const std::string key = key_of(patterns);
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = known_.find(key); found != known_.end())
            if (auto database = found->second.lock()) return database;
    }
    auto database = read(key);
    if (!database) database = compile(key, patterns);
    const std::scoped_lock lock(mutex_);
    if (database) known_[key] = database;
    return database;
}

DatabaseCache::Counts DatabaseCache::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

fs::path DatabaseCache::file_of(const std::string& key) const {
    return folder_ / (key + std::string(kEnding));
}

/// A file is our format's line, the SHA-256 of the rest, and the database.
std::shared_ptr<const ScanDatabase> DatabaseCache::read(const std::string& key) {
    if (folder_.empty() || !is_ours(folder_)) return nullptr;
    const std::string content = read_ours(file_of(key));
    constexpr std::size_t kHead = kFormat.size() + sizeof(Sha256Digest);
    if (content.size() < kHead || !content.starts_with(kFormat)) return nullptr;
    const auto body = std::string_view(content).substr(kHead);
    const auto digest = sha256(as_bytes(body));
    if (std::memcmp(digest.data(), content.data() + kFormat.size(), digest.size()) != 0)
        return nullptr;
    auto database = ScanDatabase::of_serialised(body);
    if (!database) return nullptr;
    note_use(file_of(key));
    const std::scoped_lock lock(mutex_);
    ++counts_.read;
    return database;
}

std::shared_ptr<const ScanDatabase> DatabaseCache::compile(
    const std::string& key, const std::vector<ScanPattern>& patterns) {
    const auto began = std::chrono::steady_clock::now();
    const auto compiled = ScanDatabase::compile(patterns);
    if (!compiled) return nullptr;
    const bool worth_keeping = std::chrono::steady_clock::now() - began >= kWorthKeeping;
    {
        const std::scoped_lock lock(mutex_);
        ++counts_.compiled;
    }
    if (worth_keeping && !folder_.empty()) write(key, **compiled);
    return *compiled;
}

bool DatabaseCache::make_folder() {
    std::error_code failed;
    if (fs::create_directories(folder_, failed))
        fs::permissions(folder_, fs::perms::owner_all, failed);
    if (!is_ours(folder_)) return false;
    std::call_once(tidied_, [this] { remove_least_used(folder_, kMaximumFiles); });
    return true;
}

void DatabaseCache::write(const std::string& key, const ScanDatabase& database) {
    if (!make_folder()) return;
    const std::string body = database.serialised();
    const auto digest = sha256(as_bytes(body));
    std::string content(kFormat);
    content += as_text(digest);
    content += body;
    if (!replace_file(file_of(key), content)) return;
    const std::scoped_lock lock(mutex_);
    ++counts_.written;
}

}  // namespace kentongan::sigma
