// The operators' page: asks the API every two seconds and shows what it says. Alerts hold bytes an
// attacker chose: every value reaches the page as textContent, never as markup.
'use strict';

const PERIOD = 2000, STALE = 15000, TIMEOUT = 10000, PAGE = 200, MOST = 2000;
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
const TEXTS = {
  id: {
    skip: 'Langsung ke daftar', language: 'English', caption: 'Peringatan, terbaru di atas',
    entry_title: 'Masuk', entry_label: 'Token akses', entry_go: 'Masuk',
    entry_hint: 'Token ada di berkas api.token_file. Token disimpan hanya selama tab ini terbuka.',
    entry_wrong: 'Token ini tidak diterima.',
    filter_severity: 'Tingkat minimum', filter_text: 'Cari',
    at_info: 'semua', at_low: 'rendah ke atas', at_medium: 'sedang ke atas',
    at_high: 'tinggi ke atas', at_critical: 'hanya kritis',
    critical: 'Kritis', high: 'Tinggi', medium: 'Sedang', low: 'Rendah', info: 'Info',
    col_severity: 'Tingkat', col_time: 'Waktu (WIB)', col_rule: 'Aturan', col_message: 'Pesan',
    col_entity: 'Entitas', col_count: 'Jumlah', col_told: 'Diberitahukan',
    nobody: 'tidak ada', drill: 'LATIHAN', older: 'Muat yang lebih lama',
    key_move: 'pindah', key_open: 'rincian', key_search: 'cari', key_clear: 'batal',
    none: 'Belum ada peringatan pada tingkat ini.', no_match: 'Tidak ada yang cocok dengan pencarian.',
    shown: n => `${n} ditampilkan`, fresh: n => `${n} peringatan baru ↑`,
    ready: 'Siap', not_ready: 'TIDAK SIAP', age: n => `Data ${n} dtk lalu`,
    stale: n => `USANG ${n} dtk`, raised: 'Peringatan sejak mulai, menurut tingkat',
    delivered: n => `${n} terkirim`, waiting: n => `${n} menunggu`, dead: n => `${n} gagal`,
    first: 'Pertama terlihat', last: 'Terakhir terlihat', id: 'Nomor', rule: 'Aturan',
    authors: 'Penulis aturan', technique: 'Teknik ATT&CK', tlp: 'TLP', area: 'Wilayah / TPS',
    evidence: 'Bukti', source: 'Sumber', destination: 'Tujuan', message: 'Pesan', sensor: 'Sensor',
  },
  en: {
    skip: 'Skip to the list', language: 'Bahasa Indonesia', caption: 'Alerts, newest first',
    entry_title: 'Sign in', entry_label: 'Access token', entry_go: 'Sign in',
    entry_hint: 'Tokens are in the file api.token_file. Yours is kept only while this tab is open.',
    entry_wrong: 'This token is not accepted.',
    filter_severity: 'Minimum severity', filter_text: 'Search',
    at_info: 'all', at_low: 'low and up', at_medium: 'medium and up',
    at_high: 'high and up', at_critical: 'critical only',
    critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info',
    col_severity: 'Severity', col_time: 'Time (WIB)', col_rule: 'Rule', col_message: 'Message',
    col_entity: 'Entity', col_count: 'Count', col_told: 'Told',
    nobody: 'nobody', drill: 'EXERCISE', older: 'Load older ones',
    key_move: 'move', key_open: 'details', key_search: 'search', key_clear: 'clear',
    none: 'No alerts at this severity yet.', no_match: 'Nothing matches the search.',
    shown: n => `${n} shown`, fresh: n => `${n} new ↑`,
    ready: 'Ready', not_ready: 'NOT READY', age: n => `Data ${n} s old`,
    stale: n => `STALE ${n} s`, raised: 'Alerts since the start, by severity',
    delivered: n => `${n} delivered`, waiting: n => `${n} waiting`, dead: n => `${n} failed`,
    first: 'First seen', last: 'Last seen', id: 'Id', rule: 'Rule',
    authors: 'Rule authors', technique: 'ATT&CK technique', tlp: 'TLP', area: 'Area / TPS',
    evidence: 'Evidence', source: 'Source', destination: 'Destination', message: 'Message',
    sensor: 'Sensor',
  },
};

const state = {
  token: '', language: 'id', alerts: [], rows: new Map(), selected: null, opened: null,
  older: null, etag: '', generation: 0, unseen: 0, lastGood: 0, heartbeatAge: 0, status: null,
  deliveries: [],
};
const $ = id => document.getElementById(id);
const say = key => TEXTS[state.language][key];

// --- building blocks

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null));  // strings become text, never markup
  return made;
}

function shape(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'shape ' + name);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', '#' + name);
  svg.append(use);
  return svg;
}

/** Control and direction-changing characters made visible, so that text cannot pose as other text. */
function visible(text) {
  return String(text ?? '').replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

const WIB = new Intl.DateTimeFormat('id-ID', {
  timeZone: 'Asia/Jakarta', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit',
  second: '2-digit', hourCycle: 'h23',
});
function time(text) {
  const at = new Date(text);
  if (isNaN(at)) return element('span', {}, visible(text));
  const parts = Object.fromEntries(WIB.formatToParts(at).map(part => [part.type, part.value]));
  return element('time', {datetime: at.toISOString(), title: at.toISOString() + ' (UTC)'},
    `${parts.day} ${parts.month} ${parts.hour}:${parts.minute}:${parts.second}`);
}

const number = n => Number(n || 0).toLocaleString(state.language === 'id' ? 'id-ID' : 'en-GB');
const severityOf = alert =>
  SEVERITIES.includes(alert.labels?.severity) ? alert.labels.severity : 'info';

// --- the list

function alertRow(alert) {
  const own = alert.kentongan || {};
  const severity = severityOf(alert);
  const told = (own.agencies || []).map(name => element('span', {class: 'agency'}, visible(name)));
  const drill = alert.labels?.exercise === 'true'
    ? element('span', {class: 'drill'}, say('drill')) : null;
  return element('tr', {class: 'alert', tabindex: '-1', 'data-id': alert.event.id},
    element('td', {class: 'severity'},
      element('span', {class: 'mark ' + severity}, shape(severity), say(severity))),
    element('td', {class: 'time'}, time(own.first_seen || alert['@timestamp'])),
    element('td', {}, element('bdi', {}, visible(alert.rule?.name)),
      element('small', {}, visible(alert.rule?.ruleset))),
    element('td', {}, element('div', {class: 'two'}, drill, element('bdi', {}, visible(alert.message)))),
    element('td', {}, element('div', {class: 'two'}, element('bdi', {}, visible(own.entity)))),
    element('td', {class: 'count'}, number(own.count)),
    element('td', {}, ...(told.length ? told : [element('span', {class: 'quiet'}, say('nobody'))])));
}

function detailRow(alert) {
  const own = alert.kentongan || {};
  const list = element('dl', {});
  const add = (key, ...values) => {
    if (values.some(value => value && value !== '')) {
      list.append(element('dt', {}, say(key)), element('dd', {}, ...values));
    }
  };
  const endpoint = one => one?.ip ? visible(one.ip) + (one.port ? ' : ' + one.port : '') : '';
  add('message', visible(alert.message));
  add('rule', visible(`${alert.rule?.id ?? ''} ${alert.rule?.version ?? ''}`));
  add('authors', visible((alert.rule?.author || []).join(', ')));
  add('technique', visible((alert.threat?.technique?.id || []).join(', ')));
  add('source', endpoint(alert.source));
  add('destination', endpoint(alert.destination));
  add('area', visible([own.sirekap?.area, own.sirekap?.tps].filter(Boolean).join(' / ')));
  add('first', time(own.first_seen));
  add('last', time(own.last_seen));
  add('tlp', visible(alert.labels?.tlp));
  add('sensor', visible(alert.observer?.hostname));
  add('id', visible(alert.event.id));
  add('evidence', ...(own.evidence || []).map(item => element('div', {},
    element('small', {}, visible(`${item.kind} ${item.source} @ ${item.offset}  sha256 ${item.sha256}`)),
    element('pre', {}, visible(item.excerpt)))));
  return element('tr', {class: 'detail'}, element('td', {colspan: '7'}, list));
}

function wanted(alert, words) {
  if (!words) return true;
  const own = alert.kentongan || {};
  return [alert.rule?.name, alert.rule?.id, alert.rule?.ruleset, alert.message, own.entity,
    (own.agencies || []).join(' '), alert.event.id].join(' ').toLowerCase().includes(words);
}

/** The row at the top of the window, to hold it still while rows come in above it. */
function anchor() {
  if (window.scrollY < 60) return null;
  const edge = document.querySelector('header').getBoundingClientRect().bottom;
  for (const row of $('rows').children) {
    const top = row.getBoundingClientRect().top;
    if (top >= edge) return {row, top};
  }
  return null;
}

function rowOf(alert) {
  const id = alert.event.id, key = state.language + JSON.stringify(alert);
  const kept = state.rows.get(id);
  if (kept && kept.key === key) return kept.row;
  const made = {key, row: alertRow(alert)};
  if (kept && document.activeElement === kept.row) setTimeout(() => made.row.focus(), 0);
  state.rows.set(id, made);
  return made.row;
}

function drawList() {
  const still = anchor(), body = $('rows'), words = $('search').value.trim().toLowerCase();
  const alerts = state.alerts.filter(alert => wanted(alert, words));
  const rows = [];
  for (const alert of alerts) {
    const row = rowOf(alert), id = alert.event.id;
    row.setAttribute('aria-selected', String(id === state.selected));
    row.setAttribute('tabindex', id === state.selected ? '0' : '-1');
    row.setAttribute('aria-expanded', String(id === state.opened));
    rows.push(row);
    if (id === state.opened) rows.push(openDetail(alert));
  }
  rows.forEach((row, i) => {
    if (body.children[i] !== row) body.insertBefore(row, body.children[i] || null);
  });
  while (body.children.length > rows.length) body.lastChild.remove();
  $('shown').textContent = say('shown')(number(alerts.length));
  $('empty').hidden = alerts.length > 0;
  $('empty').textContent = say(words && state.alerts.length ? 'no_match' : 'none');
  $('older').hidden = !state.older || state.alerts.length >= MOST;
  if (still && still.row.isConnected) {
    window.scrollBy(0, still.row.getBoundingClientRect().top - still.top);
  }
  drawUnseen();
}

function openDetail(alert) {
  const key = state.language + JSON.stringify(alert);
  if (state.detail?.key !== key) state.detail = {key, row: detailRow(alert)};
  return state.detail.row;
}

function drawUnseen() {
  if (window.scrollY < 60) state.unseen = 0;
  $('top').hidden = state.unseen === 0;
  $('top').textContent = say('fresh')(number(state.unseen));
}

function forgetOldRows() {
  const known = new Set(state.alerts.map(alert => alert.event.id));
  for (const id of state.rows.keys()) if (!known.has(id)) state.rows.delete(id);
}

/** The newest page over what is known. Without overlap there may be a gap, so the rest is dropped. */
function takePage(page) {
  const before = new Set(state.alerts.map(alert => alert.event.id));
  const fresh = page.alerts.filter(alert => !before.has(alert.event.id));
  const now = new Set(page.alerts.map(alert => alert.event.id));
  const overlap = page.alerts.length > fresh.length;
  if (!overlap) state.older = page.next_cursor;
  const rest = overlap ? state.alerts.filter(alert => !now.has(alert.event.id)) : [];
  state.alerts = [...page.alerts, ...rest].slice(0, MOST);
  forgetOldRows();
  if (before.size > 0) announce(fresh);
  drawList();
}

function announce(fresh) {
  if (fresh.length === 0) return;
  state.unseen += fresh.length;
  for (const alert of fresh) rowOf(alert).classList.add('fresh');
  const first = fresh.find(alert => severityOf(alert) === 'critical') || fresh[0];
  const box = severityOf(first) === 'critical' ? $('urgent') : $('polite');
  box.textContent = `${say('fresh')(fresh.length)} ${say(severityOf(first))}: ${visible(first.rule?.name)}`;
}

// --- the strip

function drawStrip() {
  const status = state.status;
  if (!status) return;
  $('sensor').textContent = visible(status.name);
  $('ready').className = 'state ' + (status.ready ? 'ok' : 'critical');
  $('ready').replaceChildren(shape(status.ready ? 'ok' : 'critical'),
    status.ready ? say('ready') : `${say('not_ready')}: ${visible((status.reasons || []).join('; '))}`);
  $('counts').setAttribute('aria-label', say('raised'));
  $('counts').title = say('raised');
  $('counts').replaceChildren(...SEVERITIES.map(severity => element('div', {class: severity},
    shape(severity), element('dt', {}, say(severity)),
    element('dd', {}, number(status.alerts?.raised?.[severity])))));
  $('deliveries').replaceChildren(...state.deliveries.map(delivery));
  drawAge();
}

function delivery(one) {
  const item = element('li', {}, element('b', {}, visible(one.destination)),
    element('span', {class: 'quiet'}, say('delivered')(number(one.delivered))));
  if (one.pending) item.append(element('span', {class: 'high'}, say('waiting')(number(one.pending))));
  if (one.dead) item.append(element('span', {class: 'critical'}, say('dead')(number(one.dead))));
  if (one.last_error) {
    const text = visible(one.last_error);
    item.append(shape('high'), element('span', {class: 'high fault', title: text}, text));
  }
  return item;
}

function drawAge() {
  if (!state.lastGood) return;
  const age = Date.now() - state.lastGood + state.heartbeatAge;
  const seconds = number(Math.max(0, Math.round(age / 1000)));
  const stale = age > STALE;
  const text = say(stale ? 'stale' : 'age')(seconds);
  if ($('age').lastChild?.textContent === text) return;
  $('age').className = 'state ' + (stale ? 'critical' : 'quiet');
  $('age').replaceChildren(...(stale ? [shape('critical')] : []), element('strong', {}, text));
}

// --- asking

class Refused extends Error {}

async function ask(path, etag) {
  const headers = {Authorization: 'Bearer ' + state.token};
  if (etag) headers['If-None-Match'] = etag;
  const stop = AbortSignal.timeout(TIMEOUT);
  const reply = await fetch(path, {headers, cache: 'no-store', signal: stop, redirect: 'error'});
  if (reply.status === 401) throw new Refused((await reply.json()).detail);
  if (reply.status === 304) return null;
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return {body: await reply.json(), etag: reply.headers.get('ETag') || ''};
}

const listPath = cursor => `api/v1/alerts?limit=${PAGE}&severity=${$('severity').value}` +
  (cursor ? '&cursor=' + encodeURIComponent(cursor) : '');

async function refresh() {
  const generation = state.generation;
  const [page, status, deliveries] = await Promise.all(
    [ask(listPath(), state.etag), ask('api/v1/status'), ask('api/v1/deliveries')]);
  if (generation !== state.generation) return;  // the filter or the token changed meanwhile
  state.lastGood = Date.now();
  state.status = status.body;
  state.deliveries = deliveries.body.deliveries;
  const beat = Date.parse(status.body.heartbeat || '');
  state.heartbeatAge = isNaN(beat) ? 0 : Math.max(0, Date.parse(status.body.now) - beat);
  showMain();
  drawStrip();
  if (page) {
    state.etag = page.etag;
    takePage(page.body);
  }
}

let timer = 0;
async function poll() {
  clearTimeout(timer);
  try {
    if (state.token) await refresh();
  } catch (error) {
    if (error instanceof Refused) return showEntry(error.message);
    console.warn(error.message);  // the age in the strip tells
  }
  drawAge();
  clearTimeout(timer);
  timer = setTimeout(poll, PERIOD);
}

async function loadOlder() {
  const generation = state.generation;
  $('older').disabled = true;
  try {
    const page = await ask(listPath(state.older));
    if (generation !== state.generation) return;
    const known = new Set(state.alerts.map(alert => alert.event.id));
    state.alerts.push(...page.body.alerts.filter(alert => !known.has(alert.event.id)));
    state.older = page.body.next_cursor;
    drawList();
  } catch (error) {
    console.warn(error.message);
  } finally {
    $('older').disabled = false;
  }
}

// --- entry, language, keys

function startOver() {
  Object.assign(state, {alerts: [], etag: '', older: null, unseen: 0, opened: null});
  state.rows.clear();
  ++state.generation;
}

function showMain() {
  $('entry').hidden = true;
  $('main').hidden = false;
}

function showEntry(why) {
  clearTimeout(timer);
  $('main').hidden = true;
  $('entry').hidden = false;
  $('entry_why').textContent = state.token ? `${say('entry_wrong')} (${visible(why)})` : '';
  state.token = '';
  sessionStorage.removeItem('token');
  $('token').focus();
}

function enter(token) {
  state.token = token.replace(/[^\x21-\x7e]/g, '');
  sessionStorage.setItem('token', state.token);
  $('token').value = '';
  startOver();
  poll();
}

function speak(language) {
  state.language = language;
  localStorage.setItem('language', language);
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-text]')) {
    node.textContent = say(node.dataset.text);
  }
  $('language').textContent = say('language');
  $('language').lang = language === 'id' ? 'en' : 'id';
  drawList();
  drawStrip();
}

function select(id, focus) {
  state.selected = id;
  drawList();
  const row = state.rows.get(id)?.row;
  if (!row || !focus) return;
  row.focus({preventScroll: true});
  row.scrollIntoView({block: 'nearest'});
}

function move(step) {
  const rows = [...$('rows').querySelectorAll('tr.alert')];
  if (rows.length === 0) return;
  const at = rows.findIndex(row => row.dataset.id === state.selected);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
  select(rows[next].dataset.id, true);
}

function toggle(id) {
  state.opened = state.opened === id ? null : id;
  select(id, true);
}

function onKey(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey || $('main').hidden) return;
  if (event.key === 'Escape') {
    if (typing) $('search').value = '';
    event.target.blur?.();
    state.opened = null;
    drawList();
  } else if (typing) {
    return;
  } else if (event.key === '/') {
    event.preventDefault();
    $('search').focus();
  } else if (event.key === 'j' || event.key === 'k') {
    move(event.key === 'j' ? 1 : -1);
  } else if (event.key === 'Enter' && event.target.matches?.('tr.alert')) {
    toggle(state.selected);
  }
}

function start() {
  $('entry').addEventListener('submit', event => {
    event.preventDefault();
    enter($('token').value);
  });
  $('language').addEventListener('click', () => speak(state.language === 'id' ? 'en' : 'id'));
  $('severity').addEventListener('change', () => { startOver(); poll(); });
  $('search').addEventListener('input', drawList);
  $('older').addEventListener('click', loadOlder);
  $('top').addEventListener('click', () => window.scrollTo(0, 0));
  $('rows').addEventListener('click', event => {
    const row = event.target.closest('tr.alert');
    if (row && String(getSelection()) === '') toggle(row.dataset.id);
  });
  document.addEventListener('keydown', onKey);
  document.addEventListener('scroll', drawUnseen, {passive: true});
  setInterval(drawAge, 1000);
  speak(localStorage.getItem('language') === 'en' ? 'en' : 'id');
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (location.hash) history.replaceState(null, '', location.pathname);
  const token = given || sessionStorage.getItem('token');
  if (token) enter(token);
  else showEntry('');
}

start();
