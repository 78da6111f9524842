// What the console says, Indonesian first.
import {language} from './state';

const TEXTS = {
  // places
  wall: ['Layar dinding', 'Wall'], inbox: ['Kotak masuk', 'Inbox'], areas: ['Wilayah', 'Areas'],
  cases: ['Kasus', 'Cases'], rules: ['Aturan', 'Rules'], sensors: ['Sensor', 'Sensors'],
  deliveries: ['Pengiriman', 'Deliveries'], drill: ['Latihan', 'Drill'], alert: ['Peringatan', 'Alert'],
  skip: ['Langsung ke isi', 'Skip to content'], other_language: ['English', 'Bahasa Indonesia'],
  theme_auto: ['Tema: otomatis', 'Theme: automatic'], theme_dark: ['Tema: gelap', 'Theme: dark'],
  theme_light: ['Tema: terang', 'Theme: light'], logout: ['Keluar', 'Sign out'], help: ['Bantuan papan ketik', 'Keyboard help'],
  close_dialog: ['Tutup', 'Close'], cancel: ['Batal', 'Cancel'], save: ['Simpan', 'Save'], send: ['Kirim', 'Send'],
  undo: ['Urungkan', 'Undo'], retry: ['Coba lagi', 'Try again'], loading: ['Memuat…', 'Loading…'],
  no_data: ['tidak ada data', 'no data'], no_sight: ['tak terpantau', 'no sight'], refused: ['Ditolak', 'Refused'],
  // entry
  entry_title: ['Masuk ke Kentongan', 'Sign in to Kentongan'], entry_name: ['Nama', 'Name'],
  entry_password: ['Kata sandi', 'Password'], entry_code: ['Kode autentikator (6 angka)', 'Authenticator code (6 digits)'],
  entry_go: ['Masuk', 'Sign in'], entry_token: ['Masuk dengan token', 'Sign in with a token'],
  entry_account: ['Masuk dengan akun', 'Sign in with an account'], entry_token_label: ['Token akses', 'Access token'],
  entry_hint: ['Token ada di berkas api.token_file dan disimpan hanya selama tab ini terbuka.',
    'Tokens are in the file api.token_file; yours is kept only while this tab is open.'],
  // severity, states
  critical: ['Kritis', 'Critical'], high: ['Tinggi', 'High'], medium: ['Sedang', 'Medium'], low: ['Rendah', 'Low'],
  info: ['Info', 'Info'],
  state_new: ['baru', 'new'], state_acknowledged: ['diterima', 'acknowledged'], state_assigned: ['ditugaskan', 'assigned'],
  state_escalated: ['dieskalasi', 'escalated'], state_closed: ['selesai', 'closed'],
  reason_true: ['benar terjadi', 'true'], reason_benign: ['wajar', 'benign'], reason_false: ['alarm palsu', 'false alarm'],
  reason_duplicate: ['duplikat', 'duplicate'], reason_exercise: ['latihan', 'exercise'],
  exercise: ['LATIHAN', 'EXERCISE'], exercise_banner: ['LATIHAN — semua data di layar ini adalah latihan', 'EXERCISE — everything on this screen is a drill'],
  // status
  ready: ['Siap', 'Ready'], not_ready: ['TIDAK SIAP', 'NOT READY'], unknown: ['Keadaan tidak diketahui', 'State unknown'],
  data_age: ['Data', 'Data'], old: ['lalu', 'old'], stale: ['USANG', 'STALE'],
  tail_open: ['langsung', 'live'], tail_connecting: ['menyambung…', 'connecting…'], tail_broken: ['terputus', 'disconnected'],
  tail_lagged: ['tertinggal', 'lagging'],
  // inbox
  query: ['Pencarian', 'Query'], query_hint: ['mis. severity >= high and source.ip : 10.0.0.0/8', 'e.g. severity >= high and source.ip : 10.0.0.0/8'],
  run: ['Cari', 'Search'], saved: ['Pencarian tersimpan', 'Saved searches'], save_search: ['Simpan pencarian ini', 'Save this search'],
  search_name: ['Nama pencarian', 'Name of the search'], delete_search: ['Hapus pencarian', 'Delete search'],
  open_only: ['Belum selesai', 'Not closed'], everything: ['Semua', 'Everything'], escalated_only: ['Dieskalasi', 'Escalated'],
  group: ['Kelompokkan', 'Group'], group_none: ['tidak', 'no'], group_rule: ['menurut aturan', 'by rule'], group_source: ['menurut sumber', 'by source'],
  fresh: ['peringatan baru', 'new alerts'], shown: ['ditampilkan', 'shown'], more_exist: ['masih ada lagi', 'there are more'],
  none: ['Tidak ada peringatan yang cocok.', 'No alerts match.'], all_quiet: ['Tidak ada peringatan terbuka.', 'No open alerts.'],
  partial: ['Hasil sebagian', 'Partial result'], selected: ['dipilih', 'selected'], whole_time: ['Seluruh waktu', 'All of the time'],
  col_severity: ['Tingkat', 'Severity'], col_time: ['Waktu (WIB)', 'Time (WIB)'], col_rule: ['Aturan', 'Rule'],
  col_what: ['Apa yang terjadi', 'What happened'], col_entity: ['Entitas', 'Entity'], col_count: ['Jumlah', 'Count'],
  col_state: ['Status', 'State'], histogram: ['Peringatan menurut waktu; seret untuk memilih rentang', 'Alerts over time; drag to choose a range'],
  // actions
  ack: ['Terima', 'Acknowledge'], assign_me: ['Tugaskan ke saya', 'Assign to me'], close: ['Selesaikan', 'Close'],
  comment: ['Komentar', 'Comment'], escalate: ['Eskalasi', 'Escalate'], reopen: ['Buka kembali', 'Reopen'],
  snooze: ['Redam…', 'Suppress…'], packets: ['Unduh paket', 'Download packets'], proof: ['Bukti buku besar', 'Ledger proof'],
  actions: ['Tindakan', 'Actions'], to_case: ['Masukkan ke kasus', 'Add to a case'], open_alert: ['Buka', 'Open'],
  close_why: ['Mengapa selesai?', 'Why is it closed?'], reason: ['Alasan', 'Reason'], note: ['Catatan', 'Note'],
  done_ack: ['diterima', 'acknowledged'], done_assign: ['ditugaskan ke Anda', 'assigned to you'], done_close: ['diselesaikan', 'closed'],
  done_escalate: ['dieskalasi', 'escalated'], done_reopen: ['dibuka kembali', 'reopened'], done_comment: ['dikomentari', 'commented'],
  undone: ['Diurungkan', 'Undone'], failed: ['Gagal', 'Failed'], awaiting: ['menunggu persetujuan orang kedua', 'waits for a second person'],
  snooze_title: ['Redam peringatan seperti ini', 'Suppress alerts like this one'], until: ['Sampai', 'Until'],
  for_1h: ['1 jam', '1 hour'], for_4h: ['4 jam', '4 hours'], for_24h: ['24 jam', '24 hours'],
  changed_meanwhile: ['Orang lain mengubahnya lebih dulu; data sudah dimuat ulang.', 'Somebody else changed it first; it was loaded again.'],
  // alert
  evidence: ['Bukti', 'Evidence'], message: ['Pesan', 'Message'], rule: ['Aturan', 'Rule'], authors: ['Penulis', 'Authors'],
  technique: ['Teknik ATT&CK', 'ATT&CK technique'], source: ['Sumber', 'Source'], destination: ['Tujuan', 'Destination'],
  user: ['Akun', 'Account'], host: ['Host', 'Host'], url: ['URL', 'URL'], file: ['Berkas', 'File'],
  area_tps: ['Wilayah / TPS', 'Area / TPS'], first_seen: ['Pertama terlihat', 'First seen'], last_seen: ['Terakhir terlihat', 'Last seen'],
  tlp: ['TLP', 'TLP'], sensor: ['Sensor', 'Sensor'], id: ['Nomor', 'Id'], told: ['Diberitahukan', 'Told'], nobody: ['tidak ada', 'nobody'],
  timeline: ['Lini masa', 'Timeline'], related: ['Peringatan terkait', 'Related alerts'], rule_text: ['Teks aturan', 'Rule text'],
  proof_ok: ['Tercatat di buku besar', 'Recorded in the ledger'], proof_none: ['Belum ada bukti untuk peringatan ini', 'No proof for this alert yet'],
  leaf: ['Daun', 'Leaf'], checkpoint: ['Titik periksa', 'Checkpoint'], tree_size: ['Ukuran pohon', 'Tree size'],
  cosigned: ['Ditandatangani bersama', 'Co-signed'], copy: ['Salin', 'Copy'], copied: ['Disalin', 'Copied'],
  download_packets: ['Unduh paket (pcapng)', 'Download packets (pcapng)'], severity_why: ['Alasan tingkat', 'Why this severity'],
  suppressed_by: ['Diredam oleh', 'Suppressed by'], assignee: ['Penanggung jawab', 'Assignee'], not_found: ['Tidak ditemukan', 'Not found'],
  count_times: ['kejadian', 'events'], http_exchange: ['Permintaan HTTP', 'HTTP exchange'], matched: ['bagian yang cocok disorot', 'the part that matched is marked'],
  // areas
  province: ['Seluruh wilayah', 'All areas'], received: ['diterima', 'received'], expected: ['diharapkan', 'expected'],
  complete: ['lengkap', 'complete'], rate: ['TPS/jam', 'TPS/h'], forecast: ['Perkiraan', 'Forecast'], target: ['Sasaran', 'Target'],
  flag: ['Tanda', 'Flag'], flag_complete: ['lengkap', 'complete'], flag_risk: ['berisiko', 'at risk'], flag_missed: ['terlewat', 'missed'],
  curve: ['Unggahan diterima', 'Uploads received'], queue: ['Ketidaksesuaian dalam data Sirekap yang perlu diperiksa', 'Inconsistencies in Sirekap data to look into'],
  no_register: ['Belum ada daftar TPS: atur sirekap.register.', 'There is no register of TPS: set sirekap.register.'],
  hint: ['Langkah perbaikan', 'What to do'], stall: ['Sebab macet', 'Cause of the stall'], remaining: ['menuju tenggat', 'to the deadline'],
  below: ['Wilayah di bawahnya', 'Areas below'], area: ['Wilayah', 'Area'], percent: ['Persen', 'Percent'],
  // cases
  new_case: ['Kasus baru', 'New case'], case_title: ['Judul', 'Title'], opened: ['Dibuka', 'Opened'], discovered: ['Ditemukan', 'Discovered'],
  clock_bssn: ['Laporan BSSN 1×24 jam', 'BSSN report 1×24 h'], clock_pdp: ['Pemberitahuan PDP 3×24 jam', 'PDP notice 3×24 h'],
  report_bssn: ['Laporan BSSN (HTML)', 'BSSN report (HTML)'], statement: ['Draf pernyataan publik', 'Public statement draft'],
  no_cases: ['Tidak ada kasus terbuka.', 'No open cases.'], overdue: ['TERLEWAT', 'OVERDUE'], breach: ['kebocoran data pribadi', 'personal data breach'],
  owner: ['Pemegang', 'Owner'], state: ['Status', 'State'], close_case: ['Tutup kasus', 'Close case'], summary: ['Ringkasan', 'Summary'],
  // rules
  engine: ['Mesin', 'Engine'], fired: ['24 jam', '24 h'], per_hour: ['per jam', 'per hour'], noise: ['Kebisingan', 'Noise'],
  false_share: ['Ditutup palsu/wajar', 'Closed false/benign'], budget: ['Jatah', 'Budget'], status: ['Keadaan', 'Status'],
  loaded: ['dimuat', 'loaded'], rule_ok: ['dimuat', 'loaded'], rule_unsupported: ['tak didukung', 'unsupported'], over_budget: ['melebihi jatah', 'over its budget'],
  fired_24h: ['menyala dalam 24 jam', 'fired within 24 h'], unsupported: ['tak didukung', 'unsupported'], rule_failed: ['gagal', 'failed'], silent: ['diam dalam 24 jam', 'silent for 24 h'],
  search_rules: ['Cari aturan', 'Search rules'], suggestion: ['Saran', 'Suggestion'],
  // sensors, deliveries
  alive: ['hidup', 'alive'], dead: ['mati', 'dead'], events: ['Kejadian', 'Events'], per_second: ['per detik', 'per second'],
  drops: ['Hilang', 'Dropped'], lag: ['Tertinggal', 'Lag'], blind: ['Titik buta', 'Blind spots'], last_event: ['Terakhir', 'Last event'],
  no_blind: ['tidak ada titik buta', 'no blind spots'], coverage_minute: ['Menit terjamin', 'Minutes vouched for'],
  delivered: ['terkirim', 'delivered'], waiting: ['menunggu', 'waiting'], given_up: ['tak terkirim', 'given up'], oldest: ['Tertua menunggu', 'Oldest waiting'],
  last_delivered: ['Terakhir terkirim', 'Last delivered'], last_error: ['Galat terakhir', 'Last error'], retry_dead: ['Kirim ulang yang gagal', 'Retry the given up'],
  receipt: ['Tanda terima', 'Receipt'], first_told: ['Pertama sampai', 'First arrived'], last_told: ['Terakhir sampai', 'Last arrived'],
  messages: ['Pesan', 'Messages'], latest_messages: ['Pesan terbaru', 'Latest messages'], attempts: ['Percobaan', 'Attempts'], any: ['semua', 'any'],
  pending: ['menunggu', 'waiting'], all_delivered: ['semua terkirim', 'everything is delivered'], no_destinations: ['Belum ada tujuan: atur delivery.', 'There are no destinations: set delivery.'], channel: ['Saluran', 'Channel'], destination_col: ['Tujuan', 'Destination'], revived: ['dikirim ulang', 'queued again'],
  // wall
  oldest_critical: ['Kritis tertua tanpa tanggapan', 'Oldest unacknowledged critical'], no_critical: ['Tidak ada kritis yang menunggu', 'No critical is waiting'],
  coverage: ['Cakupan unggahan', 'Upload coverage'], services: ['Layanan', 'Services'], evidence_log: ['Buku besar', 'Ledger'],
  last_cosign: ['Tanda tangan bersama terakhir', 'Last co-signature'], phase: ['Tahap', 'Phase'], phase_none: ['di luar tahapan', 'outside the calendar'],
  last_hour: ['1 jam terakhir', 'last hour'], open_alerts: ['Peringatan terbuka', 'Open alerts'], sensors_alive: ['sensor hidup', 'sensors alive'],
  worst_first: ['terendah lebih dulu', 'lowest first'], requests: ['permintaan/dtk', 'requests/s'], errors5xx: ['5xx', '5xx'], p95: ['p95', 'p95'],
  events_per_second: ['kejadian/dtk', 'events/s'],
  // drill
  scenario: ['Skenario', 'Scenario'], latency: ['Selang deteksi', 'Detected after'], begins: ['Mulai (WIB)', 'Begins (WIB)'], kind: ['Jenis', 'Kind'],
  no_drill: ['Tidak ada latihan yang berjalan. Mulai dengan: kentongan drill', 'No drill is running. Start one with: kentongan drill'],
  false_alarms: ['alarm palsu', 'false alarms'], missed: ['terlewat', 'missed'], attacks_detected: ['serangan terdeteksi', 'attacks detected'],
  harmless_quiet: ['yang wajar dibiarkan tenang', 'harmless ones left in peace'], alerts_so_far: ['peringatan', 'alerts'], upcoming: ['akan datang', 'to come'],
  drill_running: ['sedang berjalan', 'under way'], drill_over: ['selesai', 'over'], kind_attack: ['serangan', 'attack'], kind_benign: ['wajar', 'harmless'],
  drill_upcoming: ['akan datang', 'to come'], drill_detected: ['terdeteksi', 'detected'], drill_missed: ['terlewat', 'missed'],
  drill_quiet: ['tenang', 'quiet'], drill_alarm: ['disangka serangan', 'taken for an attack'],
  // help
  key_move: ['pindah', 'move'], key_open: ['buka', 'open'], key_select: ['pilih', 'select'], key_ack: ['terima', 'acknowledge'],
  key_assign: ['tugaskan ke saya', 'assign to me'], key_close: ['selesaikan', 'close'], key_comment: ['komentar', 'comment'],
  key_escalate: ['eskalasi', 'escalate'], key_escalate_close: ['eskalasi dan selesaikan', 'escalate and close'], key_pcap: ['paket', 'packets'],
  key_proof: ['bukti', 'proof'], key_undo: ['urungkan (30 dtk)', 'undo (30 s)'], key_menu: ['menu tindakan', 'actions menu'],
  key_search: ['cari', 'search'], key_all: ['pilih semua / tidak ada / aturan sama', 'select all / none / same rule'], key_snooze: ['redam', 'suppress'],
  key_ends: ['pertama / terakhir', 'first / last'], key_help: ['bantuan ini', 'this help'], key_clear: ['bersihkan', 'clear'],
  key_go: ['ke kotak masuk / dieskalasi / wilayah', 'go to inbox / escalated / areas'],
} as const;

export type TextKey = keyof typeof TEXTS;
export const say = (key: TextKey): string => TEXTS[key][language.value === 'id' ? 0 : 1];
/** A text whose key comes from data; the data itself when there is none. */
export function sayOr(key: string, otherwise: string): string {
  return key in TEXTS ? say(key as TextKey) : otherwise;
}
