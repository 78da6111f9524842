#include "daemon/ledger/cover.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan::ledger {

namespace json = boost::json;

namespace {

struct Line {
    std::string name;
    std::string value;
};

/// A time in the three zones of the country, and UTC.
std::string in_zones(Timestamp at) {
    const auto local = [&](int hours) {
        return to_rfc3339(at + std::chrono::hours{hours}).substr(11, 8);
    };
    return fmt::format("{} UTC = {} WIB = {} WITA = {} WIT", to_rfc3339(at), local(7), local(8),
                       local(9));
}

std::string text_at(const json::value& value, std::string_view path) {
    boost::system::error_code problem;
    const auto* found = value.find_pointer(path, problem);
    if (found == nullptr) return "-";
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
}

std::vector<Line> facts_of(const PackageRequest& request, const Checkpoint& checkpoint) {
    return {
        {"Dibuat / Made", in_zones(request.at)},
        {"Oleh / By", request.who},
        {"Untuk / For", request.to},
        {"Alasan / Reason", request.why},
        {"Kasus / Case", request.case_id.empty() ? "-" : request.case_id},
        {"Riwayat / History", fmt::format("{} ({} entries)", checkpoint.origin, checkpoint.size)},
        {"Akar / Root", to_base64(checkpoint.root)},
        {"Jam / Clock", fmt::format("{}; error at most {} s",
                                    request.clock.synchronized ? "sinkron / synchronized"
                                                               : "TIDAK sinkron / NOT synchronized",
                                    request.clock.maximum_error_seconds)},
        {"Alat / Tool", request.tool},
    };
}

std::vector<Line> facts_of(const PackagedAlert& alert) {
    boost::system::error_code problem;
    const json::value value = json::parse(alert.json, problem);
    std::string entries;
    for (const auto& entry : alert.entries)
        fmt::format_to(std::back_inserter(entries), "{}{}", entries.empty() ? "" : ", ",
                       entry.index);
    std::vector<Line> out{
        {"Peringatan / Alert", alert.id},
        {"Aturan / Rule", fmt::format("{} ({}, {})", text_at(value, "/rule/name"),
                                      text_at(value, "/rule/id"), text_at(value, "/rule/version"))},
        {"Tingkat / Severity", text_at(value, "/labels/severity")},
        {"Pesan / Message", text_at(value, "/message")},
        {"Pertama / First seen", text_at(value, "/kentongan/first_seen")},
        {"Terakhir / Last seen", text_at(value, "/kentongan/last_seen")},
        {"Jumlah / Count", text_at(value, "/kentongan/count")},
        {"TLP", text_at(value, "/labels/tlp")},
        {"Latihan / Exercise", text_at(value, "/labels/exercise")},
        {"Entri riwayat / Entries", entries},
    };
    for (const auto& [what, here] : alert.remarks) out.push_back({what, here});
    return out;
}

constexpr std::string_view kHow[] = {
    "Cara memeriksa (tanpa jaringan; Python 3 dan openssl): ambil daftar kunci dari lembaga "
    "penerbit dan para saksi, bukan dari paket ini, lalu jalankan:",
    "How to check (offline; Python 3 and openssl): get the list of keys from the agency that "
    "issued this and from the witnesses, not from this package, and run:",
    "    python3 kentongan-verify.py --keys KEYS PACKAGE.zip",
    "Pakailah salinan kentongan-verify.py milik sendiri; yang ada di paket ini sama isinya. "
    "Isi paket adalah catatan pengamatan; kesimpulan hukum bukan bagian darinya.",
    "Use a copy of kentongan-verify.py of your own; the one in here is the same. This package "
    "holds observations; legal conclusions are no part of it.",
};
constexpr std::string_view kTitle = "Paket bukti Kentongan / Kentongan evidence package";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : printable_utf8(text)) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string one_line(std::string_view text) {
    std::string out = printable_utf8(text);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return out;
}

void add_text(std::string& out, const std::vector<Line>& lines) {
    for (const auto& [name, value] : lines)
        fmt::format_to(std::back_inserter(out), "{:<24}{}\n", name, one_line(value));
    out += '\n';
}

void add_table(std::string& out, const std::vector<Line>& lines) {
    out += "<table>\n";
    for (const auto& [name, value] : lines)
        fmt::format_to(std::back_inserter(out), "<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n",
                       escaped(name), escaped(value));
    out += "</table>\n";
}

}  // namespace

std::string cover_text(const PackageRequest& request, const Checkpoint& checkpoint) {
    std::string out = fmt::format("{}\n\n", kTitle);
    add_text(out, facts_of(request, checkpoint));
    for (const auto& alert : request.alerts) add_text(out, facts_of(alert));
    for (const auto line : kHow) out.append(line).append("\n");
    return out;
}

std::string cover_html(const PackageRequest& request, const Checkpoint& checkpoint) {
    std::string out = fmt::format(
        "<!doctype html>\n<html lang=\"id\"><head><meta charset=\"utf-8\"><title>{0}</title>\n"
        "<style>body{{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}\n"
        "th{{text-align:left;vertical-align:top;padding-right:1.5em;white-space:nowrap}}\n"
        "table{{margin:0 0 2em}}td{{overflow-wrap:anywhere}}</style></head>\n"
        "<body><h1>{0}</h1>\n",
        kTitle);
    add_table(out, facts_of(request, checkpoint));
    for (const auto& alert : request.alerts) add_table(out, facts_of(alert));
    for (const auto line : kHow) out += fmt::format("<p>{}</p>\n", escaped(line));
    return out + "</body></html>\n";
}

}  // namespace kentongan::ledger
