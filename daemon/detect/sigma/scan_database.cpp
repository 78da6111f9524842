#include "daemon/detect/sigma/scan_database.hpp"

#include <fmt/format.h>
#include <hs.h>

#include <cstdlib>
#include <new>
#include <vector>

namespace kentongan::sigma {

namespace {

unsigned flags_of(const ScanPattern& pattern) {
    unsigned flags = HS_FLAG_ALLOWEMPTY;
    if (pattern.caseless) flags |= HS_FLAG_CASELESS;
    if (pattern.dot_all) flags |= HS_FLAG_DOTALL;
    if (pattern.multi_line) flags |= HS_FLAG_MULTILINE;
    if (pattern.utf8) flags |= HS_FLAG_UTF8;
    if (pattern.once) flags |= HS_FLAG_SINGLEMATCH;
    if (pattern.superset) flags |= HS_FLAG_PREFILTER;
    return flags;
}

/// The bytes of its shortest match; nothing when the scanner does not know the pattern.
std::optional<std::size_t> width_of(const ScanPattern& pattern) {
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    std::optional<std::size_t> width;
    if (hs_expression_info(pattern.text.c_str(), flags_of(pattern), &info, &error) == HS_SUCCESS)
        width = info->min_width;
    std::free(info);
    hs_free_compile_error(error);
    return width;
}

}  // namespace

bool can_scan_for(const ScanPattern& pattern) { return width_of(pattern).has_value(); }

std::size_t shortest_match(const ScanPattern& pattern) { return width_of(pattern).value_or(0); }

std::string scanner_version() {
    hs_platform_info platform{};
    hs_populate_platform(&platform);
    return fmt::format("{} {} {:x}", hs_version(), platform.tune, platform.cpu_features);
}

ScanScratch::~ScanScratch() { hs_free_scratch(scratch_); }

void ScanScratch::make_room_for(const ScanDatabase& database) {
    if (hs_alloc_scratch(database.database_, &scratch_) != HS_SUCCESS) throw std::bad_alloc();
}

std::expected<std::shared_ptr<const ScanDatabase>, ScanDatabase::Refused> ScanDatabase::compile(
    std::span<const ScanPattern> patterns) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const ScanPattern& pattern : patterns) {
        texts.push_back(pattern.text.c_str());
        flags.push_back(flags_of(pattern));
        ids.push_back(static_cast<unsigned>(ids.size()));
    }
    hs_database* database = nullptr;
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()),
                         HS_MODE_BLOCK, nullptr, &database, &error) == HS_SUCCESS)
        return std::shared_ptr<const ScanDatabase>(new ScanDatabase(database));
    Refused refused{std::nullopt, error->message};
    if (error->expression >= 0) refused.pattern = static_cast<std::size_t>(error->expression);
    hs_free_compile_error(error);
    return std::unexpected(std::move(refused));
}

std::shared_ptr<const ScanDatabase> ScanDatabase::of_serialised(std::string_view bytes) {
    hs_database* database = nullptr;
    if (hs_deserialize_database(bytes.data(), bytes.size(), &database) != HS_SUCCESS)
        return nullptr;
    return std::shared_ptr<const ScanDatabase>(new ScanDatabase(database));
}

std::string ScanDatabase::serialised() const {
    char* bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database_, &bytes, &size) != HS_SUCCESS) throw std::bad_alloc();
    std::string out(bytes, size);
    std::free(bytes);
    return out;
}

ScanDatabase::~ScanDatabase() { hs_free_database(database_); }

void ScanDatabase::scan(std::string_view text, ScanScratch& scratch, Callback callback,
                        void* context) const {
    hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch.scratch_,
            callback, context);
}

}  // namespace kentongan::sigma
