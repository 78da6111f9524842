#include "collectors/report/texts.hpp"

#include <algorithm>
#include <array>

namespace kentongan::report {

namespace {

struct Text {
    std::string_view key;
    std::string_view indonesian;
    std::string_view english;
};

constexpr std::array kTexts{
    // --- the form
    Text{"brand", "Laporan warga", "Citizens' reports"},
    Text{"skip", "Langsung ke isi", "Skip to content"},
    Text{"languages", "Bahasa", "Language"},
    Text{"title", "Laporkan kejadian di TPS", "Report what happened at a polling station"},
    Text{"intro",
         "Ceritakan apa yang Anda lihat. Nama, nomor telepon, dan alamat Anda tidak diminta. "
         "Laporan diteruskan ke KPU.",
         "Tell us what you saw. You are not asked for your name, telephone number or address. "
         "Reports are passed on to KPU, the election commission."},
    Text{"danger", "Dalam bahaya? Hubungi polisi di 110. Halaman ini bukan layanan darurat.",
         "In danger? Call the police on 110. This page is not an emergency service."},
    Text{"category_label", "Apa yang terjadi?", "What happened?"},
    Text{"place_label", "Kode TPS atau wilayah (boleh kosong)",
         "Code of the polling station or area (optional)"},
    Text{"place_hint",
         "13 angka pada formulir C.Hasil atau di Sirekap; atau 2, 4, 6, atau 10 angka kode "
         "wilayah. Tidak tahu? Sebutkan tempatnya di dalam cerita.",
         "The 13 digits on the C.Hasil form or in Sirekap; or the 2, 4, 6 or 10 digits of an area. "
         "If you do not know it, name the place in your account."},
    Text{"time_label", "Kapan terjadi? (boleh kosong)", "When did it happen? (optional)"},
    Text{"time_hint", "Menurut jam {{zone}}.", "By the clock of {{zone}}."},
    Text{"text_label", "Apa yang Anda lihat?", "What did you see?"},
    Text{"text_hint",
         "10 sampai {{text_characters}} karakter. NIK, nomor telepon, dan alamat surel dihapus "
         "sebelum laporan disimpan. Jangan menulis nama orang.",
         "10 to {{text_characters}} characters. Identity numbers, telephone numbers and mail "
         "addresses are removed before the report is kept. Please name no people."},
    Text{"photo_label", "Foto (boleh kosong)", "Photographs (optional)"},
    Text{
        "photo_hint",
        "Sampai {{photos}} foto JPEG atau PNG, masing-masing paling besar {{photo_mib}} MB. Lokasi "
        "dan data kamera di dalam foto dihapus.",
        "Up to {{photos}} JPEG or PNG files of at most {{photo_mib}} MB each. Location and camera "
        "data inside them are removed."},
    Text{"trap_label", "Biarkan kosong", "Leave this empty"},
    Text{"send", "Kirim laporan", "Send the report"},
    Text{"noscript",
         "Tanpa JavaScript, dari satu jaringan hanya {{unproven}} laporan per jam dapat dikirim.",
         "Without JavaScript only {{unproven}} reports an hour can be sent from one network."},
    Text{"working", "Sedang menyiapkan pengiriman…", "Preparing to send…"},
    Text{"sending", "Mengirim…", "Sending…"},
    Text{"follow_link", "Sudah melapor? Lihat keadaan laporan Anda.",
         "Already reported? See the state of your report."},
    Text{"new_link", "Kirim laporan lain", "Send another report"},
    Text{"back_link", "Kembali ke formulir", "Back to the form"},
    // --- what has to be mended
    Text{"errors_title", "Laporan belum terkirim", "The report was not sent yet"},
    Text{"errors_intro", "Perbaiki yang berikut, lalu kirim lagi:",
         "Please correct the following and send it again:"},
    Text{"photos_again", "Pilih fotonya sekali lagi.", "Please choose the photographs again."},
    Text{"error_prefix", "Perbaiki: ", "Correct this: "},
    Text{"problem_category", "Pilih apa yang terjadi.", "Choose what happened."},
    Text{"problem_place",
         "Kode TPS terdiri atas 13 angka, kode wilayah 2, 4, 6, atau 10 angka. Periksa kodenya, "
         "atau kosongkan.",
         "A polling station's code has 13 digits, an area's 2, 4, 6 or 10. Check it, or leave it "
         "empty."},
    Text{"problem_time", "Waktu itu tidak dapat dibaca. Pilih tanggal dan jam, atau kosongkan.",
         "This time cannot be read. Choose a date and a time, or leave it empty."},
    Text{"problem_time_future", "Waktu itu belum terjadi. Periksa tanggal dan jamnya.",
         "This time has not come yet. Check the date and the hour."},
    Text{"problem_time_past", "Waktu itu lebih dari 90 hari yang lalu. Periksa tanggalnya.",
         "This is more than 90 days ago. Check the date."},
    Text{"problem_text_short", "Ceritakan dengan paling sedikit 10 karakter.",
         "Describe it in at least 10 characters."},
    Text{"problem_text_long",
         "Cerita terlalu panjang. Ringkas menjadi {{text_characters}} karakter.",
         "The account is too long. Shorten it to {{text_characters}} characters."},
    Text{"problem_contact", "Kontak paling panjang 120 karakter.",
         "A contact has at most 120 characters."},
    Text{"problem_photo_count", "Paling banyak {{photos}} foto. Pilih yang paling jelas.",
         "At most {{photos}} photographs. Choose the clearest."},
    Text{"problem_photo_size", "Ada foto yang lebih besar dari {{photo_mib}} MB. Perkecil dahulu.",
         "A photograph is larger than {{photo_mib}} MB. Make it smaller first."},
    // --- why a report is not taken now
    Text{"refused_title", "Laporan tidak terkirim", "The report was not sent"},
    Text{"refused_rate",
         "Dari jaringan Anda sudah banyak laporan dikirim. Coba lagi {{wait}}, atau kirim dari "
         "jaringan lain.",
         "Many reports have come from your network. Try again {{wait}}, or send it from another "
         "network."},
    Text{
        "refused_rate_without_proof",
        "Tanpa JavaScript hanya sedikit laporan dapat dikirim. Nyalakan JavaScript, atau coba lagi "
        "{{wait}}.",
        "Without JavaScript only a few reports can be sent. Switch JavaScript on, or try again "
        "{{wait}}."},
    Text{"refused_contact", "Dari kontak ini sudah banyak laporan dikirim. Coba lagi {{wait}}.",
         "Many reports have come from this contact. Try again {{wait}}."},
    Text{"refused_proof_expired",
         "Halaman ini terbuka terlalu lama. Tekan “Kirim laporan” sekali lagi.",
         "This page was open for too long. Press “Send the report” once more."},
    Text{"refused_proof_spent",
         "Laporan ini sudah dikirim. Untuk laporan lain, tekan “Kirim laporan” sekali lagi.",
         "This report was already sent. For another one press “Send the report” once more."},
    Text{"refused_proof_wrong", "Pemeriksaan pengirim gagal. Tekan “Kirim laporan” sekali lagi.",
         "The check of the sender failed. Press “Send the report” once more."},
    Text{"refused_storage",
         "Laporan belum dapat disimpan karena gangguan di pihak kami. Coba lagi beberapa menit "
         "lagi.",
         "The report cannot be kept just now; the fault is ours. Try again in a few minutes."},
    Text{"refused_body", "Kiriman ini tidak dapat dibaca. Buka formulir dan kirim sekali lagi.",
         "What was sent cannot be read. Open the form and send it again."},
    Text{"refused_size",
         "Kiriman terlalu besar. Kirim paling banyak {{photos}} foto, masing-masing paling besar "
         "{{photo_mib}} MB.",
         "What was sent is too large. Send at most {{photos}} photographs of at most {{photo_mib}} "
         "MB each."},
    Text{"not_found_title", "Halaman tidak ada", "There is no such page"},
    Text{"not_found", "Periksa alamatnya, atau kembali ke formulir.",
         "Check the address, or go back to the form."},
    Text{"wait_minutes", "dalam {{minutes}} menit", "in {{minutes}} minutes"},
    Text{"wait_minute", "sebentar lagi", "in a minute"},
    // --- it was sent
    Text{"thanks_title", "Laporan diterima", "Your report was received"},
    Text{"thanks_intro", "Terima kasih. Catat dua kode ini untuk mengikuti laporan Anda.",
         "Thank you. Note these two codes to follow your report."},
    Text{"ticket_label", "Nomor tiket", "Ticket number"},
    Text{"secret_label", "Kode rahasia", "Secret code"},
    Text{"secret_hint",
         "Siapa pun yang tahu kedua kode ini dapat melihat keadaan laporan, bukan isinya. Kode "
         "tidak dapat ditampilkan lagi.",
         "Whoever knows both codes can see the state of the report, not what it says. The codes "
         "cannot be shown again."},
    Text{"next_title", "Selanjutnya", "What happens next"},
    Text{"next_text",
         "Laporan diteruskan ke petugas KPU dan dibandingkan dengan catatan sistem. Satu laporan "
         "saja belum menjadi kesimpulan.",
         "It goes to KPU's staff and is compared with the records of the systems. One report alone "
         "is not yet a conclusion."},
    Text{"photos_kept", "Foto disimpan: {{count}}.", "Photographs kept: {{count}}."},
    Text{"photo_unsupported", "Satu foto bukan JPEG atau PNG dan tidak disimpan.",
         "One photograph is neither JPEG nor PNG and was not kept."},
    Text{"photo_damaged", "Satu foto rusak dan tidak disimpan.",
         "One photograph is damaged and was not kept."},
    Text{"photo_too_many_pixels", "Satu foto lebih dari 100 megapiksel dan tidak disimpan.",
         "One photograph has more than 100 megapixels and was not kept."},
    Text{"photo_quota", "Tempat untuk foto sedang penuh; satu foto tidak disimpan.",
         "There is no room for photographs just now; one was not kept."},
    Text{"photo_storage", "Satu foto tidak dapat disimpan karena gangguan di pihak kami.",
         "One photograph could not be kept; the fault is ours."},
    // --- following it
    Text{"status_title", "Keadaan laporan", "State of a report"},
    Text{"status_intro", "Masukkan kedua kode yang Anda terima.",
         "Enter the two codes you were given."},
    Text{"status_button", "Lihat keadaan", "Show its state"},
    Text{"status_unknown", "Tidak ada laporan dengan kedua kode ini. Periksa apa yang Anda tulis.",
         "There is no report with these two codes. Check what you wrote."},
    Text{"status_received", "Diterima", "Received"},
    Text{"status_received_text", "Laporan Anda sudah diterima dan diteruskan ke KPU.",
         "Your report was received and passed on to KPU."},
    Text{"received_label", "Waktu diterima", "Received at"},
    Text{"about_label", "Tentang", "About"},
    Text{"photos_label", "Foto", "Photographs"},
    Text{"photos_quarantined",
         "{{count}} foto disisihkan karena pemeriksaan menemukan isi yang berbahaya di dalamnya.",
         "{{count}} photograph(s) were set aside because the scan found something harmful inside."},
};

const Text* find(std::string_view key) {
    const auto found = std::ranges::find(kTexts, key, &Text::key);
    return found == kTexts.end() ? nullptr : &*found;
}

}  // namespace

std::string_view text(std::string_view key, Language language) {
    const Text* found = find(key);
    if (found == nullptr) return {};
    return language == Language::indonesian ? found->indonesian : found->english;
}

bool has_text(std::string_view key) { return find(key) != nullptr; }

}  // namespace kentongan::report
