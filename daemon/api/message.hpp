#pragma once
// What the routes see of HTTP: the plain values of daemon/async/http/.
#include "daemon/async/http/message.hpp"

namespace kentongan::api {

using web::FieldError;
using web::parse_target;
using web::problem;
using web::reason_of;
using web::Request;
using web::Response;
using web::Target;

}  // namespace kentongan::api
