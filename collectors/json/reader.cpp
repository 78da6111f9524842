#include "collectors/json/reader.hpp"

namespace kentongan::flat {

boost::json::parse_options parse_options() {
    boost::json::parse_options out;
    out.max_depth = 64;
    out.allow_invalid_utf8 = true;
    return out;
}

}  // namespace kentongan::flat
