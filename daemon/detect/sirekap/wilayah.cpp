// Reads Sirekap's region list (wilayah): files of JSON, one for the children of each area.
#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/register_builder.hpp"

namespace kentongan::sirekap {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kLargestFile = std::size_t{64} << 20;
constexpr std::size_t kLargestCsv = std::size_t{256} << 20;
constexpr std::size_t kMostFiles = 500'000;
constexpr std::int64_t kTpsLevel = 5;

/// The value, or where it stops being JSON.
Result<json::value> parse_json(std::string_view text, const RegisterBuilder& out) {
    json::parser parser;
    boost::system::error_code failed;
    const std::size_t read = parser.write(text.data(), text.size(), failed);
    if (!failed) return parser.release();
    const auto line = 1 + std::ranges::count(text.substr(0, std::min(read, text.size())), '\n');
    return out.fail_at(static_cast<std::uint32_t>(line), "not JSON: {}", failed.message());
}

struct Region {
    std::string_view name;
    std::string_view code;
    std::int64_t level = 0;
};

Result<Region> region_of(const json::value& value, std::size_t entry, const RegisterBuilder& out) {
    const auto* object = value.if_object();
    if (object == nullptr) return out.fail_at(0, "entry {} is not an object", entry);
    const auto text = [&](std::string_view key) -> std::optional<std::string_view> {
        const auto* member = object->if_contains(key);
        if (member == nullptr || !member->is_string()) return std::nullopt;
        return std::string_view{member->get_string().data(), member->get_string().size()};
    };
    const auto code = text("kode");
    if (!code) return out.fail_at(0, "entry {}: kode is missing or no text", entry);
    const auto name = text("nama");
    if (!name) return out.fail_at(0, "entry {} ({}): nama is missing or no text", entry,
                                  printable_utf8(*code, 40));
    const auto* level = object->if_contains("tingkat");
    if (level == nullptr || !level->is_int64())
        return out.fail_at(0, "entry {} ({}): tingkat is missing or no number", entry,
                           printable_utf8(*code, 40));
    return Region{*name, *code, level->get_int64()};
}

Result<> add(const Region& region, std::size_t entry, RegisterBuilder& out) {
    if (region.level == kTpsLevel && TpsCode::parse(region.code)) return out.add(region.code, 0);
    const auto level = static_cast<std::size_t>(region.level - 1);
    if (region.level >= 1 && region.level < kTpsLevel && is_area_code(region.code) &&
        kAreaLengths[level] == region.code.size()) {
        out.name(region.code, region.name);
        return {};
    }
    return out.fail_at(0, "entry {}: kode '{}' is no code of tingkat {}", entry,
                       printable_utf8(region.code, 40), region.level);
}

Result<std::vector<fs::path>> files_under(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (fs::recursive_directory_iterator at{folder, failed}, end; !failed && at != end;
         at.increment(failed)) {
        if (at->path().extension() != ".json" || !at->is_regular_file(failed)) continue;
        if (files.size() == kMostFiles)
            return fail(ErrorCode::data, "TPS register {}: more than {} files", folder.native(),
                        kMostFiles);
        files.push_back(at->path());
    }
    if (failed) return fail_errno("read", folder.native(), failed.value());
    std::ranges::sort(files);
    return files;
}

Result<Register> load_tree(const fs::path& folder) {
    const auto files = files_under(folder);
    if (!files) return std::unexpected(files.error());
    if (files->empty())
        return fail(ErrorCode::data, "TPS register {}: no .json file in it", folder.native());
    RegisterBuilder builder;
    for (const fs::path& file : *files) {
        const auto text = read_file(file, kLargestFile);
        if (!text) return std::unexpected(text.error().within("TPS register"));
        builder.begin_file(file.native());
        if (auto read = read_wilayah(*text, builder); !read) return std::unexpected(read.error());
    }
    return builder.finish();
}

}  // namespace

Result<> read_wilayah(std::string_view text, RegisterBuilder& out) {
    const auto value = parse_json(text, out);
    if (!value) return std::unexpected(value.error());
    const auto* list = value->if_array();
    if (list == nullptr)
        return out.fail_at(0, "not a region list: an array of objects with kode, nama and tingkat "
                              "is expected");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto region = region_of((*list)[i], i + 1, out);
        if (!region) return std::unexpected(region.error());
        if (auto added = add(*region, i + 1, out); !added) return added;
    }
    return {};
}

Result<Register> Register::load(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return load_tree(path);
    const auto text = read_file(path, kLargestCsv);
    if (!text) return std::unexpected(text.error().within("register of TPS"));
    const auto begin = trim(*text).substr(0, 1);
    if (begin != "[" && begin != "{") return parse(*text, path.native());
    RegisterBuilder builder;
    builder.begin_file(path.native());
    if (auto read = read_wilayah(*text, builder); !read) return std::unexpected(read.error());
    return builder.finish();
}

}  // namespace kentongan::sirekap
