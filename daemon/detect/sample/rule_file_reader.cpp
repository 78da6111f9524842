// Reads a rule's file and compares it with the rule that is built in.
#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/report/rules.hpp"
#include "daemon/detect/sample/rule_file.hpp"
#include "daemon/detect/sirekap/rules.hpp"

namespace kentongan {

namespace {
constexpr std::int64_t kRepetitions = 100000;
constexpr std::size_t kSteps = 10000;  // of a sample, those repeated counted each time

constexpr std::array<std::string_view, 8> kWhat{"event",      "attempt",   "service", "prefix",
                                                "reflection", "amplifier", "held",    "second"};

std::shared_ptr<const Rule> built_in(std::string_view id) {
    for (const auto& rules : {anomaly::rules(), sirekap::rules(), report::rules()})
        for (const auto& rule : rules)
            if (rule->id == id) return rule;
    return nullptr;
}
}  // namespace

class RuleFileReader {
  public:
    explicit RuleFileReader(std::string_view file) { out_.file_ = file; }

    Result<RuleFile> read(std::string_view text) {
        try {
            top_level(toml::parse(text));
        } catch (const toml::parse_error& error) {
            return fail(ErrorCode::data, "rule {}:{}: {}", out_.file_, error.source().begin.line,
                        error.description());
        }
        if (!problem_.empty()) return fail(ErrorCode::data, "{}", problem_);
        return std::move(out_);
    }

  private:
    template <class... Args>
    void complain(const toml::node& node, fmt::format_string<Args...> format, Args&&... args) {
        if (problem_.empty())
            problem_ = fmt::format("rule {}:{}: {}", out_.file_, node.source().begin.line,
                                   fmt::format(format, std::forward<Args>(args)...));
    }

    template <std::size_t N>
    void check_keys(const toml::table& table, const std::array<std::string_view, N>& known) {
        for (const auto& [key, node] : table)
            if (std::ranges::find(known, key.str()) == known.end())
                complain(node, "unknown key '{}'", std::string_view{key.str()});
    }

    void top_level(const toml::table& root) {
        constexpr std::array<std::string_view, 9> kKeys{"id",       "name",       "severity",
                                                        "class",    "techniques", "description",
                                                        "register", "window",     "sample"};
        check_keys(root, kKeys);
        out_.rule_ = built_in(root["id"].value_or(std::string_view{}));
        if (out_.rule_ == nullptr) {
            complain(root, "id '{}' is no built-in rule", root["id"].value_or(std::string_view{}));
            return;
        }
        agree(root, "name", out_.rule_->name);
        agree(root, "severity", name_of(out_.rule_->severity));
        agree(root, "class", out_.rule_->rule_class);
        techniques(root);
        out_.description_ = root["description"].value_or(std::string{});
        if (out_.description_.empty()) complain(root, "description is missing");
        out_.register_ = root["register"].value_or(std::string{});
        if (const auto* declared = root.get_as<toml::table>("window")) window(*declared);
        if (const auto* samples = root.get_as<toml::array>("sample"))
            for (const toml::node& node : *samples) sample(node);
        for (const bool fires : {true, false})
            if (std::ranges::find(out_.samples_, fires, &RuleFile::Sample::fires) ==
                out_.samples_.end())
                complain(root, "a sample that {} is missing", fires ? "fires" : "stays silent");
    }

    void agree(const toml::table& root, std::string_view key, std::string_view built_in_value) {
        const auto value = root[key].value_or(std::string_view{});
        if (value != built_in_value)
            complain(root.contains(key) ? *root.get(key) : static_cast<const toml::node&>(root),
                     "{} is '{}' but the rule's is '{}'", key, value, built_in_value);
    }

    void techniques(const toml::table& root) {
        std::vector<std::string> stated;
        if (const auto* list = root.get_as<toml::array>("techniques"))
            for (const toml::node& item : *list) stated.push_back(item.value_or(std::string{}));
        if (stated != out_.rule_->techniques)
            complain(root, "techniques are not the rule's, which are [{}]",
                     fmt::join(out_.rule_->techniques, ", "));
    }

    void window(const toml::table& declared) {
        const auto from = parse_rfc3339(declared["from"].value_or(std::string_view{}));
        const auto to = parse_rfc3339(declared["to"].value_or(std::string_view{}));
        if (!from || !to) return complain(declared, "from and to of a window are times");
        out_.window_ = sirekap::ChangeWindow{"CW-1", *from,    *to,   {},
                                             {},     "sample", "KPU", sirekap::Level::unknown};
    }

    void sample(const toml::node& node) {
        constexpr std::array<std::string_view, 3> kKeys{"name", "fires", "step"};
        const toml::table* table = node.as_table();
        if (table == nullptr) return complain(node, "a sample is not a table");
        check_keys(*table, kKeys);
        RuleFile::Sample read{
            (*table)["name"].value_or(std::string{}), (*table)["fires"].value_or(false), {}};
        if (!(*table)["fires"].is_boolean()) complain(node, "fires = true or false is missing");
        if (const auto* steps = table->get_as<toml::array>("step"))
            for (const toml::node& item : *steps) step(item, read);
        if (read.steps.empty()) complain(node, "sample '{}' has no [[sample.step]]", read.name);
        out_.samples_.push_back(std::move(read));
    }

    /// One step, or several that are repeated together; those hold no further ones.
    void step(const toml::node& node, RuleFile::Sample& to) {
        const toml::table* table = node.as_table();
        const auto* inner = table == nullptr ? nullptr : table->get_as<toml::array>("step");
        if (inner == nullptr) return single_step(node, to);
        constexpr std::array<std::string_view, 2> kKeys{"repeat", "step"};
        check_keys(*table, kKeys);
        RuleFile::Sample once;
        for (const toml::node& item : *inner) single_step(item, once);
        const std::int64_t repeat = repetitions(*table);
        if (once.steps.size() * static_cast<std::size_t>(repeat) + to.steps.size() > kSteps)
            return complain(node, "sample '{}' has more than {} steps", to.name, kSteps);
        for (std::int64_t i = 0; i < repeat; ++i)
            to.steps.insert(to.steps.end(), once.steps.begin(), once.steps.end());
    }

    std::int64_t repetitions(const toml::table& step) {
        const auto repeat = step["repeat"].value_or(std::int64_t{1});
        if (repeat >= 1 && repeat <= kRepetitions) return repeat;
        complain(step, "repeat is {}; 1 to {} is expected", repeat, kRepetitions);
        return 1;
    }

    void single_step(const toml::node& node, RuleFile::Sample& to) {
        constexpr std::array<std::string_view, 3> kOthers{"repeat", "every_seconds", "at"};
        const toml::table* table = node.as_table();
        if (table == nullptr) return complain(node, "a step is not a table");
        if (to.steps.size() == kSteps)
            return complain(node, "sample '{}' has more than {} steps", to.name, kSteps);
        std::array<std::string_view, kWhat.size() + kOthers.size()> keys{};
        std::ranges::copy(kOthers, std::ranges::copy(kWhat, keys.begin()).out);
        check_keys(*table, keys);
        RuleFile::Step read;
        read.repeat = repetitions(*table);
        read.every_seconds = (*table)["every_seconds"].value_or(1.0);
        if (!(read.every_seconds >= 0 && read.every_seconds <= 86400))
            complain(node, "every_seconds is {}; 0 to 86400 is expected", read.every_seconds);
        if (const auto at = (*table)["at"].value<std::string>()) {
            read.at = parse_rfc3339(*at);
            if (!read.at) complain(node, "at is '{}'; a time such as 2024-11-27T05:00:00Z", *at);
        }
        for (const std::string_view what : kWhat)
            if (const auto* fields = table->get_as<toml::table>(what)) {
                read.what = what;
                for (const auto& [key, value] : *fields)
                    read.fields.emplace_back(key.str(), text_of(value));
            }
        if (read.what.empty()) complain(node, "{} is missing", fmt::join(kWhat, ", "));
        to.steps.push_back(std::move(read));
    }

    std::string text_of(const toml::node& node) {
        if (const auto text = node.value_exact<std::string>()) return *text;
        if (const auto number = node.value_exact<std::int64_t>()) return fmt::format("{}", *number);
        if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
        complain(node, "text, a whole number, true or false is expected");
        return {};
    }

    RuleFile out_;
    std::string problem_;
};

Result<RuleFile> RuleFile::parse(std::string_view toml, std::string_view file) {
    return RuleFileReader(file).read(toml);
}

}  // namespace kentongan
