#include "collectors/log/formats/csv.hpp"

namespace kentongan::log {

namespace {

/// Where the quoted text that `rest` begins with ends, at its closing quote.
std::size_t closing_quote(std::string_view rest) {
    for (auto at = rest.find('"'); at != std::string_view::npos; at = rest.find('"', at + 2))
        if (at + 1 >= rest.size() || rest[at + 1] != '"') return at;
    return std::string_view::npos;
}

}  // namespace

bool CsvRecord::read(std::string_view record) {
    size_ = 0;
    text_.clear();
    text_.reserve(record.size());  // so that views into it stay
    for (std::string_view rest = record; size_ < columns_.size();) {
        if (!take_column(rest, columns_[size_])) return false;
        ++size_;
        if (rest.empty()) return true;
        if (rest[0] != ',') return false;
        rest.remove_prefix(1);
    }
    return false;
}

bool CsvRecord::take_column(std::string_view& rest, std::string_view& out) {
    if (!rest.starts_with('"')) {
        out = rest.substr(0, rest.find(','));
        rest.remove_prefix(out.size());
        return true;
    }
    rest.remove_prefix(1);
    const auto end = closing_quote(rest);
    if (end == std::string_view::npos) return false;
    out = without_doubles(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    return true;
}

std::string_view CsvRecord::without_doubles(std::string_view quoted) {
    auto at = quoted.find('"');
    if (at == std::string_view::npos) return quoted;
    const auto begin = text_.size();
    for (; at != std::string_view::npos; at = quoted.find('"')) {
        text_ += quoted.substr(0, at + 1);
        quoted.remove_prefix(std::min(at + 2, quoted.size()));
    }
    text_ += quoted;
    return std::string_view(text_).substr(begin);
}

std::optional<bool> quote_open_after(std::string_view line, bool open) {
    std::size_t at = 0;
    for (;;) {
        if (open) {
            const auto end = closing_quote(line.substr(at));
            if (end == std::string_view::npos) return true;
            at += end + 1;
            if (at == line.size()) return false;
            if (line[at] != ',') return std::nullopt;
            open = false;
        }
        const auto quote = line.find('"', at);
        if (quote == std::string_view::npos) return false;
        if (quote > 0 && line[quote - 1] != ',') return std::nullopt;
        at = quote + 1;
        open = true;
    }
}

}  // namespace kentongan::log
