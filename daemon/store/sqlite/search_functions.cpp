#include "daemon/store/sqlite/search_functions.hpp"

#include <sqlite3.h>

#include <string_view>

#include "daemon/base/text.hpp"
#include "daemon/store/query/words.hpp"

namespace kentongan {

namespace {

std::string_view bytes_of(sqlite3_value* value) {
    const void* bytes = sqlite3_value_blob(value);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    return bytes == nullptr ? std::string_view{}
                            : std::string_view(static_cast<const char*>(bytes), size);
}

void wild(sqlite3_context* context, int, sqlite3_value** values) {
    const bool found = query::matches_wild(to_lower(bytes_of(values[0])), bytes_of(values[1]));
    sqlite3_result_int(context, found ? 1 : 0);
}

void within(sqlite3_context* context, int, sqlite3_value** values) {
    const std::string_view from = bytes_of(values[1]);
    const std::string_view to = bytes_of(values[2]);
    bool found = false;
    for (auto rest = bytes_of(values[0]); rest.size() >= 16 && !found; rest.remove_prefix(16))
        found = rest.substr(0, 16) >= from && rest.substr(0, 16) <= to;
    sqlite3_result_int(context, found ? 1 : 0);
}

}  // namespace

int add_search_functions(sqlite3* handle) {
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    const int first = sqlite3_create_function_v2(handle, "kentongan_wild", 2, kFlags, nullptr, wild,
                                                 nullptr, nullptr, nullptr);
    if (first != SQLITE_OK) return first;
    return sqlite3_create_function_v2(handle, "kentongan_within", 3, kFlags, nullptr, within,
                                      nullptr, nullptr, nullptr);
}

}  // namespace kentongan
