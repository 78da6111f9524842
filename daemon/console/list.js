// The list of alerts: its state, its rows, and how a new page is taken in without moving them.
// Alerts hold bytes an attacker chose: every value becomes text, never markup.
'use strict';

const MOST = 2000;  // alerts kept

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
