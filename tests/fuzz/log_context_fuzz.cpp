// A record of a log read again: whatever the log holds by now, what is told is short, printable,
// and of a file that holds the record at its place.
#include <cstdlib>
#include <fstream>
#include <string>

#include "daemon/api/context_reader.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace kentongan;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

void expect_short(const std::vector<api::ContextLine>& lines) {
    expect(lines.size() <= api::ContextWanted::kMostLines);
    for (const auto& line : lines)
        expect(line.text.size() <= api::ContextWanted::kShownBytes &&
               printable_utf8(line.text) == line.text);
}

}  // namespace

/// Two bytes say where in the rest, which is the log, the record is, a third how long it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const TemporaryFolder folder;
    if (size < 3) return 0;
    const std::string log{reinterpret_cast<const char*>(data) + 3, size - 3};
    const std::size_t offset = data[0] + 256u * data[1];
    const std::string record =
        offset < log.size() ? log.substr(offset, data[2]) : std::string(data[2], 'x');
    api::ContextWanted wanted{
        .file = folder / "log", .offset = offset, .sha256 = sha256_hex(record)};
    wanted.excerpt = printable_utf8(record, 1024);
    wanted.line_bytes = 128;
    wanted.record_bytes = 200;
    wanted.record_lines = 4;
    std::ofstream{wanted.file, std::ios::binary} << log;
    const api::Context told = read_context(wanted);
    expect(told.state == "same" || told.state == "changed");
    expect_short(told.before);
    expect_short(told.after);
    for (const auto& line : told.record) expect(printable_utf8(line.text) == line.text);
    if (told.state == "changed")
        expect(told.before.empty() && told.record.empty() && told.after.empty());
    else
        expect(offset < log.size() && !told.record.empty());
    return 0;
}
