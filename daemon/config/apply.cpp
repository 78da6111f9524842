#include "daemon/config/apply.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::config {

namespace {

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number with a fraction";
        case toml::node_type::boolean:
            return "true or false";
        default:
            return "a date or time";
    }
}

/// One table of a layer over one settings struct. The visitor of config.hpp.
class Applier {
  public:
    Applier(const Layer& layer, const toml::table& table, std::string path, Origins& origins,
            Problems& problems)
        : layer_(layer),
          table_(table),
          path_(std::move(path)),
          origins_(origins),
          problems_(problems) {}

    template <class T>
    void operator()(const char* key, T& member, const char*, const Allowed& = {}) {
        known_.emplace_back(key);
        const toml::node* node = table_.get(key);
        if (node == nullptr) return;
        if (assign(*node, member, dotted(key)))
            origins_[dotted(key)] = layer_.where(node->source());
    }

    template <class T>
    void table(const char* key, T& settings, const char*) {
        known_.emplace_back(key);
        if (const auto* found = table_of(key, "[{}]")) descend(*found, settings, key);
    }

    template <class T>
    void tables(const char* key, NamedTables<T>& map, const char*) {
        known_.emplace_back(key);
        const auto* outer = table_of(key, "named tables such as [{}.one]");
        if (outer == nullptr) return;
        for (const auto& [name, node] : *outer)
            if (const auto* inner = named_table(key, name, node)) {
                const std::string path = fmt::format("{}.{}", key, name.str());
                origins_.emplace(path, layer_.where(inner->source()));
                descend(*inner, map[std::string{name.str()}], path);
            }
    }

    void report_unknown() {
        for (const auto& [key, node] : table_) {
            if (std::ranges::find(known_, key.str()) != known_.end()) continue;
            const auto near = nearest_word(to_lower(key.str()), known_);
            const std::string hint = near.empty()
                                         ? fmt::format("; known: {}", fmt::join(known_, ", "))
                                         : fmt::format("; did you mean {}?", near);
            const char* what = path_.empty() ? "table" : "key";
            complain(key.source(), "unknown {} {}{}", what, printable_utf8(dotted(key.str()), 120),
                     hint);
        }
    }

  private:
    template <class T>
    void descend(const toml::table& table, T& settings, std::string path) {
        Applier inner{layer_, table, std::move(path), origins_, problems_};
        settings.visit(inner);
        inner.report_unknown();
    }

    const toml::table* table_of(std::string_view key, fmt::format_string<std::string_view&> shape) {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return nullptr;
        if (!node->is_table())
            complain(node->source(), "{} is {}; expected {}", key, type_name(*node),
                     fmt::format(shape, key));
        return node->as_table();
    }

    const toml::table* named_table(std::string_view section, const toml::key& name,
                                   const toml::node& node) {
        const auto plain = [](char c) {
            return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                   (c >= 'A' && c <= 'Z');
        };
        if (!node.is_table())
            complain(name.source(),
                     "{}.{} is {}; its settings go in a named table such as [{}.one]", section,
                     printable_utf8(name.str(), 80), type_name(node), section);
        else if (name.str().empty() || name.str().size() > 64 ||
                 !std::ranges::all_of(name.str(), plain))
            complain(name.source(),
                     "[{}.{}]: a name has 1 to 64 letters, digits, hyphens and underscores",
                     section, printable_utf8(name.str(), 80));
        else
            return node.as_table();
        return nullptr;
    }

    bool wrong_type(const toml::node& node, const std::string& key, std::string_view expected) {
        complain(node.source(), "{} is {}; expected {}", key, type_name(node), expected);
        return false;
    }

    bool assign(const toml::node& node, std::string& member, const std::string& key) {
        if (const auto* value = node.as_string()) return member = value->get(), true;
        if (layer_.raw) return member = *layer_.raw, true;
        return wrong_type(node, key, "a text in quotes");
    }
    bool assign(const toml::node& node, std::int64_t& member, const std::string& key) {
        if (const auto* value = node.as_integer()) return member = value->get(), true;
        return wrong_type(node, key, "a whole number");
    }
    bool assign(const toml::node& node, double& member, const std::string& key) {
        if (!node.is_number()) return wrong_type(node, key, "a number");
        return member = node.value<double>().value_or(0), true;
    }
    bool assign(const toml::node& node, bool& member, const std::string& key) {
        if (const auto* value = node.as_boolean()) return member = value->get(), true;
        return wrong_type(node, key, "true or false");
    }
    bool assign(const toml::node& node, std::vector<std::string>& member, const std::string& key) {
        const auto* list = node.as_array();
        if (list == nullptr) return wrong_type(node, key, "a list of texts such as [\"a\", \"b\"]");
        std::vector<std::string> texts;
        for (const toml::node& item : *list) {
            if (!item.is_string()) return wrong_type(item, key + "[]", "a text in quotes");
            texts.push_back(item.as_string()->get());
        }
        return member = std::move(texts), true;
    }
    bool assign(const toml::node& node, std::map<std::string, std::string>& member,
                const std::string& key) {
        const auto* table = node.as_table();
        if (table == nullptr) return wrong_type(node, key, "a table of texts");
        bool good = true;
        for (const auto& [name, value] : *table)
            good = assign(value, member[std::string{name.str()}],
                          fmt::format("{}.{}", key, name.str())) &&
                   good;
        return good;
    }

    template <class... Args>
    void complain(const toml::source_region& place, fmt::format_string<Args...> format,
                  Args&&... args) {
        problems_.add(layer_.where(place) + ": " +
                      fmt::format(format, std::forward<Args>(args)...));
    }

    [[nodiscard]] std::string dotted(std::string_view key) const {
        return path_.empty() ? std::string{key} : fmt::format("{}.{}", path_, key);
    }

    const Layer& layer_;
    const toml::table& table_;
    const std::string path_;
    Origins& origins_;
    Problems& problems_;
    std::vector<std::string> known_;
};

}  // namespace

void apply(const Layer& layer, Config& config, Origins& origins, Problems& problems) {
    Applier applier{layer, layer.root, "", origins, problems};
    config.visit(applier);
    applier.report_unknown();
}

}  // namespace kentongan::config
