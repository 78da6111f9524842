// A draft for the public: what is looked into and since when. No causes, no names, no addresses.
#include <fmt/format.h>

#include "daemon/api/bssn_report.hpp"

namespace kentongan::api {

namespace {

std::string day(Timestamp time) {
    const std::string wib = to_rfc3339(time + std::chrono::hours{7});
    return fmt::format("{}-{}-{} {} WIB", wib.substr(8, 2), wib.substr(5, 2), wib.substr(0, 4),
                       wib.substr(11, 5));
}

std::string indonesian(const ReportFacts& facts, std::string_view who) {
    std::string out = fmt::format(
        "PERNYATAAN (Indonesia)\n\nSejak {} {} menelaah gangguan pada sistem yang dikelolanya. ",
        day(facts.record.discovered), who);
    out += facts.record.closed
               ? fmt::format("Penelaahan selesai pada {}.\n\n", day(*facts.record.closed))
               : std::string{"Penelaahan masih berlangsung dan penyebabnya belum disimpulkan.\n\n"};
    out +=
        "Layanan yang terdampak atau tertunda: [ISI: layanan dan perkiraan pulih]\n"
        "Yang tidak terdampak: [ISI: hanya hal yang sudah diperiksa]\n";
    if (facts.record.breach)
        out +=
            "Penelaahan ini mencakup data pribadi. Mereka yang terdampak akan diberi tahu secara "
            "tertulis sesuai UU 27/2022 Pasal 46.\n";
    return out + "Keterangan berikutnya: [ISI: waktu dan tempat]\n";
}

std::string english(const ReportFacts& facts, std::string_view who) {
    std::string out = fmt::format(
        "STATEMENT (English)\n\nSince {} {} has been examining a disturbance of systems it runs. ",
        day(facts.record.discovered), who);
    out += facts.record.closed
               ? fmt::format("The examination ended on {}.\n\n", day(*facts.record.closed))
               : std::string{"The examination goes on, and no cause has been concluded.\n\n"};
    out +=
        "Services affected or delayed: [FILL IN: services and expected recovery]\n"
        "Not affected: [FILL IN: only what has been checked]\n";
    if (facts.record.breach)
        out +=
            "The examination covers personal data. Those affected will be notified in writing, "
            "as Law 27/2022 art. 46 requires.\n";
    return out + "Next information: [FILL IN: time and place]\n";
}

}  // namespace

std::string public_statement(const ReportFacts& facts) {
    const std::string& name = facts.reporter.organisation;
    std::string out =
        "TLP:CLEAR\nDRAFT - KONSEP: belum disetujui, tidak dikirim otomatis / not approved, never "
        "sent automatically\n\n";
    if (facts.record.exercise)
        out += "LATIHAN / EXERCISE: jangan dipublikasikan / do not publish\n\n";
    out += indonesian(facts, name.empty() ? "[ISI: organisasi]" : name);
    out += "\n";
    return out + english(facts, name.empty() ? "[FILL IN: organisation]" : name);
}

}  // namespace kentongan::api
