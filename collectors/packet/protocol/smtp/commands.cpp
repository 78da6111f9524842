#include "collectors/packet/protocol/smtp/commands.hpp"

#include "daemon/base/text.hpp"

namespace kentongan::packet::smtp {

bool take_verb(std::string_view& line, std::string_view verb) {
    if (!equals_ignoring_case(line.substr(0, verb.size()), verb)) return false;
    if (line.size() > verb.size() && line[verb.size()] != ' ' && verb.back() != ':') return false;
    line = trim(line.substr(verb.size()));
    return true;
}

std::string address_of(std::string_view text) {
    const auto open = text.rfind('<');
    const auto close = open == std::string_view::npos ? open : text.find('>', open);
    if (close != std::string_view::npos)
        return std::string(text.substr(open + 1, close - open - 1)).substr(0, kLongestText);
    return std::string(text.substr(0, text.find(' ')).substr(0, kLongestText));
}

}  // namespace kentongan::packet::smtp
