#pragma once
// Settings of triage: who reports to BSSN, and how long silences and approvals last.
#include <cstdint>
#include <string>

#include "daemon/config/allowed.hpp"

namespace kentongan {

struct TriageSettings {
    bool operator==(const TriageSettings&) const = default;
    std::string organisation;
    std::string contact_name;
    std::string contact_position;
    std::string contact_email;
    std::string contact_phone;
    std::int64_t suppression_hours = 168;
    std::int64_t approval_minutes = 60;

    void visit(this auto& self, auto& v) {
        v("organisation", self.organisation, "who reports an incident, as in the report to BSSN");
        v("contact_name", self.contact_name, "the reporter's name");
        v("contact_position", self.contact_position, "the reporter's position");
        v("contact_email", self.contact_email, "the reporter's e-mail address");
        v("contact_phone", self.contact_phone, "the reporter's telephone number");
        v("suppression_hours", self.suppression_hours, "longest life of a suppression",
          within(1, 8760));
        v("approval_minutes", self.approval_minutes,
          "after which a request for a second person's approval expires", within(1, 10080));
    }
};

}  // namespace kentongan
