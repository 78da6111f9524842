#include "tests/bench/query/alerts.hpp"

#include <array>

#include "daemon/base/digest.hpp"
#include "daemon/base/id.hpp"

namespace kentongan::bench {

namespace {

constexpr std::array<const char*, 12> kSubjects{
    "upload",    "login",   "port scan", "SQL injection", "web shell", "DNS tunnel",
    "TPS photo", "c_hasil", "privilege", "beacon",        "SYN flood", "integrity"};
constexpr std::array<const char*, 8> kVerbs{"failed",  "repeated", "unusual", "denied",
                                            "changed", "blocked",  "missing", "delayed"};

}  // namespace

AlertMaker::AlertMaker(std::uint64_t total) : total_(total) {
    for (std::size_t i = 0; i < 200; ++i) {
        auto rule = std::make_shared<Rule>();
        rule->id = fmt::format("sigma:rule-{:03}", i);
        rule->name = fmt::format("{} {} {}", kVerbs[i % 8], kSubjects[(i / 8) % 12], i);
        rule->ruleset = static_cast<Ruleset>(i % 8);
        rule->severity = static_cast<Severity>(i % 5);
        rule->techniques = {fmt::format("T1{:03}", i % 90)};
        rules_.push_back(std::move(rule));
    }
}

/// Small numbers often, as rules and sources are.
std::size_t AlertMaker::skewed(std::size_t size) {
    const double share = std::uniform_real_distribution{0.0, 1.0}(random_);
    return std::min(size - 1,
                    static_cast<std::size_t>(share * share * share * static_cast<double>(size)));
}

Alert AlertMaker::next() {
    const Duration month = std::chrono::hours{720};
    const auto at = begin() + Duration{month.count() / static_cast<std::int64_t>(total_) *
                                       static_cast<std::int64_t>(made_)};
    const std::uint64_t source = skewed(3'000'000);
    const std::size_t rule = skewed(rules_.size());
    Alert out;
    out.id = content_id(at, std::to_string(made_));
    out.rule = rules_[rule];
    const std::string address = fmt::format("{}.{}.{}.{}", 11 + source % 180, source / 256 % 256,
                                            source / 7 % 256, source % 256);
    out.subject.source_ip = IpAddress::parse(address);
    out.subject.source_port = static_cast<std::uint16_t>(1024 + random_() % 60000);
    out.subject.destination_ip = IpAddress::parse(fmt::format("10.0.{}.7", skewed(200)));
    out.subject.destination_port = rule % 3 == 0 ? 443 : 22;
    out.subject.host = fmt::format("web{}.kpu.go.id", skewed(300));
    if (rule % 4 == 0) out.subject.user = fmt::format("operator{}", skewed(5000));
    if (rule % 5 == 0)
        out.subject.url =
            fmt::format("https://sirekap.kpu.go.id/api/tps/{}/photo", skewed(800'000));
    if (rule % 9 == 0) {
        out.subject.file_path = fmt::format("/var/www/upload/{}.php", skewed(100'000));
        out.subject.file_sha256 = sha256_hex(std::to_string(skewed(400'000)));
    }
    if (rule % 6 == 0) {
        out.subject.area = fmt::format("{:02}{:02}{:02}", 11 + skewed(80), 1 + skewed(40), 1);
        out.subject.tps = out.subject.area + fmt::format("{:07}", skewed(10'000));
    }
    out.entity = address;
    out.message = fmt::format("{} from {} to {}, {} times in {} s", out.rule->name, address,
                              out.subject.host, 1 + random_() % 500, 1 + random_() % 3600);
    out.severity = out.rule->severity;
    out.count = 1 + random_() % 500;
    out.first_seen = out.created = at;
    out.last_seen = at + std::chrono::minutes{random_() % 60};
    out.related_ip = {address, out.subject.destination_ip->to_string()};
    out.related_hosts = {out.subject.host};
    out.evidence.push_back({"log", "/var/log/nginx/access.log", made_ * 200, std::string(64, 'a'),
                            std::string(200, 'x')});
    out.agencies = {"kpu", "bssn"};
    out.hostname = "sensor-1";
    ++made_;
    return out;
}

}  // namespace kentongan::bench
