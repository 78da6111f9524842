#include "daemon/detect/yara/samples.hpp"

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::yara {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSampleCap = std::size_t{16} << 20;
constexpr std::string_view kRecipe = ".recipe";

/// "FF D8 e1" as bytes; nothing when it is not hex.
std::optional<std::string> bytes_of(std::string_view hex) {
    std::string out;
    while (!hex.empty()) {
        const std::string_view pair = take_until(hex, ' ');
        unsigned value = 0;
        const auto [end, error] = std::from_chars(pair.begin(), pair.end(), value, 16);
        if (pair.size() != 2 || end != pair.end() || error != std::errc{}) return std::nullopt;
        out += static_cast<char>(value);
    }
    return out;
}

bool repeat(std::string_view text, std::string& out) {
    const auto count = parse_number<std::size_t>(take_until(text, ' '));
    const auto bytes = bytes_of(text);
    if (!count || !bytes || *count > kSampleCap / std::max<std::size_t>(bytes->size(), 1))
        return false;
    for (std::size_t i = 0; i < *count; ++i) out += *bytes;
    return true;
}

bool add_bytes(std::string_view hex, std::string& out) {
    const auto bytes = bytes_of(hex);
    if (bytes) out += *bytes;
    return bytes.has_value();
}

/// False when the line means nothing.
bool follow(std::string_view line, Sample& out) {
    const std::string_view verb = take_until(line, ' ');
    if (verb == "hex") return add_bytes(line, out.content);
    if (verb == "repeat") return repeat(line, out.content);
    if (verb == "text") {
        out.content += line;
    } else if (verb == "line") {
        out.content += '\n';
    } else if (verb == "path") {
        const std::string tree = out.target.tree;
        out.target = target_of(line);
        out.target.tree = tree;
    } else if (verb == "tree") {
        out.target.tree = line;
    } else {
        return verb.empty() || verb.starts_with('#');
    }
    return true;
}

Result<> cook(std::string_view recipe, const fs::path& file, Sample& out) {
    for (std::size_t number = 1; !recipe.empty(); ++number)
        if (!follow(take_until(recipe, '\n'), out) || out.content.size() > kSampleCap)
            return fail(ErrorCode::data, "{} line {}: not a line of a recipe", file.native(),
                        number);
    return {};
}

std::vector<fs::path> samples_of(const Rules::Loaded& rule) {
    std::vector<fs::path> out;
    std::error_code none;
    for (const auto& entry :
         fs::directory_iterator(rule.file.parent_path() / "samples" / rule.identifier, none))
        out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

std::string names(const std::vector<Match>& matches) {
    std::string out;
    for (const Match& match : matches) out += (out.empty() ? "" : ", ") + match.identifier;
    return out.empty() ? "nothing" : out;
}

/// Why the sample does not do what its name says; empty when it does.
std::string try_sample(const Rules& rules, const std::string& rule, const fs::path& file) {
    const std::string name = file.filename();
    const bool fires = name.starts_with("fires");
    if (!fires && !name.starts_with("silent"))
        return "a sample's name begins with \"fires\" or \"silent\"";
    const auto sample = read_sample(file);
    if (!sample) return sample.error().message;
    const ScanResult result =
        rules.scan(as_bytes(sample->content), sample->target, std::chrono::seconds{10});
    if (!result.skipped.empty()) return "the scan ended early: " + std::string(result.skipped);
    const bool matched =
        std::ranges::find(result.matches, rule, &Match::identifier) != result.matches.end();
    if (fires && !matched) return "should match, but matched " + names(result.matches);
    if (!fires && !result.matches.empty())
        return "should match nothing, but matched " + names(result.matches);
    return {};
}

void test_rule(const Rules& rules, const Rules::Loaded& rule, std::vector<SampleResult>& out) {
    bool fires = false;
    bool silent = false;
    for (const fs::path& file : samples_of(rule)) {
        const std::string name = file.filename();
        fires = fires || name.starts_with("fires");
        silent = silent || name.starts_with("silent");
        std::string reason = try_sample(rules, rule.identifier, file);
        const bool passed = reason.empty();
        out.push_back({rule.file, rule.identifier, file, passed, std::move(reason)});
    }
    for (const auto& [there, kind] : {std::pair{fires, "fires"}, std::pair{silent, "silent"}})
        if (!there)
            out.push_back({rule.file, rule.identifier, "", false,
                           fmt::format("has no sample samples/{}/{}…", rule.identifier, kind)});
}

}  // namespace

Result<Sample> read_sample(const fs::path& file) {
    auto content = read_file(file, kSampleCap);
    if (!content) return std::unexpected(content.error());
    std::string name = file.filename();
    const bool is_recipe = name.ends_with(kRecipe);
    if (is_recipe) name.resize(name.size() - kRecipe.size());
    Sample out{{}, target_of(name)};
    if (!is_recipe) {
        out.content = std::move(*content);
        return out;
    }
    if (auto cooked = cook(*content, file, out); !cooked) return std::unexpected(cooked.error());
    return out;
}

Result<std::vector<SampleResult>> test_samples(const fs::path& path) {
    std::vector<RuleStatus> statuses;
    const auto rules = Rules::load({path}, statuses);
    if (!rules) return std::unexpected(rules.error());
    std::vector<SampleResult> out;
    for (const RuleStatus& status : statuses)
        if (status.state != RuleStatus::State::ok)
            out.push_back({status.file, status.rule, "", false, status.reason});
    for (const Rules::Loaded& rule : (*rules)->all())
        if (!rule.is_private) test_rule(**rules, rule, out);
    return out;
}

}  // namespace kentongan::yara
