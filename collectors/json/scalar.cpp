#include "collectors/json/scalar.hpp"

#include "collectors/log/formats/scan.hpp"

namespace kentongan::flat {

void set_scalar(Field field, const Scalar& value, Event& out) {
    switch (value.type()) {
        case Value::Type::null:
            return out.set_null(field);
        case Value::Type::boolean:
            return out.set(field, value.boolean());
        case Value::Type::integer:
            return out.set(field, value.integer());
        case Value::Type::real:
            return out.set(field, value.real());
        case Value::Type::ip:
            return out.set(field, value.ip());
        case Value::Type::text:
            break;
    }
    if (field == Field::source_ip || field == Field::destination_ip)
        if (const auto ip = log::scan_ip(value.text())) return out.set(field, *ip);
    out.set(field, value.text());
}

}  // namespace kentongan::flat
