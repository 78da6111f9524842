// Lists the detectors of network traffic.
#include "daemon/detect/anomaly/network_detectors.hpp"

#include "daemon/detect/anomaly/beacon_detector.hpp"
#include "daemon/detect/anomaly/dns/dga_detector.hpp"
#include "daemon/detect/anomaly/dns/dns_tunnel_detector.hpp"
#include "daemon/detect/anomaly/dns/water_torture_detector.hpp"
#include "daemon/detect/anomaly/fan_out_detector.hpp"
#include "daemon/detect/anomaly/flood/http_flood_detector.hpp"
#include "daemon/detect/anomaly/protocol_port_detector.hpp"
#include "daemon/detect/anomaly/slow_detector.hpp"
#include "daemon/detect/anomaly/volumetric_detector.hpp"

namespace kentongan::anomaly {

std::vector<std::unique_ptr<Detector>> network_detectors(const AnomalyOptions& options) {
    std::vector<std::unique_ptr<Detector>> out;
    out.push_back(std::make_unique<DnsTunnelDetector>(options));
    out.push_back(std::make_unique<DgaDetector>(options));
    out.push_back(std::make_unique<WaterTortureDetector>(options));
    out.push_back(std::make_unique<HttpFloodDetector>(options));
    out.push_back(std::make_unique<VolumetricDetector>(options));
    out.push_back(std::make_unique<BeaconDetector>(options));
    out.push_back(std::make_unique<FanOutDetector>(options));
    out.push_back(std::make_unique<SlowDetector>(options));
    out.push_back(std::make_unique<ProtocolPortDetector>(options));
    return out;
}

}  // namespace kentongan::anomaly
