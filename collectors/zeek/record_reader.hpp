#pragma once
// Reads a Zeek log record from its JSON text into an Event: nested records get dotted names, lists
// become repeated fields, ports and intervals numbers, and passwords are left out.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/json/reader.hpp"
#include "collectors/zeek/native.hpp"
#include "collectors/zeek/stream.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// Keeps what it learned about names, so one serves one input, on one thread at a time.
class RecordReader {
  public:
    RecordReader() = default;
    RecordReader(const RecordReader&) = delete;
    RecordReader& operator=(const RecordReader&) = delete;

    /// `stream` is a log's name ("conn") or a Zeek stream ("Conn::LOG") and counts where the record
    /// has no `_path`. Fields as fill in record.hpp says; at most 512 values, 16 levels deep, names
    /// of 128 and texts of 65,536 bytes; what is beyond is left out or cut. A record without `ts`
    /// keeps the time that `out` has. False, with `out` half filled, when this is no Zeek record.
    /// Texts of `out` are views of its raw() where that is a copy of `json`: set it first.
    [[nodiscard]] bool read(std::string_view json, std::string_view stream, Event& out);

    /// Whether the record last read holds a password, which its raw form then does, too.
    [[nodiscard]] bool held_secret() const { return secret_; }
    [[nodiscard]] std::uint64_t left_out() const { return reader_.left_out(); }

    // Of flat::Reader.
    [[nodiscard]] NativeName judge(std::string_view path) const { return native_name(path); }
    void take(const NativeName& name, const flat::Scalar& value);

  private:
    struct Known {
        std::string given;
        std::string name;
        const Stream* stream = nullptr;
    };

    void take_role(NativeName::Role role, const flat::Scalar& value);
    const Known& known(std::string_view given);

    flat::Reader<RecordReader, NativeName> reader_{*this};
    Event* out_ = nullptr;
    std::optional<Timestamp> start_;
    std::optional<double> seconds_;
    bool no_time_ = false;
    bool secret_ = false;
    std::string path_;          // of this record
    std::vector<Known> known_;  // names seen lately
    std::size_t oldest_ = 0;
};

/// A record's text without its secrets, however deep they are; empty when it is no JSON object.
[[nodiscard]] std::string without_secrets(std::string_view json);

}  // namespace kentongan::zeek
