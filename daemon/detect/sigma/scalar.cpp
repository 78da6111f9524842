#include "daemon/detect/sigma/scalar.hpp"

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

bool looks_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.empty() || text.find_first_not_of("0123456789.eE+-") != text.npos) return false;
    const bool zero = text.starts_with('0') && text.size() > 1 && text[1] != '.';
    return text[0] >= '0' && text[0] <= '9' && !zero;
}

void type_plain(Scalar& scalar) {
    const std::string_view text = scalar.text;
    if (equals_ignoring_case(text, "true") || equals_ignoring_case(text, "false")) {
        scalar.type = Scalar::Type::boolean;
        scalar.boolean = text.size() == 4;
    } else if (!looks_decimal(text)) {
        return;
    } else if (const auto integer = parse_number<std::int64_t>(text)) {
        scalar.type = Scalar::Type::integer;
        scalar.integer = *integer;
    } else if (const auto real = parse_number<double>(text); real && text.find('.') != text.npos) {
        scalar.type = Scalar::Type::real;
        scalar.real = *real;
    }
}

}  // namespace

Scalar read_scalar(const yaml::Node& node) {
    Scalar out;
    out.line = node.line();
    if (node.IsNull()) return out;
    out.text = node.Scalar();
    out.type = Scalar::Type::text;
    if (node.is_plain()) type_plain(out);
    return out;
}

}  // namespace kentongan::sigma
