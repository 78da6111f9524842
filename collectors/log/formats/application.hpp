#pragma once
// What the presets for application logs share: JSON objects whose keys have known meanings, and
// where an error came from.
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "collectors/log/format.hpp"
#include "collectors/log/formats/json_line.hpp"

namespace kentongan::log {

/// A preset of the format `json`: which paths have which meaning. Other paths keep their names.
struct ApplicationPreset {
    struct Row {
        std::string_view path;
        Field field;
    };
    std::span<const Row> rows;
    std::span<const std::string_view> time_paths;  ///< the best first
    std::string_view product;                      ///< Sigma's: php, jvm, go, nodejs, python
};

/// Reads objects by a preset. `caller` paths ("api/upload.go:42") become log.origin.*.
class ApplicationJson {
  public:
    explicit ApplicationJson(const ApplicationPreset& preset) : preset_(preset) {}
    /// False when the line is no object, or one without a message and a level.
    [[nodiscard]] bool read(std::string_view line, ParseContext& context, Event& out);

  private:
    void set(std::string_view path, const json::value& value, ParseContext& context, Event& out);
    void set_error(Event& out);
    [[nodiscard]] static std::optional<Timestamp> time_with_comma(const json::value& value,
                                                                  const ParseContext& context);
    [[nodiscard]] bool set_time(std::string_view path, const json::value& value,
                                const ParseContext& context, Event& out);

    const ApplicationPreset& preset_;
    JsonLine json_;
    std::string path_;
    std::ptrdiff_t best_time_ = 0;
};

/// A format that is a preset and nothing more.
[[nodiscard]] std::unique_ptr<Format> make_preset(std::string_view name,
                                                  const ApplicationPreset& preset);

/// Routes an application's log: category application and its product, and what else Sigma has rules
/// for that the record shows: spring, velocity or django by their names, else sql.
void set_application(std::string_view product, std::string_view record, Event& out);

/// "/srv/app/upload.php:42" as log.origin.file.name and .line.
void set_origin(std::string_view place, Event& out);

/// error.type and error.message from "java.io.IOException: text": the first line of a trace, of
/// Python's the last.
void set_exception(std::string_view trace, Event& out);

}  // namespace kentongan::log
