// Reads the routing file; each message names file and line.
#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>

#include "daemon/alert/routing.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

class RoutingReader {
  public:
    explicit RoutingReader(std::string_view file) : file_(file) {}

    Result<Routing> read(std::string_view text) {
        try {
            top_level(toml::parse(text));
        } catch (const toml::parse_error& error) {
            return fail(ErrorCode::config, "routing {}:{}: {}", file_, error.source().begin.line,
                        error.description());
        }
        if (!problem_.empty()) return fail(ErrorCode::config, "{}", problem_);
        return std::move(routing_);
    }

  private:
    /// The first problem is the one that is told.
    template <class... Args>
    void complain(const toml::node& node, fmt::format_string<Args...> format, Args&&... args) {
        if (problem_.empty())
            problem_ = fmt::format("routing {}:{}: {}", file_, node.source().begin.line,
                                   fmt::format(format, std::forward<Args>(args)...));
    }

    template <class Known>
    void check_keys(const toml::table& table, const Known& known) {
        for (const auto& [key, node] : table) {
            if (std::ranges::find(known, key.str()) != known.end()) continue;
            const auto nearest = nearest_word(key.str(), known);
            complain(node, "unknown key '{}'{}", std::string_view{key.str()},
                     nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
        }
    }

    void top_level(const toml::table& root) {
        constexpr std::array<std::string_view, 5> kKeys{"agencies", "owner", "advisory", "class",
                                                        "candidate_names"};
        check_keys(root, kKeys);
        routing_.agencies_ = strings(root, "agencies");
        if (routing_.agencies_.empty()) complain(root, "agencies = [...] is missing or empty");
        routing_.owner_ = text(root, "owner", "");
        agency(root, "owner", routing_.owner_);
        routing_.advisory_ = strings(root, "advisory");
        for (const auto& name : routing_.advisory_) agency(root, "advisory", name);
        names_ = std::make_shared<const std::vector<std::string>>(strings(root, "candidate_names"));
        const auto* classes = root.get_as<toml::table>("class");
        if (classes == nullptr || !classes->contains("default"))
            complain(root, "[class.default] is missing: it routes classes without a table");
        if (classes == nullptr) return;
        for (const auto& [name, node] : *classes)
            if (const auto* table = node.as_table())
                one_class(std::string(name.str()), *table);
            else
                complain(node, "class '{}' is not a table", std::string_view{name.str()});
    }

    void agency(const toml::table& table, std::string_view key, std::string_view name) {
        const auto& known = routing_.agencies_;
        if (std::ranges::find(known, name) != known.end()) return;
        const toml::node* node = table.get(key);
        complain(node != nullptr ? *node : static_cast<const toml::node&>(table),
                 "{} names '{}', which is not one of the agencies", key, name);
    }

    void one_class(const std::string& name, const toml::table& table) {
        check_keys(table, routing_.agencies_);
        Routing::Rows rows;
        for (const std::string& agency_name : routing_.agencies_) {
            const toml::node* node = table.get(agency_name);
            if (node == nullptr) continue;
            if (!node->is_table())
                complain(*node, "class.{}.{} is not a table", name, agency_name);
            else
                rows.push_back(row(name, agency_name, *node->as_table()));
        }
        routing_.classes_.emplace(name, std::move(rows));
    }

    Route row(const std::string& class_name, const std::string& agency_name,
              const toml::table& table) {
        constexpr std::array<std::string_view, 12> kKeys{
            "tlp", "minimum",  "only",    "withhold",   "hash",         "prefix",
            "key", "personal", "tallies", "candidates", "after_review", "daily"};
        check_keys(table, kKeys);
        Route out;
        out.agency = agency_name;
        out.full = agency_name == routing_.owner_;
        const std::string label = text(table, "tlp", "");
        if (const auto tlp = parse_tlp(label))
            out.tlp = *tlp;
        else
            complain(table, "tlp is '{}'; CLEAR, GREEN, AMBER, AMBER+STRICT or RED is expected",
                     label);
        const std::string minimum = text(table, "minimum", "info");
        if (const auto severity = parse_severity(minimum))
            out.minimum = *severity;
        else
            complain(table, "minimum is '{}'; info, low, medium, high or critical is expected",
                     minimum);
        out.only = paths(table, "only");
        out.withhold = paths(table, "withhold");
        out.hash = paths(table, "hash");
        out.prefix = paths(table, "prefix");
        out.after_review = flag(table, "after_review", false);
        if (out.after_review && out.full)
            complain(table, "after_review: {} owns the data, it gets alerts as they are raised",
                     agency_name);
        out.daily = flag(table, "daily", false);
        out.personal = flag(table, "personal", out.full);
        out.tallies = flag(table, "tallies", out.full);
        out.candidates = flag(table, "candidates", out.full);
        if (out.daily) check_daily(out, table);
        out.full = out.full && out.personal && out.tallies && out.candidates;
        out.names = names_;
        routing_.key_of_[class_name][agency_name] = text(table, "key", agency_name);
        return out;
    }

    /// Figures hold no part of an alert.
    void check_daily(const Route& row, const toml::table& table) {
        constexpr std::array<std::string_view, 4> kKeys{"tlp", "minimum", "prefix", "daily"};
        if (row.full) complain(table, "daily: {} owns the data, it gets the alerts", row.agency);
        for (const auto& [key, node] : table)
            if (std::ranges::find(kKeys, key.str()) == kKeys.end())
                complain(node, "{} does not go with daily: figures hold no part of an alert",
                         std::string_view{key.str()});
    }

    bool flag(const toml::table& table, std::string_view key, bool otherwise) {
        const toml::node* node = table.get(key);
        if (node == nullptr) return otherwise;
        if (const auto value = node->value_exact<bool>()) return *value;
        complain(*node, "{} is neither true nor false", key);
        return false;
    }

    std::vector<std::string> paths(const toml::table& table, std::string_view key) {
        std::vector<std::string> out = strings(table, key);
        for (const std::string& path : out) {
            if (is_redactable(path)) continue;
            const auto nearest = nearest_word(path, redactable_paths());
            complain(*table.get(key), "{}: '{}' is no part of an alert that can be withheld{}", key,
                     path, nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
        }
        return out;
    }

    std::string text(const toml::table& table, std::string_view key, std::string_view otherwise) {
        const toml::node* node = table.get(key);
        if (node == nullptr) return std::string(otherwise);
        if (const auto value = node->value_exact<std::string>()) return *value;
        complain(*node, "{} is not a string", key);
        return {};
    }

    std::vector<std::string> strings(const toml::table& table, std::string_view key) {
        std::vector<std::string> out;
        const toml::node* node = table.get(key);
        if (node == nullptr) return out;
        const toml::array* list = node->as_array();
        if (list == nullptr) {
            complain(*node, "{} is not a list of strings", key);
            return out;
        }
        for (const toml::node& item : *list)
            if (const auto value = item.value_exact<std::string>())
                out.push_back(*value);
            else
                complain(item, "{} holds something that is not a string", key);
        return out;
    }

    std::string file_;
    std::string problem_;
    std::shared_ptr<const std::vector<std::string>> names_;
    Routing routing_;
};

Result<Routing> Routing::parse(std::string_view toml, std::string_view file) {
    return RoutingReader(file).read(toml);
}

}  // namespace kentongan
