#include "collectors/packet/protocol/smtp/mime.hpp"

#include <utility>

#include "daemon/base/text.hpp"

namespace kentongan::packet::smtp {

namespace {

constexpr std::size_t kMostHeaderLines = 1000;
constexpr std::size_t kLongestName = 255;

/// Takes one parameter's value off: quoted with escapes, or up to the next semicolon.
std::string take_value(std::string_view& rest) {
    std::string out;
    if (!rest.starts_with('"')) return std::string(trim(take_until(rest, ';')));
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
        out += rest[i];
    }
    rest.remove_prefix(std::min(i + 1, rest.size()));
    (void)take_until(rest, ';');
    return out;
}

/// "UTF-8'en'na%20me".
std::string extended_value(std::string_view text) {
    (void)take_until(text, '\'');
    (void)take_until(text, '\'');
    return decode_percent(text);
}

}  // namespace

std::string parameter(std::string_view value, std::string_view name) {
    (void)take_until(value, ';');
    while (!value.empty()) {
        const auto equals = value.find('=');
        if (equals == std::string_view::npos) return {};
        const std::string_view key = trim(value.substr(0, equals));
        value.remove_prefix(equals + 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        std::string found = take_value(value);
        if (equals_ignoring_case(key, name)) return found;
        if (key.ends_with('*') && equals_ignoring_case(key.substr(0, key.size() - 1), name))
            return extended_value(found);
    }
    return {};
}

void MimeReader::line(std::string_view text, bool begins, bool ends) {
    if (in_header_) return header_line(text, begins);
    if (begins && text.starts_with("--") && at_boundary(text)) return;
    if (!in_file_) return;
    decoded_.clear();
    decoder_.line(text, ends, decoded_);
    if (!decoded_.empty()) listener_.file_bytes(as_bytes(decoded_));
}

void MimeReader::header_line(std::string_view text, bool begins) {
    const bool continues = !begins || text.starts_with(' ') || text.starts_with('\t');
    if (continues && !text.empty()) {
        if (!field_.empty() && field_.size() + text.size() <= kLongestField)
            (field_ += ' ') += trim(text);
        return;
    }
    field();
    field_ = text.substr(0, kLongestField);
    const bool too_many = ++lines_of_header_ > kMostHeaderLines;
    if (text.empty() || too_many) begin_body();
}

void MimeReader::field() {
    const std::string one = std::exchange(field_, {});
    const auto colon = one.find(':');
    if (colon == std::string::npos) return;
    const std::string_view name = trim(std::string_view(one).substr(0, colon));
    const std::string_view value = trim(std::string_view(one).substr(colon + 1));
    if (top_) listener_.header(name, value);
    if (equals_ignoring_case(name, "content-type")) return content_type(value);
    if (equals_ignoring_case(name, "content-transfer-encoding"))
        part_.encoding = encoding_named(value);
    if (equals_ignoring_case(name, "content-disposition")) {
        std::string_view rest = value;
        part_.attachment = equals_ignoring_case(trim(take_until(rest, ';')), "attachment");
        if (auto file = parameter(value, "filename"); !file.empty())
            part_.name = decode_words(file).substr(0, kLongestName);
    }
}

void MimeReader::content_type(std::string_view value) {
    std::string_view rest = value;
    part_.type = to_lower(trim(take_until(rest, ';')));
    part_.boundary = parameter(value, "boundary").substr(0, 200);
    if (part_.name.empty())
        part_.name = decode_words(parameter(value, "name")).substr(0, kLongestName);
}

void MimeReader::begin_body() {
    in_header_ = false;
    top_ = false;
    lines_of_header_ = 0;
    const Part part = std::exchange(part_, {});
    if (part.type.starts_with("multipart/") && !part.boundary.empty()) {
        if (boundaries_.size() < kDeepest) boundaries_.push_back(part.boundary);
        return;
    }
    if (part.type == "message/rfc822" && part.encoding == Encoding::none && !part.attachment) {
        in_header_ = true;
        return;
    }
    const bool is_text = part.type.empty() || part.type.starts_with("text/");
    if (is_text && !part.attachment && part.name.empty()) return;
    if (files_ == kMostFiles) return listener_.left_out();
    ++files_;
    in_file_ = true;
    decoder_ = Decoder(part.encoding);
    listener_.begin_file(part.name, part.type);
}

bool MimeReader::at_boundary(std::string_view text) {
    text.remove_prefix(2);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    for (std::size_t i = boundaries_.size(); i-- > 0;) {
        if (!text.starts_with(boundaries_[i])) continue;
        const std::string_view rest = text.substr(boundaries_[i].size());
        if (!rest.empty() && rest != "--") continue;
        end_part(true);
        boundaries_.resize(rest.empty() ? i + 1 : i);
        in_header_ = rest.empty();
        return true;
    }
    return false;
}

void MimeReader::end_part(bool whole) {
    if (in_file_) listener_.end_file(whole);
    in_file_ = false;
}

void MimeReader::finish(bool whole) {
    if (in_header_) field();
    end_part(whole);
}

std::size_t MimeReader::held_bytes() const {
    std::size_t held =
        field_.capacity() + decoded_.capacity() + part_.boundary.capacity() + part_.name.capacity();
    for (const std::string& boundary : boundaries_) held += sizeof boundary + boundary.capacity();
    return held;
}

}  // namespace kentongan::packet::smtp
