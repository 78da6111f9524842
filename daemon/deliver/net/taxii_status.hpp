#pragma once
// The status a TAXII 2.1 server gives for objects that were added (TAXII 2.1 §4.3.1).
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan {

struct TaxiiStatus {
    std::string id;
    bool complete = false;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t pending = 0;
    std::string failure;  ///< what the server says of the first object it refused, 256 bytes
};

/// Of hostile bytes; an error (data) says what is wrong with them.
[[nodiscard]] Result<TaxiiStatus> parse_taxii_status(std::string_view body);

/// "https://host/root/collections/ID/objects/" -> path of the API root, "/root/"; an error (config)
/// for a path of another form.
[[nodiscard]] Result<std::string> taxii_root(std::string_view target);

}  // namespace kentongan
