#pragma once
// A YAML scalar with the type that Sigma gives it.

#include <cstdint>
#include <string>

#include "daemon/detect/sigma/yaml.hpp"

namespace kentongan::sigma {

/// Quoted and block scalars are text. Of the plain ones only decimal numbers, true, false and null
/// have another type: `yes`, `0x17` and `010` stay text, as SigmaHQ's authors mean them.
struct Scalar {
    enum class Type : std::uint8_t { null, boolean, integer, real, text };
    Type type = Type::null;
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;  ///< as written, whatever the type
    int line = 0;

    [[nodiscard]] bool is_number() const { return type == Type::integer || type == Type::real; }
    [[nodiscard]] double number() const {
        return type == Type::integer ? static_cast<double>(integer) : real;
    }
};

/// `node` is a scalar or null.
[[nodiscard]] Scalar read_scalar(const yaml::Node& node);

}  // namespace kentongan::sigma
