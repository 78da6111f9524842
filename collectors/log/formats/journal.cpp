// The journal as `journalctl -o json` writes it: one object an entry. MESSAGE is text, an array of
// bytes where it is not UTF-8, an array of either where it was given more than once, or null where
// it was too long.
#include "collectors/log/formats/all.hpp"
#include "collectors/log/formats/journal_entry.hpp"
#include "collectors/log/formats/json_line.hpp"

namespace kentongan::log {

namespace {

class JournalFormat final : public Format {
  public:
    ParseResult parse(std::string_view line, ParseContext& context, Event& out) override {
        const auto* object = json_.read(line);
        if (object == nullptr) return ParseResult::unparsed;
        entry_.clear();
        for (const auto& [key, value] : *object) add({key.data(), key.size()}, value);
        return reader_.fill(entry_, context, out) ? ParseResult::parsed : ParseResult::unparsed;
    }
    LogSource logsource() const override { return {{}, "linux", "syslog"}; }
    std::string_view name() const override { return "journal"; }

  private:
    static bool is_bytes(const json::array& array) {
        for (const auto& element : array)
            if (const auto* byte = element.if_int64(); byte == nullptr || *byte < 0 || *byte > 255)
                return false;
        return !array.empty();
    }
    void add(std::string_view key, const json::value& value) {
        if (const auto* text = value.if_string())
            return entry_.add(key, {text->data(), text->size()});
        const auto* array = value.if_array();
        if (array == nullptr) return;
        if (!is_bytes(*array)) {
            for (const auto& element : *array)
                if (!element.is_array() || is_bytes(element.get_array())) add(key, element);
            return;
        }
        bytes_.clear();
        for (const auto& element : *array) bytes_ += static_cast<char>(element.get_int64());
        entry_.add(key, bytes_);
    }

    JsonLine json_;
    JournalEntry entry_;
    JournalReader reader_;
    std::string bytes_;
};

}  // namespace

std::unique_ptr<Format> make_journal(const FormatOptions&) {
    return std::make_unique<JournalFormat>();
}

}  // namespace kentongan::log
