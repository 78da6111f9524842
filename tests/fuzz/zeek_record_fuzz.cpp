// Zeek records from JSON bytes: first line the stream, the rest one object.
#include "collectors/zeek/record_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto end = input.find('\n');
    if (end == std::string_view::npos) return 0;
    const auto json = input.substr(end + 1);
    static zeek::RecordReader reader;  // names of earlier inputs must change nothing
    Event event;
    event.set_raw(json);
    const bool is_record = reader.read(json, input.substr(0, end), event);
    if (is_record && event.size() == 0) __builtin_trap();
    for (std::size_t i = 0; i < event.size(); ++i)
        if (zeek::is_secret(name_of(event.field_at(i)))) __builtin_trap();
    (void)to_json(event);
    if (is_record && zeek::without_secrets(json).empty()) __builtin_trap();

    zeek::RecordReader fresh;
    Event again;
    again.set_raw(json);
    if (fresh.read(json, input.substr(0, end), again) != is_record) __builtin_trap();
    if (is_record && to_json(again) != to_json(event)) __builtin_trap();
    return 0;
}
