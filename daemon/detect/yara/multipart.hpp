#pragma once
// The files in a multipart/form-data body (RFC 7578). Pure; for hostile bytes.
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::yara {

struct BodyPart {
    std::string filename;  ///< as the client named it, without folders; empty when it did not
    std::string_view content;
};

struct BodyParts {
    std::vector<BodyPart> parts;  ///< empty when the body is not multipart
    bool complete = true;         ///< false: there were more than `maximum`
};

/// The boundary is taken from the body's first line. A last part without an end (the body was cut)
/// goes to the end.
[[nodiscard]] BodyParts parts_of(std::string_view body, std::size_t maximum = 16);

}  // namespace kentongan::yara
