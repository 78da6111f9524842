// Zeek records from JSON bytes: first line the stream, the rest one object.
#include <boost/json.hpp>

#include "collectors/zeek/native.hpp"
#include "collectors/zeek/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto end = input.find('\n');
    if (end == std::string_view::npos) return 0;
    boost::system::error_code error;
    auto value = boost::json::parse(input.substr(end + 1), error);
    if (error || !value.is_object()) return 0;
    Event event;
    const bool is_record = zeek::fill_event(value.get_object(), input.substr(0, end), event);
    if (is_record && event.size() == 0) __builtin_trap();
    for (std::size_t i = 0; i < event.size(); ++i)
        if (zeek::is_secret(name_of(event.field_at(i)))) __builtin_trap();
    (void)to_json(event);
    zeek::remove_secrets(value.get_object());
    return 0;
}
