#include "daemon/detect/yara/rules.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/yara/blocks.hpp"
#include "daemon/detect/yara/compiler.hpp"
#include "daemon/detect/yara/metadata.hpp"
#include "daemon/detect/yara/prefilter.hpp"

namespace kentongan::yara {

namespace {

struct DestroyScanner {
    void operator()(YR_SCANNER* scanner) const { yr_scanner_destroy(scanner); }
};

/// What one thread scans with.
struct Scanner {
    std::unique_ptr<YR_SCANNER, DestroyScanner> yara;
    std::unique_ptr<Prefilter::Scratch> scratch;
};

/// The keyword `entrypoint` is answered from the first bytes searched, which then must be there.
bool asks_for_entry_point(const Compilation& compiled) {
    return std::ranges::any_of(compiled.warnings, [](const Diagnostic& warning) {
        return warning.text.find("\"entrypoint\"") != std::string::npos;
    });
}

/// The files that do not compile, each checked by itself.
std::vector<Diagnostic> broken_files(const std::vector<Source>& sources) {
    std::vector<Diagnostic> out;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        std::vector<bool> only(sources.size(), false);
        only[i] = true;
        auto errors = compile(sources, only).errors;
        if (!errors.empty()) out.push_back(std::move(errors.front()));
    }
    return out;
}

std::string warnings_about(const Compilation& compiled, std::size_t source, std::string_view rule) {
    std::string out;
    for (const Diagnostic& warning : compiled.warnings) {
        if (warning.source != source || (!warning.rule.empty() && warning.rule != rule)) continue;
        if (!out.empty()) out += "; ";
        out += "warning: " + warning.text;
    }
    return printable_utf8(out, 1024);
}

bool has_tag(const YR_RULE* rule, std::string_view wanted) {
    const char* tag = nullptr;
    yr_rule_tags_foreach(rule, tag) if (tag == wanted) return true;
    return false;
}

std::vector<Match::Hit> hits_of(YR_SCAN_CONTEXT* context, const YR_RULE* rule) {
    std::vector<Match::Hit> out;
    const YR_STRING* string = nullptr;
    const YR_MATCH* match = nullptr;
    yr_rule_strings_foreach(rule, string) {
        yr_string_matches_foreach(context, string, match) {
            if (out.size() == Match::kMaximumHits) return out;
            out.push_back(
                {string->identifier, static_cast<std::uint64_t>(match->base + match->offset)});
        }
    }
    return out;
}

}  // namespace

struct Rules::Impl {
    CompiledRules compiled;
    std::vector<Loaded> loaded;               // index as in libyara's table
    std::size_t count = 0;                    // not private ones
    std::shared_ptr<const Prefilter> filter;  // null: all bytes are searched
    mutable std::mutex mutex;
    mutable std::vector<Scanner> idle;  // one for each thread that has scanned at once

    [[nodiscard]] Scanner take_scanner() const {
        {
            const std::scoped_lock lock(mutex);
            if (!idle.empty()) {
                Scanner out = std::move(idle.back());
                idle.pop_back();
                return out;
            }
        }
        YR_SCANNER* raw = nullptr;
        if (yr_scanner_create(compiled.get(), &raw) != ERROR_SUCCESS) throw std::bad_alloc{};
        Scanner out{decltype(Scanner::yara){raw}, std::make_unique<Prefilter::Scratch>()};
        if (filter) filter->make_room_in(*out.scratch);
        return out;
    }
    void give_back(Scanner scanner) const {
        const std::scoped_lock lock(mutex);
        idle.push_back(std::move(scanner));
    }
};

namespace {

struct Scan {
    const std::vector<Rules::Loaded>* loaded;
    const YR_RULE* table;
    ScanResult result;
};

int on_event(YR_SCAN_CONTEXT* context, int message, void* data, void* user) {
    if (message != CALLBACK_MSG_RULE_MATCHING) return CALLBACK_CONTINUE;
    auto& scan = *static_cast<Scan*>(user);
    const auto* rule = static_cast<const YR_RULE*>(data);
    const Rules::Loaded& loaded = (*scan.loaded)[static_cast<std::size_t>(rule - scan.table)];
    scan.result.matches.push_back({loaded.rule, loaded.identifier, hits_of(context, rule)});
    return CALLBACK_CONTINUE;
}

void define(YR_SCANNER* scanner, const Target& target) {
    const std::array<const std::string*, kExternals.size()> values{
        &target.filename, &target.filepath, &target.extension, &target.owner, &target.tree};
    for (std::size_t i = 0; i < values.size(); ++i)
        yr_scanner_define_string_variable(scanner, kExternals[i], values[i]->c_str());
}

}  // namespace

Target target_of(std::string_view path) {
    Target out;
    out.filepath = path;
    out.filename = path.substr(path.rfind('/') + 1);
    const auto dot = out.filename.rfind('.');
    if (dot != std::string::npos)
        out.extension = to_lower(std::string_view{out.filename}.substr(dot));
    return out;
}

Rules::Rules(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Rules::~Rules() = default;

std::size_t Rules::size() const { return impl_->count; }
const std::vector<Rules::Loaded>& Rules::all() const { return impl_->loaded; }

Result<std::shared_ptr<const Rules>> Rules::load(const std::vector<std::filesystem::path>& paths,
                                                 std::vector<RuleStatus>& statuses) {
    if (auto started = start_library(); !started) return std::unexpected(started.error());
    const auto sources = find_sources(paths);
    if (!sources) return std::unexpected(sources.error());

    std::vector<bool> use(sources->size(), true);
    Compilation compiled = compile(*sources, use);
    if (!compiled.rules) {
        for (const Diagnostic& broken : broken_files(*sources)) {
            use[broken.source] = false;
            statuses.push_back({(*sources)[broken.source].file, "yara", broken.rule,
                                RuleStatus::State::failed, broken.text});
        }
        compiled = compile(*sources, use);
        if (!compiled.rules)
            return fail(ErrorCode::data, "{}: {}",
                        (*sources)[compiled.errors.front().source].file.native(),
                        compiled.errors.front().text);
    }

    std::vector<std::string> digests;
    for (const Source& source : *sources) {
        const auto text = read_file(source.file);
        digests.push_back(text ? sha256_hex(*text) : std::string{});
    }
    auto impl = std::make_unique<Impl>();
    const YR_RULE* rule = nullptr;
    yr_rules_foreach(compiled.rules.get(), rule) {
        const auto source = std::ranges::find(*sources, rule->ns->name, &Source::name_space);
        const auto index = static_cast<std::size_t>(source - sources->begin());
        const bool is_private = RULE_IS_PRIVATE(rule);
        Rule known = rule_of(*rule);
        known.sha256 = digests[index];
        impl->loaded.push_back({std::make_shared<const Rule>(std::move(known)), rule->identifier,
                                source->file, is_private, has_tag(rule, "stream")});
        if (!is_private) ++impl->count;
        statuses.push_back({source->file, "yara", rule->identifier, RuleStatus::State::ok,
                            warnings_about(compiled, index, rule->identifier),
                            impl->loaded.back().rule->id});
    }
    impl->compiled = std::move(compiled.rules);
    if (!asks_for_entry_point(compiled)) impl->filter = Prefilter::of(*impl->compiled);
    std::vector<bool> for_streams(sources->size(), false);
    for (const Loaded& loaded : impl->loaded)
        if (loaded.is_for_streams)
            for_streams[static_cast<std::size_t>(
                std::ranges::find(*sources, loaded.file, &Source::file) - sources->begin())] = true;
    std::shared_ptr<const Rules> streams;
    if (std::ranges::find(for_streams, true) != for_streams.end())
        streams = std::shared_ptr<const Rules>(
            new Rules(only_for_streams(*impl, compile(*sources, for_streams))));
    auto out = std::shared_ptr<Rules>(new Rules(std::move(impl)));
    out->for_streams_ = std::move(streams);
    return out;
}

/// Compiled once more, for what is searched for costs most: only the files that have such rules.
std::unique_ptr<Rules::Impl> Rules::only_for_streams(const Impl& all, Compilation again) {
    auto out = std::make_unique<Impl>();
    YR_RULE* rule = nullptr;
    const YR_RULE* table = all.compiled->rules_table;
    yr_rules_foreach(again.rules.get(), rule) {
        const auto is_same = [&](const Loaded& loaded) {
            const YR_RULE& one = table[&loaded - all.loaded.data()];
            return std::string_view(one.identifier) == rule->identifier &&
                   std::string_view(one.ns->name) == rule->ns->name;
        };
        const Loaded& loaded = *std::ranges::find_if(all.loaded, is_same);
        out->loaded.push_back(loaded);
        if (loaded.is_for_streams)
            ++out->count;
        else if (!loaded.is_private && !RULE_IS_GLOBAL(rule))
            yr_rule_disable(rule);
    }
    out->compiled = std::move(again.rules);
    if (!asks_for_entry_point(again)) out->filter = Prefilter::of(*out->compiled);
    return out;
}

ScanResult Rules::scan(Bytes content, const Target& target, std::chrono::seconds timeout) const {
    if (impl_->loaded.empty()) return {};
    Scanner scanner = impl_->take_scanner();
    YR_SCANNER* yara = scanner.yara.get();
    Scan scan{&impl_->loaded, impl_->compiled->rules_table, {}};
    define(yara, target);
    yr_scanner_set_flags(
        yara, SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
    yr_scanner_set_timeout(yara, static_cast<int>(timeout.count()));
    yr_scanner_set_callback(yara, on_event, &scan);
    const auto ranges = impl_->filter ? impl_->filter->ranges(content, *scanner.scratch)
                                      : std::vector<Range>{{0, content.size()}};
    Blocks blocks(content, ranges);
    const int status = yr_scanner_scan_mem_blocks(yara, blocks.iterator());
    if (status == ERROR_SUCCESS)
        impl_->give_back(std::move(scanner));
    else
        scan.result.skipped = status == ERROR_SCAN_TIMEOUT ? "timeout" : "error";
    return std::move(scan.result);
}

}  // namespace kentongan::yara
