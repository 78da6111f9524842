// Lists of TPS from bytes: CSV, Sirekap's region list, assignments. Whatever they are, they load or
// are refused with a reason, and what loads can be asked.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sirekap/assignments.hpp"
#include "daemon/detect/sirekap/register_builder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::sirekap;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto check = [](const Result<Register>& list) {
        if (!list) {
            if (list.error().message.empty()) std::abort();
            return;
        }
        for (std::uint32_t i = 0; i < list->size(); ++i) {
            if (list->index_of(list->tps_at(i)) != i) std::abort();
            const Register::Area& home = list->areas()[list->kelurahan_of(i)];
            if (i < home.begin || i >= home.end) std::abort();
        }
    };
    check(Register::parse(input, "list.csv"));
    RegisterBuilder builder;
    builder.begin_file("wilayah.json");
    if (read_wilayah(input, builder)) check(builder.finish());
    if (const auto list = Assignments::parse(input, "assignments.csv"))
        (void)list->of_account("kpps");
    return 0;
}
