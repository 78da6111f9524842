#pragma once
// Uploads whose TPS code is malformed or not in the register.
#include <map>
#include <memory>

#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/register.hpp"
#include "daemon/detect/sirekap/upload.hpp"

namespace kentongan::sirekap {

/// An unknown TPS is of medium severity where its kelurahan is known (a TPS may have been added
/// after the list was made), high where the kelurahan is unknown too, low when the server refused
/// the upload. The entity is the TPS; past 20 unknown TPS within 10 minutes one finding speaks for
/// all further ones, since a sender can invent codes without end. A malformed code is low, and its
/// entity is the sender.
class TpsCheck {
  public:
    explicit TpsCheck(std::shared_ptr<const Register> list);

    void malformed(const Upload& upload, const Event& event, FindingSink& out) const;
    void unknown(const Upload& upload, const Event& event, FindingSink& out);

  private:
    bool is_one_too_many(TpsCode code, Timestamp now);

    std::shared_ptr<const Register> list_;
    std::map<TpsCode, Timestamp> told_;  // unknown TPS with a finding of their own; at most 20
};

}  // namespace kentongan::sirekap
