// Hostile PostgreSQL and MySQL: the first byte chooses.
#include "collectors/packet/protocol/sql/mysql_dissector.hpp"
#include "collectors/packet/protocol/sql/postgres_dissector.hpp"
#include "tests/fuzz/dissected.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::packet;
    const Bytes input(data, size);
    if (input.empty()) return 0;
    const Bytes rest = input.subspan(1);
    (void)begins_postgres(rest);
    (void)begins_mysql(rest);
    dissect_stream(input[0] % 2 == 0 ? make_postgres_dissector : make_mysql_dissector, rest,
                   std::size_t{2} << 20);
    return 0;
}
