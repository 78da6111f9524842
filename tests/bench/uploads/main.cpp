// kentongan-bench-uploads: every page of every TPS of the country from the Sirekap application's
// log: what reading the lines costs, what the detector costs, how long a question takes.
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>
#include <vector>

#include "collectors/log/format.hpp"
#include "daemon/alert/province.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"
#include "daemon/detect/sirekap/upload_detector.hpp"
#include "daemon/drill/generate/random.hpp"

namespace {

using namespace kentongan;
using namespace kentongan::sirekap;

constexpr std::size_t kTps = 823'236;  // Pemilu 2024
constexpr int kPages = 3;
constexpr std::size_t kKelurahan = 83'731;
constexpr std::size_t kChunk = 1000;      // lines in memory at once, as in a batch
constexpr std::size_t kStride = 524'287;  // prime: neighbours do not upload one after the other

double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}
long peak_kib() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

/// As many areas at each level as there are, with ten TPS or nine in each kelurahan.
std::string national_register() {
    std::string out = "tps\n";
    std::size_t made = 0;
    for (std::size_t kelurahan = 0; kelurahan < kKelurahan; ++kelurahan) {
        const std::size_t until = (kelurahan + 1) * kTps / kKelurahan;
        const std::size_t kecamatan = kelurahan * 7277 / kKelurahan;
        const std::size_t kabupaten = kecamatan * 514 / 7277;
        const std::size_t province = kabupaten * 38 / 514;
        for (int number = 1; made < until; ++made, ++number)
            out += fmt::format("{}{:02}{:02}{:04}{:03}\n", provinces()[province].code,
                               kabupaten % 14 + 1, kecamatan % 99 + 1, kelurahan % 9000 + 1000,
                               number);
    }
    return out;
}

class Night {
  public:
    explicit Night(const Register& list) : list_(list) {}

    /// Lines [from, from + kChunk) of the night.
    void lines(std::size_t from, std::vector<std::string>& out) {
        out.clear();
        const std::size_t all = list_.size() * kPages;
        for (std::size_t i = from; i < std::min(from + kChunk, all); ++i) out.push_back(line(i));
    }

  private:
    std::string line(std::size_t i) {
        const std::size_t turn = i / kPages;
        const auto tps =
            list_.tps_at(static_cast<std::uint32_t>(turn * kStride % list_.size())).to_string();
        const auto seconds = std::chrono::seconds{i * 86400 / (list_.size() * kPages)};
        const Timestamp time = close_ + seconds;
        const auto wib = to_rfc3339(time + std::chrono::hours{7}, 0);  // 2024-02-14T20:00:00Z
        const auto name = fmt::format("{}-{}{}{}-{}{}{}--{}.jpg", tps, wib.substr(0, 4),
                                      wib.substr(5, 2), wib.substr(8, 2), wib.substr(11, 2),
                                      wib.substr(14, 2), wib.substr(17, 2), random_.uuid());
        return fmt::format(
            R"({{"time":"{}","level":"info","event":"formc-image.upload","account":"kpps{}",)"
            R"("device":"{}","ip":"36.{}.{}.{}","kodeTps":"{}","requestId":"{}","duration_ms":{},)"
            R"("http":{{"method":"POST","route":"/kpps/ppwp/formc-image/upload","status":200,)"
            R"("userAgent":"Sirekap/3.1 okhttp/4.12.0"}},"jenisImage":"C_HASIL_PPWP","noLembar":{},)"
            R"("namaFile":"{}","idImage":{},"fileHash":"{}","contentType":"image/jpeg",)"
            R"("bytes":{}}})",
            to_rfc3339(time), tps, random_.hex(16), random_.below(256), random_.below(256),
            random_.below(256), tps, random_.uuid(), random_.between(8, 900), i % kPages + 1, name,
            random_.below(100'000'000), random_.hex(64), random_.between(600'000, 4'000'000));
    }

    const Register& list_;
    const Timestamp close_ = Election::named("pemilu2024")->close_of("31");
    generate::Random random_{7};
};

class CountingSink final : public FindingSink {
  public:
    void report(Finding) override { ++count; }
    std::size_t count = 0;
};

struct Spent {
    double reading = 0;
    double judging = 0;
    std::size_t events = 0;
};

Spent ingest(const Register& list, UploadDetector& detector, CountingSink& sink) {
    Spent out;
    Night night{list};
    std::vector<std::string> lines;
    std::vector<Event> events(kChunk);
    const auto format = log::make_format("sirekap").value();
    log::ParseContext context;
    Timestamp told{};
    for (std::size_t from = 0; from < list.size() * kPages; from += kChunk) {
        night.lines(from, lines);
        const double began = cpu_seconds();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            (void)log::read_line(*format, lines[i], context, events[i]);
            events[i].origin = {"sirekap.json", from + i};
        }
        const double read = cpu_seconds();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            // Once a second, as the correlator does.
            if (const auto second = std::chrono::floor<std::chrono::seconds>(events[i].time);
                second > std::exchange(told, second))
                detector.advance(second, sink);
            detector.inspect(events[i], sink);
        }
        out.reading += read - began;
        out.judging += cpu_seconds() - read;
        out.events += lines.size();
    }
    return out;
}

/// Microseconds that 990 of a thousand do not exceed.
double slow_question(const Coverage& coverage, const Election& election, std::string_view area) {
    std::vector<double> took;
    for (int i = 0; i < 1000; ++i) {
        const double began = cpu_seconds();
        const auto report = coverage_report(coverage, election, area);
        if (!report) return -1;
        took.push_back((cpu_seconds() - began) * 1e6);
    }
    std::ranges::nth_element(took, took.begin() + 990);
    return took[990];
}

void print(std::string_view what, double value, std::string_view unit) {
    fmt::print("{}\n", boost::json::serialize(
                           boost::json::object{{"what", what}, {"value", value}, {"unit", unit}}));
}

int run() {
    const std::string csv = national_register();
    double began = cpu_seconds();
    const auto list = std::make_shared<const Register>(Register::parse(csv, "national").value());
    print("register loaded", cpu_seconds() - began, "s");
    const Election election = Election::named("pemilu2024").value();
    const auto coverage = std::make_shared<Coverage>(list, kPages);
    UploadDetector detector{coverage, {election}};
    const long before = peak_kib();
    CountingSink sink;
    const Spent spent = ingest(*list, detector, sink);
    const auto whole = coverage->at(Coverage::kWhole);
    if (whole.complete != kTps) {
        fmt::print(stderr, "{} of {} TPS are complete\n", whole.complete, kTps);
        return 70;
    }
    const auto events = static_cast<double>(spent.events);
    print("reading", events / spent.reading, "events/s");
    print("judging", events / spent.judging, "events/s");
    print("both", events / (spent.reading + spent.judging), "events/s");
    for (const auto& [name, area] : std::initializer_list<std::pair<const char*, std::string>>{
             {"question: the country", ""},
             {"question: a province", list->areas()[0].code},
             {"question: a kabupaten", list->areas()[1].code},
             {"question: a kecamatan", list->areas()[2].code}})
        print(name, slow_question(*coverage, election, area), "µs, 99 of 100");
    began = cpu_seconds();
    const std::string kept = coverage->save();
    print("saving", cpu_seconds() - began, "s");
    print("saved", static_cast<double>(kept.size()) / 1e6, "MB");
    print("memory", static_cast<double>(peak_kib()) / 1024, "MiB at most");
    print("memory before uploads", static_cast<double>(before) / 1024, "MiB");
    return 0;
}

}  // namespace

int main() { return run(); }
