// State of detectors from bytes, with a right head so that its lines are read: it is taken up or
// refused with a reason, and the detector goes on.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

#include "daemon/base/digest.hpp"
#include "daemon/detect/anomaly/beacon_detector.hpp"
#include "daemon/detect/anomaly/fan_out_detector.hpp"
#include "daemon/detect/anomaly/protocol_port_detector.hpp"
#include "daemon/detect/anomaly/volume_detector.hpp"
#include "daemon/detect/anomaly/volumetric_detector.hpp"

namespace {

using namespace kentongan;
using namespace kentongan::anomaly;

class Nowhere final : public FindingSink {
    void report(Finding) override {}
};

template <class Kind>
void take_up(std::string_view body) {
    AnomalyOptions options;
    options.table_entries = 100;
    Kind detector{options};
    const auto out = detector.restore(
        fmt::format("kentongan-state {} 1 {}\n{}", detector.name(), sha256_hex(body), body));
    if (!out && out.error().message.empty()) std::abort();
    Nowhere sink;
    detector.advance(*parse_rfc3339("2024-11-27T10:00:00Z"), sink);
    if (detector.entries() > 200) std::abort();
    (void)detector.checkpoint();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body{reinterpret_cast<const char*>(data), size};
    take_up<BeaconDetector>(body);
    take_up<FanOutDetector>(body);
    take_up<ProtocolPortDetector>(body);
    take_up<VolumeDetector>(body);
    take_up<VolumetricDetector>(body);
    return 0;
}
