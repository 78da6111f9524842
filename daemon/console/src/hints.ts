// What each kind of inconsistency in Sirekap's data asks of the one who looks into it.
import {language} from './state';

const HINTS: [string[], string, string][] = [
  [['arithmetic', 'upper-bound', 'failure-share'],
    'Bandingkan foto C.Hasil dengan angka di Sirekap; betulkan lewat PPK dengan berita acara.',
    'Compare the photograph of the form with the numbers; correct through the PPK, with minutes.'],
  [['image-address', 'image-uuid', 'image-changed'],
    'Minta KPPS mengunggah ulang foto C.Hasil dari aplikasi resmi; jangan ubah angka.',
    'Ask the poll workers to upload the photograph again with the official app; change no numbers.'],
  [['duplicate-image', 'similar-image'],
    'Buka kedua foto berdampingan, cari TPS yang salah gambar, lalu minta foto ulang dari TPS itu.',
    'Look at both photographs, find the TPS with the wrong one, and ask that TPS for a new one.'],
  [['unknown-tps', 'malformed-tps'],
    'Cek kode TPS pada daftar KPU kabupaten/kota; bila TPS itu memang ada, perbarui sirekap.register.',
    'Look the code up in the list of the KPU of the kabupaten/kota; if there is such a TPS, update sirekap.register.'],
  [['unassigned-uploader'],
    'Hubungi KPPS lewat nomor yang tercatat; bila bukan mereka, cabut sesi dan akun perangkat itu.',
    'Call the poll workers at the number on record; if it was not them, revoke that device\'s session and account.'],
  [['early-upload'],
    'Periksa jam ponsel petugas terhadap jam server; minta foto ulang setelah TPS tutup.',
    'Compare the phone\'s clock with the server\'s; ask for a new photograph after the polls close.'],
  [['change-after-verification', 'edit-outside-workflow', 'step-skipped', 'bulk-edit', 'database-write', 'verification-pace', 'four-eyes'],
    'Bekukan akun itu, tanyakan kepada operator dan PPK siapa mengubah dan mengapa, simpan log audit, lalu cocokkan dengan C.Hasil.',
    'Freeze the account, ask the operator and the PPK who changed it and why, keep the audit log, then compare with the form.'],
  [['ordered-change'],
    'Cocokkan dengan perintah tertulis dan dua orang yang menyetujuinya.',
    'Compare with the written order and the two people who approved it.'],
  [['aggregate-mismatch', 'progress-fell', 'votes-fell', 'result-vanished', 'silent-edit', 'schema-drift', 'tabulation-withdrawn'],
    'Simpan salinan yang terbit, jumlahkan ulang dari bawah, minta penjelasan tertulis dari pengelola situs hasil.',
    'Keep the copy that was published, add up again from below, and ask those who run the results site to explain in writing.'],
  [['upload-stall', 'coverage-at-risk', 'rate-shift', 'upload-surge'],
    'Hubungi PPK: periksa sinyal, listrik, dan akun KPPS; sebabnya disebut dalam pesan.',
    'Call the PPK about signal, power and accounts; the message names the probable cause.'],
  [['outlier', 'last-digits', 'identical-vectors', 'correction-bias'],
    'Petunjuk statistik, bukan tuduhan: periksa beberapa foto C.Hasil sebagai contoh.',
    'A statistical hint, no accusation: look at some of the photographs.'],
];

export function hintFor(rule: string): string {
  const name = rule.replace(/^sirekap:/, '');
  const [, indonesian, english] = HINTS.find(([rules]) => rules.includes(name)) ??
    [[], 'Periksa bukti, lalu catat hasilnya.', 'Look at the evidence, then note the outcome.'];
  return language.value === 'id' ? indonesian : english;
}
