// kentongand: reads its settings, then runs the Application until it is told to stop.
#include <fmt/format.h>

#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "daemon/app/application.hpp"
#include "daemon/base/logging.hpp"
#include "daemon/pipeline/assembly.hpp"

namespace kentongan {

namespace {

int report(const Error& error) {
    fmt::print(stderr, "kentongand: {}\n", error.message);
    return error.exit_status();
}

int run(int argc, char** argv) {
    ::umask(0027);  // what we write is not for everybody
    CLI::App app{"Kentongan's daemon: watches, detects, alerts", "kentongand"};
    app.set_version_flag("--version", "kentongand " KENTONGAN_VERSION);
    app.footer("Example:\n  kentongand --config /etc/kentongan/kentongan.toml --check");
    Launch launch;
    bool check = false;
    app.add_option("--config", launch.config_file, "settings file")->required();
    app.add_option("--set", launch.settings, "KEY=VALUE, over what the files say")
        ->allow_extra_args(false);
    app.add_flag("--check", check, "read the settings, load the rules, and end");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : static_cast<int>(ErrorCode::usage);
    }
    const auto loaded = load_config(sources_of(launch));
    if (!loaded) return report(loaded.error());
    if (check) {
        const auto good = check_rules(loaded->config);
        if (!good) return report(good.error());
        for (const std::string& warning : *good) fmt::print(stderr, "warning: {}\n", warning);
        fmt::print("{}: the settings and the rules they name are good\n", launch.config_file);
        return 0;
    }
    const auto& daemon = loaded->config.daemon;
    const auto format = logging::parse_format(daemon.log_format);
    const auto level = logging::parse_level(daemon.log_level);
    if (format && level) logging::set_up(*format, *level);
    launch.origins = loaded->origins;
    auto application = Application::build(std::move(launch), loaded->config);
    if (!application) return report(application.error());
    const auto ended = (*application)->run();
    return ended ? 0 : report(ended.error());
}

}  // namespace
}  // namespace kentongan

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // whoever read our log has gone
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is a full disk, not the end
    try {
        return kentongan::run(argc, argv);
    } catch (const std::exception& e) {
        fmt::print(stderr, "kentongand: {}\n", e.what());
        return static_cast<int>(kentongan::ErrorCode::internal);
    }
}
