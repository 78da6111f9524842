#include "tests/support/demo/ask.hpp"

#include <boost/json.hpp>
#include <cstdio>

#include "daemon/async/loop_thread.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::demo {

namespace {

std::string quoted(const std::string& word) {
    std::string out = "'";
    for (const char c : word) c == '\'' ? out += "'\\''" : out += c;
    return out + "'";
}

Result<boost::json::value> run(const std::vector<std::string>& command) {
    std::string line;
    for (const auto& word : command) line += quoted(word) + " ";
    FILE* pipe = ::popen((line + "2>&1").c_str(), "r");
    if (pipe == nullptr) return fail(ErrorCode::internal, "cannot run {}", command.front());
    std::string text;
    char buffer[4096];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe))
        text.append(buffer, size);
    if (::pclose(pipe) != 0) return fail(ErrorCode::unavailable, "{}", trim(text));
    boost::system::error_code bad;
    auto value = boost::json::parse(text, bad);
    if (bad) return fail(ErrorCode::data, "{}: not JSON", command.front());
    return value;
}

}  // namespace

Task<Result<boost::json::value>> ask(std::vector<std::string> command) {
    LoopThread thread{"ask"};
    auto work = [command] { return run(command); };
    co_return co_await run_on(thread.executor(), work);
}

}  // namespace kentongan::demo
