#include "collectors/report/photo_folder.hpp"

#include <sys/stat.h>

#include <cerrno>

#include "collectors/report/photo.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::report {

namespace fs = std::filesystem;

namespace {

Result<> make_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) return fail_errno("create", folder.native(), failed.value());
    return {};
}

std::uint64_t size_of_files(const fs::path& folder) {
    std::uint64_t out = 0;
    std::error_code failed;
    for (const auto& file : fs::directory_iterator(folder, failed))
        if (file.is_regular_file(failed)) out += file.file_size(failed);
    return out;
}

}  // namespace

Result<> PhotoFolder::open(const fs::path& folder, std::uint64_t quota) {
    folder_ = folder / "photos";
    quarantine_ = folder / "quarantine";
    quota_ = quota;
    for (const fs::path& path : {folder, folder_, quarantine_})
        if (auto made = make_folder(path); !made) return made;
    bytes_ = size_of_files(folder_) + size_of_files(quarantine_);
    return {};
}

KeptPhotos PhotoFolder::keep(const std::string& ticket,
                             const std::vector<std::string_view>& photos) {
    KeptPhotos out;
    for (const std::string_view photo : photos) {
        const auto clean = clean_photo(photo);
        if (!clean) {
            out.refused.push_back(report::name_of(clean.error()));
            continue;
        }
        if (!reserve(clean->bytes.size())) {
            out.refused.emplace_back("quota");
            continue;
        }
        StoredPhoto kept{fmt::format("{}-{}.{}", ticket, out.photos.size() + 1, clean->extension),
                         sha256_hex(clean->bytes), clean->bytes.size()};
        if (auto written = replace_file(folder_ / kept.name, clean->bytes); !written) {
            bytes_ -= clean->bytes.size();
            out.refused.emplace_back("storage");
            continue;
        }
        out.photos.push_back(std::move(kept));
    }
    return out;
}

Result<> PhotoFolder::quarantine(const std::string& name) {
    const fs::path from = folder_ / name;
    const fs::path to = quarantine_ / name;
    if (::chmod(from.c_str(), 0) != 0) return fail_errno("lock", from.native(), errno);
    std::error_code failed;
    fs::rename(from, to, failed);
    if (failed) return fail_errno("quarantine", from.native(), failed.value());
    return {};
}

bool PhotoFolder::reserve(std::uint64_t bytes) {
    std::uint64_t before = bytes_.load();
    do {
        if (before + bytes > quota_) return false;
    } while (!bytes_.compare_exchange_weak(before, before + bytes));
    return true;
}

}  // namespace kentongan::report
