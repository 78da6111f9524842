// What the Application shows of itself on the console's pages.
#include "daemon/api/views.hpp"

#include <boost/json.hpp>

#include "daemon/app/application.hpp"
#include "daemon/base/file.hpp"
#include "daemon/detect/rule_texts.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"

namespace kentongan {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// Blocking.
Result<json::object> drill_score(const fs::path& path) {
    const auto text = read_file(path);
    if (!text) return fail(ErrorCode::no_input, "no drill feeds this daemon");
    boost::system::error_code bad;
    json::value value = json::parse(*text, bad);
    if (bad || !value.is_object())
        return fail(ErrorCode::no_input, "the score of the drill cannot be read");
    return std::move(value.as_object());
}

/// A chat service's URL has the bot's token in it, and any may have one in its query.
std::string without_token(const DeliverySettings& to) {
    const auto scheme = to.url.find("://");
    if (scheme == std::string::npos) return to.url;
    const auto end = to.url.find_first_of(to.format == "template" ? "/?" : "?", scheme + 3);
    return end == std::string::npos ? to.url : to.url.substr(0, end + 1) + "***";
}

}  // namespace

api::Views Application::views() {
    board_ = std::make_unique<Board>(source_names_, metrics_);
    api::Views out;
    out.sensors = [this] { return board_->sensors(); };
    out.services = [this] { return board_->services(); };
    out.rules = [this] { return rule_list(rules_.statuses, config_.rules.paths); };
    out.settings = [this] {
        LoadedConfig loaded;
        loaded.config = config_;
        for (auto& [name, to] : loaded.config.delivery) to.url = without_token(to);
        loaded.origins = launch_.origins;
        return json::object{{"toml", show(loaded, true)}};
    };
    out.rule = [this](std::string id) -> Task<Result<json::object>> {
        auto work = [paths = config_.rules.paths, id] { return rule_text(paths, id); };
        co_return co_await run_on(pipeline_->scan_executor(), work);
    };
    if (config_.daemon.exercise)
        out.drill = [this]() -> Task<Result<json::object>> {
            auto work = [path = fs::path{config_.daemon.state_directory} / api::kDrillScore] {
                return drill_score(path);
            };
            co_return co_await run_on(pipeline_->scan_executor(), work);
        };
    if (history_) {
        out.evidence = [this] { return history_head(); };
        out.proof = [this](std::string alert) { return proof_of(std::move(alert)); };
    }
    if (!coverage_) return out;
    out.series = [this](std::string area) -> Task<std::optional<json::object>> {
        auto work = [this, area] { return sirekap::coverage_series(*coverage_, election_, area); };
        co_return co_await run_on(pipeline_->scan_executor(), work);
    };
    return out;
}

}  // namespace kentongan
