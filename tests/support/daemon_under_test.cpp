#include "tests/support/daemon_under_test.hpp"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace fs = std::filesystem;

namespace {
constexpr std::string_view kToken = "a-token-that-is-only-for-tests-0123456789";
}  // namespace

DaemonUnderTest::DaemonUnderTest(std::string program)
    : program_(std::move(program)), port_(free_port()) {
    write("secrets/token", std::string(kToken) + "\n");
}

void DaemonUnderTest::write(const std::string& name, std::string_view content) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    if (auto written = replace_file(path(name), content); !written)
        throw std::runtime_error(written.error().message);
}

void DaemonUnderTest::append(const std::string& name, std::string_view content) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream file{path(name), std::ios::app};
    if (!(file << content << std::flush)) throw std::runtime_error("append to " + path(name));
}

void DaemonUnderTest::configure(const std::string& sources) const {
    write("kentongan.toml",
          fmt::format("[daemon]\nname = \"under-test\"\nstate_directory = \"{0}\"\nlanes = 2\n\n"
                      "[rules]\npaths = [\"{1}\"]\n\n"
                      "[api]\nlisten = \"127.0.0.1:{2}\"\ntoken_file = \"{3}\"\n\n{4}",
                      state(), path("rules"), port_, path("secrets/token"), sources));
}

void DaemonUnderTest::start() {
    auto child = Child::start({program_, "--config", config()}, path("kentongand.log"));
    if (!child) throw std::runtime_error(child.error().message);
    child_.reset();
    child_.emplace(std::move(*child));
}

void DaemonUnderTest::reload() { child_->send(SIGHUP); }

Ended DaemonUnderTest::run_to_end() const {
    const auto log = path("ended.log");
    fs::remove(log);
    auto ended = run_program({program_, "--config", config()}, log, 60);
    if (!ended) throw std::runtime_error(ended.error().message);
    return std::move(*ended);
}

Result<HttpAnswer> DaemonUnderTest::get(const std::string& target) const {
    return http_get(port_, target, std::string(kToken));
}

bool DaemonUnderTest::ready(std::string* why_not) const {
    const auto answer = get("/-/ready");
    if (why_not != nullptr) *why_not = answer ? answer->body : answer.error().message;
    return answer && answer->status == 200;
}

std::optional<double> DaemonUnderTest::metric(const std::string& name) const {
    const auto answer = get("/metrics");
    if (!answer) return std::nullopt;
    std::string_view rest = answer->body;
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        const bool is_it = line.starts_with(name) && line.size() > name.size() &&
                           (line[name.size()] == ' ' || line[name.size()] == '{');
        if (!is_it) continue;
        return std::stod(std::string(line.substr(line.rfind(' ') + 1)));
    }
    return std::nullopt;
}

std::string DaemonUnderTest::log() const {
    return read_file(path("kentongand.log")).value_or("it has printed nothing");
}

}  // namespace kentongan
