// What one log source counts.
#include "collectors/log/tally.hpp"

namespace kentongan::log {

Tally::Tally(std::string_view name, Metrics& metrics)
    : lag(metrics.log_lag.with({name})),
      behind(metrics.log_behind.with({name})),
      open(metrics.log_open.with({name})),
      left_out_files(metrics.log_files_left_out.with({name})),
      parsed_(metrics.log_lines.with({name, "parsed"})),
      unparsed_(metrics.log_lines.with({name, "unparsed"})),
      oversize_(metrics.log_lines.with({name, "oversize"})),
      blank_(metrics.log_lines.with({name, "blank"})),
      bytes_(metrics.log_bytes.with({name})),
      left_out_(metrics.log_values_left_out.with({name})),
      renames_(metrics.log_rotations.with({name, "rename"})),
      truncations_(metrics.log_rotations.with({name, "truncate"})),
      missed_(metrics.log_rotations.with({name, "missed"})),
      notices_(metrics.log_notices.with({name})) {}

void Tally::publish() {
    const auto add = [](Counter& counter, std::uint64_t now, std::uint64_t before) {
        if (now != before) counter.add(static_cast<double>(now - before));
    };
    add(parsed_, stats.parsed, published_.parsed);
    add(unparsed_, stats.unparsed, published_.unparsed);
    add(oversize_, stats.oversize, published_.oversize);
    add(blank_, stats.blank, published_.blank);
    add(bytes_, stats.bytes, published_.bytes);
    add(left_out_, stats.left_out, published_.left_out);
    published_ = stats;
}

}  // namespace kentongan::log
