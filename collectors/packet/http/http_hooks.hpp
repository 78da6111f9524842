#pragma once
// What libhtp calls while it reads, and how it is set up. Private to this folder.

struct htp_cfg_t;

namespace kentongan::packet {

/// Of all parsers: only read once it is made, so the lanes share it.
[[nodiscard]] htp_cfg_t* shared_config();

}  // namespace kentongan::packet
