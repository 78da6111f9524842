#include "daemon/drill/generate/zeek_records.hpp"

#include <fmt/format.h>

#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

namespace {

std::string conn(Random& random, double time) {
    return fmt::format(
        R"({{"stream":"Conn::LOG","record":{{"ts":{:.6f},"uid":"C{}","id":{{"orig_h":"10.20.{}.{}",)"
        R"("orig_p":{{"port":{},"proto":"tcp"}},"resp_h":"10.20.0.5","resp_p":{{"port":443,)"
        R"("proto":"tcp"}}}},"proto":"tcp","service":"ssl","duration":{:.3f},"orig_bytes":{},)"
        R"("resp_bytes":{},"conn_state":"SF","history":"ShADadFf"}}}})",
        time, random.hex(16), random.below(4), random.between(2, 250), random.between(32768, 60999),
        random.exponential(0.8), random.between(300, 9000), random.between(500, 200000));
}

std::string dns(Random& random, double time, std::string_view query) {
    return fmt::format(
        R"({{"stream":"DNS::LOG","record":{{"ts":{:.6f},"uid":"C{}","id":{{"orig_h":"10.20.1.{}",)"
        R"("orig_p":{{"port":{},"proto":"udp"}},"resp_h":"10.20.0.2","resp_p":{{"port":53,)"
        R"("proto":"udp"}}}},"proto":"udp","query":"{}","qtype_name":"A","rcode_name":"NOERROR",)"
        R"("answers":["203.0.113.{}"]}}}})",
        time, random.hex(16), random.between(2, 250), random.between(32768, 60999), query,
        random.between(1, 250));
}

std::string notice(double time) {
    return fmt::format(
        R"({{"stream":"Notice::LOG","record":{{"ts":{:.6f},"note":"SSH::Password_Guessing",)"
        R"("msg":"203.0.113.66 appears to be guessing SSH passwords (seen in 30 connections).",)"
        R"("sub":"Sampled servers:  10.20.0.5","src":"203.0.113.66","actions":["Notice::ACTION_LOG"],)"
        R"("suppress_for":3600.0}}}})",
        time);
}

}  // namespace

std::string zeek_records(std::uint64_t seed, std::size_t count, Timestamp start) {
    Random random{seed ^ 0x2EEC};
    double time = to_seconds(start.time_since_epoch());
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        time += random.exponential(0.05);
        if (i == count / 2)
            out += notice(time);
        else if (i == count / 3)
            out += dns(random, time, "sirekap-kpu.com");
        else
            out += random.chance(0.3) ? dns(random, time, "pilkada2024.kpu.go.id")
                                      : conn(random, time);
        out.push_back('\n');
    }
    return out;
}

}  // namespace kentongan::generate
