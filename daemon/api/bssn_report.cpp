// The report of Peraturan BSSN 1/2024 art. 15, in Indonesian.
#include "daemon/api/bssn_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::size_t kMostRows = 500;  // of the chronology

/// 27-11-2024 13:00:00 WIB (06:00:00 UTC)
std::string local(Timestamp time) {
    const std::string wib = to_rfc3339(time + std::chrono::hours{7});
    return fmt::format("{}-{}-{} {} WIB ({} UTC)", wib.substr(8, 2), wib.substr(5, 2),
                       wib.substr(0, 4), wib.substr(11, 8), to_rfc3339(time).substr(11, 8));
}

std::string span(Duration left) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(left).count();
    return fmt::format("{} jam {} menit", minutes / 60, minutes % 60);
}

std::string state_of(const LegalClock& clock, Timestamp now) {
    if (clock.met && *clock.met <= clock.due)
        return fmt::format("dipenuhi pada {}", local(*clock.met));
    if (clock.met) return fmt::format("dilaporkan pada {}, setelah batas waktu", local(*clock.met));
    if (now > clock.due)
        return fmt::format("batas waktu terlewati {}; belum dicatat sebagai dilaporkan",
                           span(now - clock.due));
    return fmt::format("tersisa {}", span(clock.due - now));
}

std::string_view title_of(const LegalClock& clock) {
    return clock.name == "bssn" ? "Pelaporan insiden 1x24 jam (Peraturan BSSN 1/2024 Pasal 15)"
                                : "Pemberitahuan pelindungan data pribadi 3x24 jam (UU 27/2022 "
                                  "Pasal 46)";
}

std::string_view risk_of(Severity severity) {
    constexpr std::string_view kNames[] = {"informasi", "rendah", "sedang", "tinggi", "kritis"};
    return kNames[static_cast<std::size_t>(severity)];
}

struct Row {
    std::string name;
    std::string value;
};
struct Section {
    std::string title;
    std::string text{};
    std::vector<Row> rows{};
};

std::string or_missing(std::string_view text, std::string_view remedy) {
    const std::string clean = printable_utf8(text);
    return trim(clean).empty() ? fmt::format("[BELUM DIISI: {}]", remedy) : clean;
}

Section contact(const Reporter& reporter) {
    constexpr std::string_view kRemedy = "pengaturan [triage]";
    return {.title = "1. Kontak pelapor",
            .rows = {{"Organisasi", or_missing(reporter.organisation, kRemedy)},
                     {"Nama", or_missing(reporter.name, kRemedy)},
                     {"Jabatan", or_missing(reporter.position, kRemedy)},
                     {"Surel", or_missing(reporter.email, kRemedy)},
                     {"Telepon", or_missing(reporter.phone, kRemedy)}}};
}

Section description(const ReportFacts& facts) {
    std::string rules;
    for (const std::string& rule : facts.rules)
        rules += (rules.empty() ? "" : "; ") + printable_utf8(rule, 200);
    return {
        .title = "2. Deskripsi insiden",
        .text = or_missing(facts.record.description, "deskripsi kasus"),
        .rows = {
            {"Judul kasus", printable_utf8(facts.record.title)},
            {"Nomor kasus", facts.record.id},
            {"Tingkat keparahan menurut Kentongan", std::string(risk_of(facts.record.severity))},
            {"Waktu ditemukan", local(facts.record.discovered)},
            {"Menyangkut data pribadi",
             facts.record.breach ? "ya, menurut penilaian petugas" : "tidak dicatat demikian"},
            {"Jumlah peringatan", fmt::format("{}", facts.alerts)},
            {"Aturan yang menandai", rules.empty() ? "-" : rules}}};
}

std::string_view kind_of(const TimelineItem& item) {
    if (item.kind == "alert") return "peringatan";
    if (item.kind == "notification") return "pemberitahuan";
    return item.kind == "case" ? "kasus" : "tindakan";
}

Section chronology(const ReportFacts& facts) {
    Section out{.title = "3. Kronologi"};
    for (const TimelineItem& item : facts.timeline) {
        if (out.rows.size() == kMostRows) break;
        out.rows.push_back(
            {local(item.at),
             fmt::format("{}: {}{}", kind_of(item),
                         item.who.empty() ? "" : printable_utf8(item.who, 128) + ": ",
                         printable_utf8(item.text, 600))});
    }
    if (facts.timeline.size() > kMostRows)
        out.text = fmt::format("Ditampilkan {} dari {} catatan; selebihnya ada pada kasus.",
                               kMostRows, facts.timeline.size());
    if (out.rows.empty()) out.text = "[BELUM DIISI: kasus belum memiliki catatan]";
    return out;
}

Section impact(const ReportFacts& facts) {
    return {.title = "4. Dampak", .text = or_missing(facts.record.impact, "dampak kasus")};
}

std::vector<Section> sections_of(const ReportFacts& facts) {
    return {contact(facts.reporter), description(facts), chronology(facts), impact(facts)};
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 || c == '\n') out += c;
        }
    return out;
}

constexpr std::string_view kStyle =
    "@page{size:A4;margin:20mm}body{font:11pt/1.4 'Liberation Serif','Times New Roman',serif;"
    "color:#000;background:#fff;max-width:170mm;margin:0 auto}h1{font-size:16pt;margin:0 0 2mm}"
    "h2{font-size:12.5pt;margin:6mm 0 2mm;border-bottom:.3mm solid #000;break-after:avoid}"
    "table{border-collapse:collapse;width:100%}th,td{border:.2mm solid #777;padding:1.2mm 2mm;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{width:34%;font-weight:600}"
    "tr{break-inside:avoid}p{white-space:pre-line;overflow-wrap:anywhere}.tlp{float:right;"
    "border:.4mm solid #000;padding:1mm 3mm;font:bold 10pt monospace}.mark{font-weight:700;"
    "border:.6mm solid #000;padding:2mm;text-align:center}footer{margin-top:8mm;font-size:9pt;"
    "border-top:.2mm solid #777;padding-top:2mm}";

std::string_view exercise_mark() { return "LATIHAN: bukan insiden yang sebenarnya"; }

constexpr std::string_view kFooter =
    "Disusun otomatis oleh Kentongan dari catatan kasus dan harus diperiksa serta ditandatangani "
    "pelapor sebelum dikirim. Peringatan adalah temuan otomatis yang perlu diverifikasi dan bukan "
    "kesimpulan tentang penyebab atau pelaku. Dokumen ini tidak dikirim otomatis. Tingkat risiko "
    "resmi ditentukan manajemen risiko organisasi.";

}  // namespace

std::vector<LegalClock> clocks_of(const CaseRecord& record) {
    std::vector<LegalClock> out{
        {"bssn", record.discovered + std::chrono::hours{24}, record.reported}};
    if (record.breach)
        out.push_back({"pdp", record.discovered + std::chrono::hours{72}, record.notified});
    return out;
}

std::string report_html(const ReportFacts& facts) {
    std::string out = fmt::format(
        "<!doctype html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">\n"
        "<title>Laporan insiden siber {}</title>\n<style>{}</style></head>\n<body>\n"
        "<div class=\"tlp\">TLP:{}</div>\n<h1>Laporan Insiden Siber</h1>\n"
        "<p>Peraturan BSSN Nomor 1 Tahun 2024 Pasal 15\nDisusun {}</p>\n",
        escaped(facts.record.id), kStyle, name_of(facts.record.tlp), local(facts.now));
    if (facts.record.exercise) out += fmt::format("<p class=\"mark\">{}</p>\n", exercise_mark());
    out += "<table>\n";
    for (const LegalClock& clock : clocks_of(facts.record))
        out += fmt::format("<tr><th>{}</th><td>batas {}; {}</td></tr>\n", title_of(clock),
                           local(clock.due), state_of(clock, facts.now));
    out += "</table>\n";
    for (const Section& section : sections_of(facts)) {
        out += fmt::format("<h2>{}</h2>\n", section.title);
        if (!section.text.empty()) out += fmt::format("<p>{}</p>\n", escaped(section.text));
        if (section.rows.empty()) continue;
        out += "<table>\n";
        for (const Row& row : section.rows)
            out += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", escaped(row.name),
                               escaped(row.value));
        out += "</table>\n";
    }
    return out + fmt::format("<footer>{}</footer>\n</body></html>\n", kFooter);
}

std::string report_text(const ReportFacts& facts) {
    std::string out = fmt::format(
        "TLP:{}\nLAPORAN INSIDEN SIBER\nPeraturan BSSN Nomor 1 Tahun 2024 Pasal 15\nDisusun {}\n",
        name_of(facts.record.tlp), local(facts.now));
    if (facts.record.exercise) out += fmt::format("\n*** {} ***\n", exercise_mark());
    out += '\n';
    for (const LegalClock& clock : clocks_of(facts.record))
        out += fmt::format("{}\n  batas {}; {}\n", title_of(clock), local(clock.due),
                           state_of(clock, facts.now));
    for (const Section& section : sections_of(facts)) {
        out += fmt::format("\n{}\n{}\n", section.title, std::string(section.title.size(), '-'));
        if (!section.text.empty()) out += section.text + "\n";
        for (const Row& row : section.rows) out += fmt::format("{}: {}\n", row.name, row.value);
    }
    return out + fmt::format("\n{}\n", kFooter);
}

}  // namespace kentongan::api
