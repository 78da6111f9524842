#include "collectors/report/tickets.hpp"

#include "daemon/base/digest.hpp"

namespace kentongan::report {

void Tickets::add(const Report& report, std::string key_hash) {
    std::string code = normal_code(report.ticket);
    TicketState state{report.ticket, report.category, report.received, report.photos.size(), 0};
    if (!states_.try_emplace(code, Kept{std::move(state), std::move(key_hash)}).second) return;
    by_age_.push_back(std::move(code));
    if (by_age_.size() <= most_) return;
    states_.erase(by_age_.front());
    by_age_.pop_front();
}

void Tickets::quarantined(std::string_view ticket) {
    const auto found = states_.find(normal_code(ticket));
    if (found == states_.end()) return;
    TicketState& state = found->second.state;
    ++state.quarantined;
    if (state.photos > 0) --state.photos;
}

const TicketState* Tickets::find(std::string_view ticket, std::string_view secret) const {
    const auto found = states_.find(normal_code(ticket));
    if (found == states_.end()) return nullptr;
    if (!equal_secrets(hash_of(secret), found->second.key_hash)) return nullptr;
    return &found->second.state;
}

bool Tickets::knows(std::string_view ticket) const { return states_.contains(normal_code(ticket)); }

std::string Tickets::hash_of(std::string_view secret) { return sha256_hex(normal_code(secret)); }

}  // namespace kentongan::report
