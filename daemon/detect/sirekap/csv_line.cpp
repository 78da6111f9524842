#include "daemon/detect/sirekap/csv_line.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

/// Takes one field and the comma behind it off the line.
void take_field(std::string_view& line, std::string& out) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < line.size(); ++at) {
        const char c = line[at];
        if (c == '"' && quoted && at + 1 < line.size() && line[at + 1] == '"')
            out += line[++at];
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            break;
        else
            out += c;
    }
    line.remove_prefix(std::min(at, line.size()));
    const std::string_view bare = trim(out);
    if (bare.size() != out.size()) out = std::string(bare);
}

}  // namespace

void split_csv_line(std::string_view line, std::vector<std::string>& out) {
    std::size_t count = 0;
    for (bool more = true; more && count < kMaximumColumns; ++count) {
        if (out.size() == count) out.emplace_back();
        out[count].clear();
        take_field(line, out[count]);
        more = !line.empty();
        if (more) line.remove_prefix(1);
    }
    out.resize(count);
}

}  // namespace kentongan::sirekap
