// What the workflow's detectors read of hostile text: statements of a database's log, names of
// pictures, and what was kept over a restart.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sirekap/image/cell_hash.hpp"
#include "daemon/detect/sirekap/workflow/backdated_detector.hpp"
#include "daemon/detect/sirekap/workflow/replacements.hpp"
#include "daemon/detect/sirekap/workflow/result_tables.hpp"
#include "daemon/detect/sirekap/workflow/tps_states.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::sirekap;
    static const std::vector<std::string> kTables{"hasil", "suara"};
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    Event event;
    event.set(Field::db_statement, text);
    event.set(Field::db_application, text.substr(size / 2));
    (void)writes_results(event, kTables);
    const WriteKeys keys = keys_of(event);
    if (!keys.tps.empty() && !TpsCode::parse(keys.tps)) std::abort();
    if (keys.request.size() > 128) std::abort();
    if (const auto stamp = stamp_of_image(text); stamp && to_rfc3339(*stamp).size() < 20)
        std::abort();
    (void)CellHash::parse(text);
    TpsStates states{1000, 0};
    if (states.restore(text, true) && states.size() > 1000) std::abort();
    Replacements replacements{100, 0};
    (void)replacements.restore(text);
    return 0;
}
