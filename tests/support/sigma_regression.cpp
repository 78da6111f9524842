#include "tests/support/sigma_regression.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/base/file.hpp"

namespace kentongan {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// {"Provider": {"#attributes": {"Name": …}}} becomes Provider_Name, as Windows' forwarders write
/// it; other nested values join with underscores too.
void flatten(std::string_view name, const json::value& value, json::object& out) {
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            const std::string_view key = member.key();
            if (key == "xmlns") continue;
            if (key == "#attributes" || key == "#text" || name.empty())
                flatten(name.empty() ? key : name, member.value(), out);
            else
                flatten(std::string(name) + "_" + std::string(key), member.value(), out);
        }
    } else if (!value.is_null()) {
        out[name] = value;
    }
}

std::string event_of(const json::object& record, const std::string& logsource) {
    json::object out;
    out["logsource"] = json::parse(logsource);
    for (const auto& part : record.at("Event").as_object()) {
        if (part.key() == "#attributes" || !part.value().is_object()) continue;
        const auto& members = part.value().as_object();
        for (const auto& member : members)
            if (part.key() == "UserData")
                flatten({}, member.value(), out);
            else
                flatten(member.key(), member.value(), out);
    }
    return json::serialize(out);
}

/// A file holds one JSON object after another.
std::vector<std::string> events_of(std::string_view text, const std::string& logsource) {
    std::vector<std::string> out;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (text.find('{') != text.npos) {
        text.remove_prefix(text.find('{'));
        json::stream_parser parser;
        text.remove_prefix(parser.write_some(text.data(), text.size()));
        out.push_back(event_of(parser.release().as_object(), logsource));
    }
    return out;
}

}  // namespace

std::vector<RegressionCase> sigma_regression(
    const fs::path& checkout,
    const std::function<std::string(std::string_view rule)>& logsource_of) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(checkout / "regression_data"))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<RegressionCase> out;
    for (const fs::path& file : files) {
        const std::string rule = file.stem();
        const std::string logsource = logsource_of(rule);
        const auto text = read_file(file);
        if (text && !logsource.empty()) out.push_back({rule, events_of(*text, logsource)});
    }
    return out;
}

}  // namespace kentongan
