// The operators' page: asks the API every two seconds and shows what it says.
'use strict';

const PERIOD = 2000, STALE = 15000, TIMEOUT = 10000, PAGE = 200;

// --- the strip

function drawStrip() {
  const status = state.status;
  if (!status) return;
  $('sensor').textContent = visible(status.name);
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

/** What an old answer said about readiness is not shown as if it still held. */
function drawReady(known) {
  const {ready, reasons} = state.status;
  $('ready').className = 'state ' + (!known ? 'quiet' : ready ? 'ok' : 'critical');
  if (!known) $('ready').replaceChildren(say('unknown'));
  else if (ready) $('ready').replaceChildren(shape('ok'), say('ready'));
  else $('ready').replaceChildren(shape('critical'),
    element('strong', {}, say('not_ready')), visible((reasons || []).join('; ')));
}

function drawAge() {
  if (!state.lastGood) return;
  drawReady(Date.now() - state.lastGood <= STALE);
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
  const unconfigured = why.startsWith('no token') ? ' ' + visible(why) : '';
  $('entry_why').textContent = state.token ? say('entry_wrong') + unconfigured : '';
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
  window.addEventListener('hashchange', () => {
    const token = tokenOfAddress();
    if (token) enter(token);
  });
  const token = tokenOfAddress() || sessionStorage.getItem('token');
  if (token) enter(token);
  else showEntry('');
}

/** The token of `#token=…`, which leaves the address bar; null when there is none. */
function tokenOfAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) history.replaceState(null, '', location.pathname);
  return token;
}

start();
