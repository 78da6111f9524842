#pragma once
// From a [delivery.NAME] table to its channel.
#include "daemon/app/agencies.hpp"

namespace kentongan {

/// Errors name what is wrong, without the table's name.
[[nodiscard]] Result<std::unique_ptr<DeliveryChannel>> open_channel(
    const DeliverySettings& settings, const Agencies::Surroundings& around);

/// The form of a table's bodies; an error when the kind does not carry it.
[[nodiscard]] Result<BodyFormat> format_of(const DeliverySettings& settings);

}  // namespace kentongan
