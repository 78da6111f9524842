#pragma once
// The description of the API, made from the route table.
#include <boost/json/object.hpp>
#include <span>
#include <string>

#include "daemon/api/routes.hpp"

namespace kentongan::api {

/// OpenAPI 3.1: every route with its parameters, body and answer, who may ask, and how it refuses.
[[nodiscard]] boost::json::object openapi(std::span<const Route> routes);
/// The same as the table of README.md.
[[nodiscard]] std::string route_table(std::span<const Route> routes);

}  // namespace kentongan::api
