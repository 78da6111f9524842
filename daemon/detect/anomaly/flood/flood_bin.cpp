// Counts requests into sketches, and reads the measures from them.
#include "daemon/detect/anomaly/flood/flood_bin.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "daemon/detect/anomaly/aggregate.hpp"

namespace kentongan::anomaly {

namespace {

constexpr unsigned kBitsOfV4 = 96 + 24;
constexpr unsigned kBitsOfV6 = 48;
constexpr std::size_t kFewSources = 20;
constexpr std::uint64_t kFewHandshakes = 100;

std::string_view bytes_of(const IpAddress& address) {
    return {reinterpret_cast<const char*>(address.bytes().data()), address.bytes().size()};
}

bool is_asset(std::string_view path) {
    constexpr std::array<std::string_view, 12> kEndings{".css",  ".js",  ".png",   ".jpg",
                                                        ".jpeg", ".gif", ".svg",   ".ico",
                                                        ".webp", ".ttf", ".woff2", ".woff"};
    return std::ranges::any_of(kEndings, [&](auto ending) { return path.ends_with(ending); });
}

struct Address {
    std::string_view path;
    std::string_view query;
};
Address address_of(const Event& request) {
    Address out{request.text(Field::url_path), request.text(Field::url_query)};
    if (!out.path.empty()) return out;
    const std::string_view whole = request.text(Field::url_original);
    const std::size_t mark = whole.find('?');
    return {whole.substr(0, mark),
            mark == std::string_view::npos ? std::string_view{} : whole.substr(mark + 1)};
}

double share(std::uint64_t part, std::uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(std::max<std::uint64_t>(whole, 1));
}

double top_share(const SpaceSaving& counted) {
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < counted.size(); ++i)
        most = std::max(most, counted.count(i) - counted.error(i));
    return share(most, counted.total());
}

/// Over the networks that were counted, what is known for sure of each; the rest as if each request
/// had a network of its own.
double entropy(const SpaceSaving& counted) {
    const auto total = static_cast<double>(counted.total());
    double sum = 0;
    double known = 0;
    for (std::size_t i = 0; i < counted.size(); ++i) {
        const double p = static_cast<double>(counted.count(i) - counted.error(i)) / total;
        if (p > 0) sum -= p * std::log2(p);
        known += p;
    }
    sum += std::max(0.0, 1 - known) * std::log2(total);
    return total > 1 ? sum / std::log2(total) : 0;
}

}  // namespace

std::vector<double> SourceSample::rates() const {
    std::vector<double> out;
    out.reserve(counts_.size());
    for (const auto& [hash, count] : counts_) out.push_back(static_cast<double>(count));
    std::ranges::sort(out);
    return out;
}

bool FloodMemory::is_access(const IpAddress& source) const {
    if (is_in(source, access)) return true;
    return asns && std::ranges::find(access_asns, asns->of(source)) != access_asns.end();
}

void FloodBin::add(const Event& request, const IpAddress& source, FloodMemory& memory) {
    ++requests_;
    const IpAddress network = source.masked(source.is_v4() ? kBitsOfV4 : kBitsOfV6);
    const std::uint64_t network_hash = memory.hash(network);
    if (!memory.networks.contains(network_hash)) {
        ++from_new_;
        if (new_networks_.size() < kNewNetworks) new_networks_.insert(network_hash);
    }
    from_access_ += memory.is_access(source) ? 1 : 0;
    networks_.add(bytes_of(network));
    sources_.add(memory.hash(source));
    if (const auto status = request.integer(Field::http_response_status_code)) {
        ++with_status_;
        succeeded_ += *status >= 200 && *status < 400 ? 1 : 0;
    }
    const Address address = address_of(request);
    assets_ += is_asset(address.path) ? 1 : 0;
    if (!is_asset(address.path)) paths_.add(address.path);
    if (!address.query.empty())
        new_queries_ += memory.queries.add(memory.hash(address.query), request.time) ? 0 : 1;
    std::string_view client = request.text(Field::tls_client_ja4);
    if (client.empty()) client = request.text(Field::user_agent_original);
    if (client.empty()) return;
    ++with_client_;
    clients_.add(client);
}

void FloodBin::add_handshakes(std::uint64_t begun, std::uint64_t completed) {
    syns_ += begun;
    completed_ += completed;
}

FloodMeasures FloodBin::measures(const FloodMemory& memory) const {
    FloodMeasures out;
    out.requests = static_cast<double>(requests_);
    if (syns_ >= kFewHandshakes) out.completed = share(completed_, syns_);
    if (requests_ == 0) return out;
    const std::vector<double> rates = sources_.rates();
    out.sources = sources_.distinct();
    if (rates.size() < kFewSources) return out;
    out.new_sources = share(from_new_, requests_);
    out.entropy = entropy(networks_);
    out.median_rate = rates[rates.size() / 2];
    out.top_rate = rates[rates.size() * 99 / 100];
    double mean = 0;
    for (const double rate : rates) mean += rate / static_cast<double>(rates.size());
    double square = 0;
    for (const double rate : rates)
        square += (rate - mean) * (rate - mean) / static_cast<double>(rates.size());
    out.rate_variation = std::sqrt(square) / mean;
    if (with_status_ > 0) out.answered = share(succeeded_, with_status_);
    if (requests_ > assets_) out.assets = share(assets_, requests_ - assets_);
    if (with_client_ > 0) {
        out.top_client = top_share(clients_);
        for (std::size_t i = 0; i < clients_.size(); ++i)
            out.clients[memory.hash(clients_.key(i))] =
                share(clients_.count(i) - clients_.error(i), with_client_);
    }
    if (paths_.total() > 0) out.top_path = top_share(paths_);
    out.new_queries = share(new_queries_, requests_);
    if (memory.knows_access()) out.access = share(from_access_, requests_);
    return out;
}

std::vector<std::uint64_t> FloodBin::take_new_networks() {
    std::vector<std::uint64_t> out(new_networks_.begin(), new_networks_.end());
    new_networks_.clear();
    return out;
}

}  // namespace kentongan::anomaly
