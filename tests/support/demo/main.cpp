// kentongan-demo: what `./dev demo` runs.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "tests/support/demo/performance.hpp"

int main(int argc, char** argv) {
    using namespace kentongan;
    CLI::App app{"An election night pressed into a minute, with attacks", "kentongan-demo"};
    demo::Options options;
    std::int64_t seconds = options.length.count();
    app.add_option("--bin", options.programs, "folder of the programs")->required();
    app.add_option("--rules", options.rules, "folder of the rules")->required();
    app.add_flag("--once", options.once, "one night, a summary, and the end");
    app.add_option("--seed", options.seed, "of the generated input")->capture_default_str();
    app.add_option("--seconds", seconds, "length of a night")->check(CLI::Range(30, 86400));
    CLI11_PARSE(app, argc, argv);
    options.length = std::chrono::seconds{seconds};
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // each line at once, into a file too
    try {
        demo::Performance performance{std::move(options)};
        const auto status = performance.run();
        if (status) return *status;
        fmt::print(stderr, "kentongan-demo: {}\n", status.error().message);
        return status.error().exit_status();
    } catch (const std::exception& e) {
        fmt::print(stderr, "kentongan-demo: {}\n", e.what());
        return 70;
    }
}
