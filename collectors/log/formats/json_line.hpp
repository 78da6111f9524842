#pragma once
// One JSON object a line, its values by dotted path, and times as JSON logs write them.
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "collectors/log/format.hpp"

namespace kentongan::log {

namespace json = boost::json;

/// Parses into memory it reuses. Bytes that are not UTF-8 pass; a NUL outside a string does not.
class JsonLine {
  public:
    JsonLine();
    /// The object on the line, valid until the next call; nullptr when the line is anything else
    /// (or nested deeper than 64).
    [[nodiscard]] const json::object* read(std::string_view line);

  private:
    std::vector<unsigned char> buffer_;
    json::monotonic_resource memory_;
    json::parser parser_;
    std::optional<json::value> value_;  // in memory_, so it goes first
};

inline constexpr unsigned kMaximumDepth = 16;
inline constexpr unsigned kMaximumValues = 512;
inline constexpr std::size_t kMaximumPath = 128;

/// Walks an object: visit(path, value) for each scalar, in the order of the line. Elements of an
/// array have its path. What is past the caps above is counted in context.left_out.
template <class Visit>
class Flattening {
  public:
    Flattening(ParseContext& context, std::string& path, Visit visit)
        : context_(context), path_(path), visit_(std::move(visit)) {
        path_.clear();
    }
    void walk(const json::object& object, unsigned depth = 1) {
        const std::size_t base = path_.size();
        for (const auto& member : object) {
            if (base != 0) path_ += '.';
            path_ += std::string_view(member.key().data(), member.key().size());
            walk(member.value(), depth);
            path_.resize(base);
        }
    }

  private:
    void walk(const json::value& value, unsigned depth) {
        if (depth > kMaximumDepth || path_.size() > kMaximumPath || count_ >= kMaximumValues)
            ++context_.left_out;
        else if (const auto* object = value.if_object())
            walk(*object, depth + 1);
        else if (const auto* array = value.if_array())
            for (const auto& element : *array) walk(element, depth + 1);
        else if (++count_; !path_.empty())
            visit_(std::string_view(path_), value);
    }

    ParseContext& context_;
    std::string& path_;
    Visit visit_;
    unsigned count_ = 0;
};

/// Sets one scalar; addresses in source.ip and destination.ip become addresses.
void set_value(Field field, const json::value& value, Event& out);

/// Sets it under its own dotted name; counted in left_out when the dictionary is full.
void set_unmapped(std::string_view path, const json::value& value, ParseContext& context,
                  Event& out);

/// RFC 3339, Apache's form, or a number since 1970 in s, ms, µs or ns (told apart by size).
[[nodiscard]] std::optional<Timestamp> time_of(const json::value& value, std::chrono::seconds zone);

/// The text of a member, empty when it is missing or no text.
[[nodiscard]] std::string_view text_of(const json::object& object, std::string_view key);

/// Fills in what follows from other fields: the parts of url.original, and the kind.
void complete(Event& out);

}  // namespace kentongan::log
