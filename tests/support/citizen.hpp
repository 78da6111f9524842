#pragma once
// Somebody who sends reports to an intake on this host, as the page does.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/http_get.hpp"

namespace kentongan {

struct Citizen {
    std::uint16_t port = 0;  ///< of the intake
    std::string address;     ///< as a proxy on this host names it

    /// Solves the puzzle of now and posts a form; blocks for the time both take.
    [[nodiscard]] Result<HttpAnswer> report(std::map<std::string, std::string> fields,
                                            const std::vector<std::string>& photos = {}) const;
    /// What the intake says of a ticket.
    [[nodiscard]] Result<HttpAnswer> ask_about(const std::string& ticket,
                                               const std::string& secret) const;
};

}  // namespace kentongan
