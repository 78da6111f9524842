#pragma once
// The description of the API, made from the route table.
#include <boost/json/object.hpp>
#include <span>

#include "daemon/api/routes.hpp"

namespace kentongan::api {

/// OpenAPI 3.1: every route with its path parameters, who may ask, and how it refuses.
[[nodiscard]] boost::json::object openapi(std::span<const Route> routes);

}  // namespace kentongan::api
