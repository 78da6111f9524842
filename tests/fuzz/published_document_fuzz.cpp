// A published file from hostile bytes: what a collector reads of it, and what detectors judge.
#include "collectors/sirekap/document_head.hpp"
#include "daemon/detect/sirekap/numbers/numbers_detector.hpp"
#include "daemon/detect/sirekap/published/published_detector.hpp"

namespace {
class Silent final : public kentongan::FindingSink {
  public:
    void report(kentongan::Finding finding) override {
        if (finding.message.empty() || finding.entity.empty()) __builtin_trap();
    }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto head = sirekap::DocumentHead::read(input);
    const auto document = sirekap::published::Document::parse(input);
    if (document && !head) __builtin_trap();  // what is judged could be collected
    if (document && document->oddities.size() > sirekap::published::Document::kMaximumOddities)
        __builtin_trap();
    sirekap::published::PublishedDetector published;
    sirekap::numbers::NumbersDetector numbers{sirekap::Election{}};
    Silent out;
    for (const auto* node : {"0", "31", "3171", "3171011006001", "3171011006001"}) {
        Event event;
        event.kind = EventKind::published;
        event.set_raw(input);
        event.set(Field::sirekap_race, "ppwp");
        event.set(Field::sirekap_node, node);
        published.inspect(event, out);
        numbers.inspect(event, out);
    }
    published.end_of_input(out);
    numbers.end_of_input(out);
    return 0;
}
