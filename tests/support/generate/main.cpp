// kentongan-generate: writes the generated inputs to files. Same seed, same bytes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>

#include "daemon/base/file.hpp"
#include "daemon/drill/generate/logs.hpp"
#include "daemon/drill/generate/zeek_records.hpp"
#include "tests/support/captures.hpp"
#include "tests/support/form_picture.hpp"
#include "tests/support/protocol_captures.hpp"
#include "tests/support/upload_tree.hpp"

int main(int argc, char** argv) {
    using namespace kentongan;
    using namespace kentongan::generate;
    CLI::App app{"Writes generated input: an election night in Jakarta, with attacks hidden in it"};
    app.footer("Example:\n  kentongan-generate sirekap sirekap.log --seed 7 --scale 0.1");
    std::string kind;
    std::string file;
    Night night;
    const std::map<std::string, std::function<std::string()>> kinds{
        {"register", [&] { return Jakarta{night.seed}.csv(); }},
        {"sirekap", [&] { return join(sirekap_log(night, Jakarta{night.seed})); }},
        {"recap", [&] { return join(recap_log(night, Jakarta{night.seed}).application); }},
        {"recap-database", [&] { return join(recap_log(night, Jakarta{night.seed}).database); }},
        {"nginx", [&] { return join(nginx_log(night)); }},
        {"auth", [&] { return join(auth_log(night)); }},
        {"syslog", [&] { return join(system_log(night)); }},
        {"audit", [&] { return join(audit_log(night)); }},
        {"postgresql", [&] { return join(postgresql_log(night)); }},
        {"form",
         [&] {
             return form_picture({187, 246, 359}, night.seed,
                                 {.width = static_cast<int>(900 * night.scale),
                                  .height = static_cast<int>(1300 * night.scale)});
         }},
        {"form-layout", [] { return form_layout(); }},
        {"zeek", [&] { return zeek_records(night.seed, 400, night.close); }},
        {"zeek-log",
         [&] {
             return zeek_log(night.seed, static_cast<std::size_t>(20'000 * night.scale),
                             night.close);
         }},
        {"capture", [&] { return attacked_network(night.seed, night.close, night.scale); }},
        {"protocols",
         [&] {
             return spoken_network(night.seed, night.close, static_cast<int>(night.seed % 256));
         }},
        {"quiet", [&] { return quiet_network(night.seed, night.close, night.scale); }},
    };
    std::vector<std::string> names{"tree"};
    for (const auto& [name, make] : kinds) names.push_back(name);
    app.add_option("kind", kind, "what to write")->required()->check(CLI::IsMember(names));
    app.add_option("file", file, "where; for tree, a new folder")->required();
    app.add_option("--seed", night.seed)->capture_default_str();
    app.add_option("--scale", night.scale, "share or multiple of the ordinary traffic")
        ->check(CLI::Range(0.0, 1000.0));
    CLI11_PARSE(app, argc, argv);
    const auto written = kind == "tree" ? upload_tree(night.seed, night.scale, file)
                                        : replace_file(file, kinds.at(kind)());
    if (!written) {
        fmt::print(stderr, "kentongan-generate: {}\n", written.error().message);
        return written.error().exit_status();
    }
    return 0;
}
