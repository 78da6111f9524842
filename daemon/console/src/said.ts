// What the daemon says in English, in Indonesian by the code beside it; its own words where a code is not known.
import {number} from './format';
import {language} from './state';
import type {SensorRow, StatusJson} from './types';

/** `{}`: the number that belongs to it. What the daemon adds after a colon stays as it is. */
const INDONESIAN: Record<string, string> = {
  'blind dropped': '{} % paket hilang', 'blind no_file': 'tidak ada berkas yang terbuka: tidak ada, atau tidak boleh dibaca',
  'blind behind': 'pembacaan tertinggal {} dtk', 'blind no_bridge': 'tidak ada jembatan ke Zeek yang tersambung',
  'blind no_scan': 'sudah {} jam tidak ada pemindaian yang selesai dengan baik',
  'ready store': 'penyimpanan tidak dapat menulis', 'ready starting': 'baru mulai: belum ada denyut yang tersimpan',
  'ready no_heartbeat': 'akhir-akhir ini tidak ada denyut yang melewati jalur data', 'ready stopping': 'sedang berhenti',
  'advice mostly_idle': 'sebagian besar yang ditutup ternyata palsu atau wajar: persempit dengan filter (kentongan rules filter), atau redam sumber yang dikenal sampai waktu tertentu',
  'advice over_budget': '{} tidak diberitahukan karena melewati jatah: lihat satu, lalu saring aturannya atau beri jatah sendiri di [budget]',
  'advice loud': 'lebih banyak daripada yang sanggup dibaca orang: saring, atau beri jatah di [budget]',
  'delivery starting': 'baru mulai', 'delivery store': 'penyimpanan tidak menjawab', 'delivery delivered': 'semua terkirim', 'delivery delivering': 'sedang mengirim',
  'delivery put_aside': 'sebuah pesan disisihkan', 'delivery retry': 'akan dicoba lagi', 'delivery paused': 'dijeda',
  // the drill's scenarios
  'scenario early-upload': 'Formulir datang sebelum TPS ditutup', 'scenario credential-stuffing': 'Daftar kata sandi curian dicoba pada 240 akun',
  'scenario ssh-guessed': 'Kata sandi root ditebak lewat SSH, dan berhasil', 'scenario carrier-address': 'Ribuan petugas masuk dari satu alamat operator seluler',
  'scenario sql-injection': 'Sebuah alat mencoba injeksi SQL pada situs hasil', 'scenario unknown-tps': 'Satu perangkat mengunggah untuk TPS yang tidak ada',
  'scenario odd-searches': 'Pencarian nama dengan tanda kutip dan kata-kata SQL', 'scenario account-takeover': 'Sebuah akun ditebak dan dimasuki dari perangkat baru',
  'scenario one-picture-twice': 'Satu foto diunggah untuk dua TPS', 'scenario one-device': 'Satu telepon mengunggah untuk enam TPS di enam kelurahan',
  'scenario tps-enumeration': 'Akun satu TPS menelusuri enam puluh TPS lain', 'scenario code-flood': 'Satu telepon menerima kode sekali pakai tanpa henti',
  'scenario maintenance': 'Administrator memeriksa server mereka', 'scenario forgotten-password': 'Seorang petugas enam kali salah ketik di perangkatnya sendiri',
  'scenario web-shell': 'Sebuah skrip di antara foto menjawab pemiliknya', 'scenario server-shell': 'Server web menjalankan shell dan mengambil program',
  'scenario database-edit': 'Sebuah hasil diubah dengan psql', 'scenario log-wiped': 'Log orang masuk dikosongkan', 'scenario audit-stopped': 'Daemon audit dihentikan',
  'scenario defacement': 'Halaman depan diganti', 'scenario audit-trail-off': 'Audit basis data dimatikan', 'scenario polyglot-upload': 'Sebuah foto menyembunyikan web shell',
  'scenario beacon': 'Sensor lain melihat server menghubungi pos kendali penyerang', 'scenario voters-taken': 'Daftar pemilih disalin ke luar',
  'scenario role-granted': 'Seorang administrator mengangkat administrator lain sendirian', 'scenario approved-role': 'Orang kedua menyetujui administrator baru',
  'scenario mass-reset': 'Kata sandi lima belas petugas direset oleh satu administrator', 'scenario catch-up': 'Telepon tanpa sinyal mengirim semua simpanannya sekaligus',
  'scenario stolen-session': 'Satu sesi dipakai di dua perangkat sekaligus', 'scenario changed-after-final': 'Hasil final diubah diam-diam',
  'scenario plenary': 'Rapat pleno membuka hasil dan membetulkannya', 'scenario mass-edit': 'Empat puluh hasil diubah dalam satu menit',
  'scenario own-approval': 'Pengubah dan verifikator memakai satu perangkat', 'scenario verifying-robot': 'Sebuah program memverifikasi satu TPS setiap empat detik',
  'scenario newsroom': 'Sebuah redaksi mengambil semua hasil yang terbit', 'scenario tampered-sum': 'Seribu suara terlalu banyak dalam jumlah yang terbit',
  'scenario campaign': 'Satu teks dikirim oleh tiga puluh pengirim', 'scenario rotation': 'logrotate memindahkan log web',
  'scenario flash-crowd': 'Pembaca datang dua puluh kali lipat sekaligus', 'scenario flood': 'Empat puluh sumber membanjiri situs selama sembilan menit',
  'scenario neighbours': 'Para tetangga melaporkan satu sore dengan kata-kata mereka sendiri', 'scenario clean-up': 'Enam puluh hasil final dibetulkan dalam waktu yang diperintahkan KPU',
  'scenario nightly-backup': 'Akun cadangan menyalin tabel-tabel', 'scenario withdrawal': 'KPU menarik tabulasi: semua jumlah menjadi nol',
  'scenario outage': 'Unggahan berhenti satu jam, aplikasi mendapat 502',
};

type Kind = 'blind' | 'ready' | 'advice' | 'delivery' | 'scenario';

export function said(kind: Kind, code: string | undefined, text: string, value?: number): string {
  const own = language.value === 'id' ? INDONESIAN[`${kind} ${code}`] : undefined;
  if (own === undefined) return text;
  if (own.includes('{}')) return value === undefined ? text : own.replace('{}', number(Math.round(value * 10) / 10));
  const detail = kind === 'delivery' || code === 'store' ? text.indexOf(': ') : -1;
  return detail < 0 ? own : own + text.slice(detail);
}

/** Why a source sees less than it should. */
export const blindness = (of: SensorRow): string =>
  (of.blind ?? []).map((text, i) => said('blind', of.blind_codes?.[i]?.code, text, of.blind_codes?.[i]?.value)).join('; ');

/** Why the daemon is not ready. */
export const unreadiness = (of: StatusJson): string => of.reasons.map((text, i) => said('ready', of.reason_codes?.[i], text)).join('; ');
