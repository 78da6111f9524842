// What the Application shows of itself on the console's pages.
#include "daemon/api/views.hpp"

#include <boost/json.hpp>

#include "daemon/app/application.hpp"
#include "daemon/app/rule_texts.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"

namespace kentongan {

namespace json = boost::json;

api::Views Application::views() {
    board_ = std::make_unique<Board>(source_names_, metrics_);
    api::Views out;
    out.sensors = [this] { return board_->sensors(); };
    out.services = [this] { return board_->services(); };
    out.rules = [this] { return rule_list(rules_.statuses, config_.rules.paths); };
    out.settings = [this] {
        LoadedConfig loaded;
        loaded.config = config_;
        loaded.origins = launch_.origins;
        return json::object{{"toml", show(loaded, true)}};
    };
    out.rule = [this](std::string id) -> Task<Result<json::object>> {
        auto work = [paths = config_.rules.paths, id] { return rule_text(paths, id); };
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
