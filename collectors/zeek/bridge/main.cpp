// kentongan-broker-bridge: from Zeek's Broker to kentongand's Unix socket.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/zeek/bridge/credentials.hpp"
#include "collectors/zeek/bridge/supervisor.hpp"
#include "collectors/zeek/bridge/worker.hpp"

namespace {

using namespace kentongan;

/// libbroker takes settings from BROKER_* variables; ours come from the command line only.
void clear_broker_environment() {
    std::vector<std::string> names;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        if (text.starts_with("BROKER_")) names.emplace_back(text.substr(0, text.find('=')));
    }
    for (const auto& name : names) ::unsetenv(name.c_str());
}

int complain(const Error& error) {
    std::fprintf(stderr, "kentongan-broker-bridge: %s\n", error.message.c_str());
    return error.exit_status();
}

}  // namespace

int main(int argc, char** argv) {
    const auto settings = bridge::parse_command_line(argc, argv);
    if (!settings) return complain(settings.error());
    if (!*settings) return 0;
    if (const auto checked = bridge::check_credentials(**settings); !checked)
        return complain(checked.error());
    clear_broker_environment();
    std::signal(SIGPIPE, SIG_IGN);
    if ((*settings)->worker)
        bridge::run_worker(**settings, (*settings)->peers[*(*settings)->worker]);
    return bridge::run_supervisor(**settings, argv);
}
