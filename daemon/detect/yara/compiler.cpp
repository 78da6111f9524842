#include "daemon/detect/yara/compiler.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::yara {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRuleFileCap = std::size_t{16} << 20;
// Alerts name offsets, not content. Besides, libyara 4.2 puts its records behind the copies it
// keeps of what matched, at odd addresses unless it keeps none.
constexpr std::uint32_t kMatchBytes = 0;

struct DestroyCompiler {
    void operator()(YR_COMPILER* compiler) const { yr_compiler_destroy(compiler); }
};
using Compiler = std::unique_ptr<YR_COMPILER, DestroyCompiler>;

bool is_rule_file(const fs::path& path) {
    const std::string extension = to_lower(path.extension().native());
    return extension == ".yar" || extension == ".yara";
}

Result<std::vector<fs::path>> rule_files_below(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    fs::recursive_directory_iterator at{folder, error};
    for (; !error && at != fs::recursive_directory_iterator{}; at.increment(error)) {
        if (at->is_directory(error) && at->path().filename() == "samples")
            at.disable_recursion_pending();
        else if (is_rule_file(at->path()) && at->is_regular_file(error))
            out.push_back(at->path());
    }
    if (error) return fail_errno("list", folder.native(), error.value());
    std::ranges::sort(out);
    return out;
}

std::string unique_name(std::string name, std::set<std::string>& taken) {
    std::string out = name;
    for (int i = 2; !taken.insert(out).second; ++i) out = fmt::format("{}-{}", name, i);
    return out;
}

/// What libyara's callbacks need to know of the source being compiled.
struct Context {
    const Source* source = nullptr;
    std::size_t index = 0;
    Compilation* out = nullptr;
};

void on_message(int level, const char* file, int line, const YR_RULE* rule, const char* message,
                void* user) {
    auto& context = *static_cast<Context*>(user);
    constexpr std::string_view kNoInclude = "callback failed to provide include resource: ";
    std::string text = fmt::format("line {}: {}", line, message);
    if (std::string_view{message}.starts_with(kNoInclude))
        text = fmt::format("line {}: include \"{}\" is missing or outside of the rule folder", line,
                           message + kNoInclude.size());
    if (file && context.source->file != file) text = fmt::format("{} {}", file, text);
    auto& list = level == YARA_ERROR_LEVEL_ERROR ? context.out->errors : context.out->warnings;
    list.push_back({context.index, rule ? rule->identifier : "", printable_utf8(text, 1024)});
}

/// An included file, relative to the file named in the settings; nullptr when it does not exist or
/// lies outside of the rule folder.
const char* on_include(const char* name, const char*, const char*, void* user) {
    const auto& context = *static_cast<Context*>(user);
    std::error_code error;
    const fs::path root = fs::canonical(context.source->root, error);
    const fs::path file = fs::canonical(context.source->file.parent_path() / name, error);
    if (error) return nullptr;
    const auto relative = file.lexically_relative(root);
    if (relative.empty() || *relative.begin() == "..") return nullptr;
    const auto content = read_file(file, kRuleFileCap);
    return content ? ::strndup(content->data(), content->size()) : nullptr;
}

void free_include(const char* content, void*) { std::free(const_cast<char*>(content)); }

/// Compiles one source; false when it has an error, and the compiler has to go.
bool add(YR_COMPILER* compiler, const Source& source, Context& context) {
    auto refuse = [&](std::string why) {
        context.out->errors.push_back({context.index, "", std::move(why)});
        return false;
    };
    const FileDescriptor file{
        ::open(source.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (!file) return refuse(fmt::format("open: {}", std::strerror(errno)));
    std::error_code error;
    if (!fs::is_regular_file(source.file, error)) return refuse("is not a regular file");
    const auto size = fs::file_size(source.file, error);
    if (size > kRuleFileCap) return refuse(fmt::format("is larger than {} bytes", kRuleFileCap));
    if (size == 0) return true;  // libyara cannot map it
    const int errors =
        yr_compiler_add_fd(compiler, file.value(), source.name_space.c_str(), source.file.c_str());
    if (errors > 0 && context.out->errors.empty()) return refuse("does not compile");
    return errors == 0;
}

Compiler new_compiler(Context& context) {
    YR_COMPILER* raw = nullptr;
    if (yr_compiler_create(&raw) != ERROR_SUCCESS) throw std::bad_alloc{};
    Compiler compiler{raw};
    yr_compiler_set_callback(raw, on_message, &context);
    yr_compiler_set_include_callback(raw, on_include, free_include, &context);
    for (const char* name : kExternals)
        if (yr_compiler_define_string_variable(raw, name, "") != ERROR_SUCCESS)
            throw std::bad_alloc{};
    return compiler;
}

}  // namespace

Result<> start_library() {
    static const int result = [] {
        const int started = yr_initialize();
        if (started == ERROR_SUCCESS)
            yr_set_configuration_uint32(YR_CONFIG_MAX_MATCH_DATA, kMatchBytes);
        return started;
    }();
    if (result == ERROR_SUCCESS) return {};
    return fail(ErrorCode::internal, "start libyara: error {}", result);
}

Result<std::vector<Source>> find_sources(const std::vector<fs::path>& paths) {
    std::vector<Source> out;
    std::set<std::string> names;
    for (const fs::path& path : paths) {
        std::error_code error;
        const auto status = fs::status(path, error);
        if (!fs::exists(status)) return fail_errno("open", path.native(), ENOENT);
        const bool is_folder = fs::is_directory(status);
        const fs::path root = is_folder ? path : path.parent_path();
        auto files = is_folder ? rule_files_below(path) : std::vector<fs::path>{path};
        if (!files) return std::unexpected(files.error());
        for (const fs::path& file : *files) {
            const fs::path below = file.lexically_relative(root).replace_extension();
            out.push_back({file, root.empty() ? "." : root, unique_name(below, names)});
        }
    }
    return out;
}

Compilation compile(const std::vector<Source>& sources, const std::vector<bool>& use) {
    Compilation out;
    Context context{nullptr, 0, &out};
    const Compiler compiler = new_compiler(context);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (!use[i]) continue;
        context.source = &sources[i];
        context.index = i;
        if (!add(compiler.get(), sources[i], context)) return out;
    }
    YR_RULES* rules = nullptr;
    if (yr_compiler_get_rules(compiler.get(), &rules) != ERROR_SUCCESS) throw std::bad_alloc{};
    out.rules.reset(rules);
    return out;
}

}  // namespace kentongan::yara
