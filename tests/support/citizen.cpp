#include "tests/support/citizen.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "collectors/report/proof.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {
constexpr std::string_view kBoundary = "----citizen";
}  // namespace

Result<HttpAnswer> Citizen::report(std::map<std::string, std::string> fields,
                                   const std::vector<std::string>& photos) const {
    const auto puzzle = http_get(port, "/v1/challenge", "");
    if (!puzzle) return puzzle;
    boost::system::error_code bad;
    const json::value value = json::parse(puzzle->body, bad);
    if (bad || puzzle->status != 200) return puzzle;
    fields["challenge"] = value.at("challenge").as_string();
    fields["solution"] = report::solve(fields["challenge"]);
    std::string body;
    for (const auto& [name, text] : fields)
        body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                            kBoundary, name, text);
    for (const std::string& photo : photos)
        body += fmt::format(
            "--{}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"IMG_0001.jpg\"\r\n"
            "Content-Type: image/jpeg\r\n\r\n{}\r\n",
            kBoundary, photo);
    body += fmt::format("--{}--\r\n", kBoundary);
    return http_ask(port, fmt::format("POST /v1/reports HTTP/1.1\r\nHost: laporan\r\n"
                                      "X-Forwarded-For: {}\r\nConnection: close\r\nContent-Type: "
                                      "multipart/form-data; boundary={}\r\nContent-Length: "
                                      "{}\r\n\r\n{}",
                                      address, kBoundary, body.size(), body));
}

Result<HttpAnswer> Citizen::ask_about(const std::string& ticket, const std::string& secret) const {
    return http_get(port, "/v1/reports/" + ticket, secret);
}

}  // namespace kentongan
