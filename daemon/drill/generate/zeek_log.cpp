#include <fmt/format.h>

#include "daemon/drill/generate/random.hpp"
#include "daemon/drill/generate/zeek_records.hpp"

namespace kentongan::generate {

namespace {

std::string front(Random& random, double time, const char* path, int port) {
    return fmt::format(
        R"({{"_path":"{}","ts":{:.6f},"uid":"C{}","id.orig_h":"103.58.{}.{}","id.orig_p":{},)"
        R"("id.resp_h":"10.20.0.5","id.resp_p":{},)",
        path, time, random.hex(17), random.below(250), random.between(2, 250),
        random.between(32768, 60999), port);
}

std::string conn(Random& random, double time) {
    return front(random, time, "conn", 443) +
           fmt::format(
               R"("proto":"tcp","service":"ssl","duration":{:.6f},"orig_bytes":{},"resp_bytes":{},)"
               R"("conn_state":"SF","local_orig":false,"local_resp":true,"missed_bytes":0,)"
               R"("history":"ShADadFf","orig_pkts":{},"orig_ip_bytes":{},"resp_pkts":{},)"
               R"("resp_ip_bytes":{}}})",
               random.exponential(0.8), random.between(300, 9000), random.between(500, 200000),
               random.between(4, 40), random.between(500, 9000), random.between(4, 140),
               random.between(500, 9000));
}

std::string dns(Random& random, double time) {
    return front(random, time, "dns", 53) +
           fmt::format(
               R"("proto":"udp","trans_id":{},"rtt":{:.6f},"query":"pilkada2024.kpu.go.id",)"
               R"("qclass":1,"qclass_name":"C_INTERNET","qtype":1,"qtype_name":"A","rcode":0,)"
               R"("rcode_name":"NOERROR","AA":false,"TC":false,"RD":true,"RA":true,"Z":0,)"
               R"("answers":["203.0.113.{}"],"TTLs":[300.0],"rejected":false}})",
               random.below(65536), random.exponential(0.02), random.between(1, 250));
}

std::string http(Random& random, double time) {
    return front(random, time, "http", 80) +
           fmt::format(R"("trans_depth":1,"method":"GET","host":"pilkada2024.kpu.go.id",)"
                       R"("uri":"/hasil/3171/{}?tps={}","version":"1.1","user_agent":"Mozilla/5.0 )"
                       R"((Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",)"
                       R"("request_body_len":0,"response_body_len":{},"status_code":200,)"
                       R"("status_msg":"OK","tags":[],"resp_fuids":["F{}"],)"
                       R"("resp_mime_types":["text/html"]}})",
                       random.between(100, 999), random.below(900), random.between(500, 90000),
                       random.hex(17));
}

}  // namespace

std::string zeek_log(std::uint64_t seed, std::size_t count, Timestamp start) {
    Random random{seed ^ 0x2EE1};
    double time = to_seconds(start.time_since_epoch());
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        time += random.exponential(0.05);
        const auto kind = random.below(4);
        out += kind == 0 ? http(random, time) : kind == 1 ? dns(random, time) : conn(random, time);
        out.push_back('\n');
    }
    return out;
}

}  // namespace kentongan::generate
