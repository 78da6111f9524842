// Settings as TOML, and the reference page; both walk config.hpp.
#include <algorithm>

#include "daemon/config/reader.hpp"

namespace kentongan {

namespace {

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if ((c >= 0 && c < ' ') || c == '\x7f')
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out += '"';
}

std::string to_toml(const std::string& value) { return quoted(value); }
std::string to_toml(std::int64_t value) { return fmt::format("{}", value); }
std::string to_toml(bool value) { return value ? "true" : "false"; }
std::string to_toml(double value) {
    std::string out = fmt::format("{}", value);
    return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}
std::string to_toml(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : ",\n    ") + quoted(text);
    if (texts.size() < 2) return "[" + out + "]";
    return "[\n    " + out + ",\n]";
}
std::string to_toml(const std::map<std::string, std::string>& texts) {
    std::string out;
    for (const auto& [name, text] : texts)
        out += (out.empty() ? " " : ", ") + quoted(name) + " = " + quoted(text);
    return out.empty() ? "{}" : "{" + out + " }";
}

class Printer {
  public:
    Printer(const LoadedConfig& loaded, bool origin) : loaded_(loaded), origin_(origin) {}

    template <class T>
    void operator()(const char* key, const T& value, const char*, const Allowed& = {}) {
        if (origin_) line("# {}\n", loaded_.origin_of(fmt::format("{}.{}", path_, key)));
        line("{} = {}\n", key, to_toml(value));
    }
    template <class T>
    void table(const char* key, const T& settings, const char*) {
        section(key, settings);
    }
    template <class T>
    void tables(const char* key, const NamedTables<T>& map, const char*) {
        for (const auto& [name, settings] : map) section(fmt::format("{}.{}", key, name), settings);
    }

    std::string text;

  private:
    template <class T>
    void section(std::string path, const T& settings) {
        path_ = std::move(path);
        line("{}[{}]\n", text.empty() ? "" : "\n", path_);
        settings.visit(*this);
    }
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
    }

    const LoadedConfig& loaded_;
    const bool origin_;
    std::string path_;
};

const char* type_of(const std::string&) { return "text"; }
const char* type_of(std::int64_t) { return "whole number"; }
const char* type_of(double) { return "number"; }
const char* type_of(bool) { return "true or false"; }
const char* type_of(const std::vector<std::string>&) { return "list of texts"; }
const char* type_of(const std::map<std::string, std::string>&) { return "table of texts"; }

class ReferenceWriter {
  public:
    template <class T>
    void operator()(const char* key, const T& value, const char* help,
                    const Allowed& allowed = {}) {
        fmt::format_to(std::back_inserter(text), "| `{}` | {} | `{}` | {} | {} |\n", key,
                       type_of(value), to_toml(value), describe(allowed), help);
    }
    template <class T>
    void table(const char* key, const T& settings, const char* help) {
        section(key, settings, help);
    }
    template <class T>
    void tables(const char* key, const NamedTables<T>&, const char* help) {
        section(fmt::format("{}.NAME", key), T{}, help);
    }

    std::string text;

  private:
    template <class T>
    void section(std::string_view title, const T& settings, const char* help) {
        fmt::format_to(std::back_inserter(text),
                       "\n### [{}]: {}\n\n| key | type | default | allowed | meaning |\n"
                       "|---|---|---|---|---|\n",
                       title, help);
        settings.visit(*this);
    }
};

}  // namespace

std::string show(const LoadedConfig& loaded, bool origin) {
    Printer printer{loaded, origin};
    loaded.config.visit(printer);
    return std::move(printer.text);
}

std::string reference_markdown() {
    ReferenceWriter writer;
    const Config defaults;
    defaults.visit(writer);
    return std::move(writer.text);
}

}  // namespace kentongan
