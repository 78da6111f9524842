// What an operator does on election night, done by a browser: node console.test.mjs BIN SOURCE SHOTS [STEP]…
// All steps, or those named, in their order. Exit status 77 where there is no Chromium.
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import assert from 'node:assert/strict';
import {chromium} from 'playwright-core';
import {Stage, eventually, pause, totp} from './stage.mjs';

const [bin, source, shots, ...chosen] = process.argv.slice(2);
const browserFile = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!browserFile) {
  console.log('SKIPPED: Chromium is not installed');
  process.exit(77);
}
mkdirSync(shots, {recursive: true});
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const stage = new Stage(bin, source);
const problems = [];
let browser;

// From 14:05 of the night on, with something every few minutes; the stop of uploads lasts it out: thirteen
// minutes in all, of which a machine with little else to do needs seven.
const SCENARIOS = ['credential-stuffing', 'ssh-guessed', 'sql-injection', 'unknown-tps', 'account-takeover', 'one-picture-twice', 'one-device',
  'tps-enumeration', 'code-flood', 'web-shell', 'server-shell', 'database-edit', 'log-wiped', 'audit-stopped', 'defacement', 'polyglot-upload',
  'voters-taken', 'mass-reset', 'stolen-session', 'mass-edit', 'tampered-sum', 'campaign', 'flash-crowd', 'flood', 'outage'];
const EVIL = {
  uri: '<script>window.planted=1</script>',
  agent: '<img/src=x/onerror=window.planted=2>',
  user: '<svg/onload=window.planted=3>',
  file: '<img src=x onerror=window.planted=4>.php',
  report: '</bdi><iframe srcdoc="<script>parent.planted=5</script>"></iframe> =HYPERLINK(1) \u202e\u0007 uang dibagikan',
};

const PATIENCE = 600_000;

/** A page of somebody: by token unless it is empty; what goes wrong in it fails the test at its end. */
async function open(path, {width = 1280, height = 800, token = stage.token, trace} = {}) {
  const context = await browser.newContext({viewport: {width, height}, locale: 'id-ID', timezoneId: 'Asia/Jakarta'});
  // A slow machine is no fault: what never comes ends with the test runner's patience.
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('pageerror', problem => problems.push(`${path}: ${problem.message}`));
  page.on('console', line => {
    if (/Content Security Policy|Refused to/.test(line.text())) problems.push(`${path}: ${line.text()}`);
  });
  page.on('dialog', dialog => {
    problems.push(`${path}: a dialog says ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('response', reply => {
    if (reply.status() === 400 && !path.includes('wrong=')) problems.push(`${path}: ${reply.status()} ${reply.url()}`);
  });
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(stage.address) && !url.startsWith('blob:') && !url.startsWith('data:')) problems.push(`${path}: asks ${url}`);
  });
  if (trace) await browser.startTracing(page, {path: trace});
  await page.goto(token ? `${stage.address}/#token=${token}&${path}` : `${stage.address}/#${path}`);
  await page.waitForSelector('#main');
  return page;
}

async function step(name, work) {
  const began = Date.now();
  await work();
  console.log(`ok  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/** Serious and critical findings of axe; its rules run in a world of their own, past the page's policy. */
async function accessible(page, where, within = 'html') {
  const session = await page.context().newCDPSession(page);
  const {frameTree} = await session.send('Page.getFrameTree');
  const {executionContextId} = await session.send('Page.createIsolatedWorld', {frameId: frameTree.frame.id});
  await session.send('Runtime.evaluate', {expression: axe, contextId: executionContextId});
  const {result} = await session.send('Runtime.evaluate', {
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
    expression: `axe.run(${JSON.stringify(within)}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then(r => r.violations
      .filter(v => v.impact === 'serious' || v.impact === 'critical')
      .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))`,
  });
  await session.detach();
  assert.ok(Array.isArray(result.value), `axe did not run on ${where}`);
  assert.deepEqual(result.value, [], `axe on ${where}`);
}

const idsOf = page => page.evaluate(() => [...document.querySelectorAll('.row[data-id]')].map(row => row.dataset.id));
const stateOf = async id => (await stage.ask('alerts/' + id)).kentongan.state;
const current = page => eventually('a row is current', () => page.evaluate(() => document.querySelector('.row[aria-current="true"]')?.dataset.id));

/** First paint after the navigation's start, ms, as the browser's own trace has it. */
function firstPaint(trace) {
  const {traceEvents} = JSON.parse(readFileSync(trace, 'utf8'));
  const paint = traceEvents.find(one => one.name === 'firstContentfulPaint' && one.args.data?.navigationId);
  const begun = traceEvents.find(one => one.name === 'navigationStart' && one.args.data?.navigationId === paint?.args.data.navigationId);
  assert.ok(paint && begun, 'the trace has a first paint');
  return (paint.ts - begun.ts) / 1000;
}

async function wallMoves() {
  const trace = join(shots, 'first-paint.trace.json');
  const page = await open('/wall', {width: 1920, height: 1080, trace});
  const received = () => page.locator('#coverage-percent').getAttribute('data-received', {timeout: 1000}).then(Number);
  const before = await eventually('uploads are shown', async () => (await page.locator('#coverage-percent').count()) > 0 && (await received()));
  await eventually('coverage moves', async () => (await received()) > before);
  assert.ok((await page.locator('.tile').count()) >= 12, 'areas have tiles');
  assert.ok(await page.locator('.banner.exercise').isVisible(), 'an exercise says so');
  assert.equal(await page.locator('.wall.is-stale').count(), 0, 'fresh data is not called stale');
  const text = await page.locator('.wall').textContent();
  for (const zone of ['WIB', 'WITA', 'WIT']) assert.ok(text.includes(zone), `there is a clock of ${zone}`);
  assert.ok((await page.locator('.blind li, .side .quiet').count()) > 0, 'blind spots are listed, or that there are none');
  const destinations = (await stage.ask('deliveries')).deliveries.map(one => one.destination);
  for (const name of destinations) assert.ok(text.includes(name), `the wall shows deliveries to ${name}`);
  const service = (await stage.ask('services')).services[0].service.replace(/^log:/, '');
  await eventually('the wall tells how the services do', async () => (await page.locator('.servicelist').textContent({timeout: 1000})).includes(service));
  await eventually('the change that let people in is there', async () => /orang dan token/.test(await page.locator('.wall').textContent()));
  assert.match(text, /Tanpa TLS: atur api.certificate_file/, 'a daemon without a certificate says so');
  const once = await page.locator('.strip [role=status]').textContent();
  await pause(2000);
  assert.equal(await page.locator('.strip [role=status]').textContent(), once, 'a clock is not read out each second');
  await browser.stopTracing();
  console.log(`    first contentful paint after ${Math.round(firstPaint(trace))} ms (${trace})`);
  console.log(`    ${await pageTurns(page)}`);
  await page.context().close();
}

/** More areas than there is room for: every one has its turn. */
async function pageTurns(page) {
  await page.setViewportSize({width: 1280, height: 640});
  const turn = page.locator('.turn');
  await turn.waitFor();
  const pages = Number(/\/(\d+)$/.exec(await turn.textContent())[1]);
  const seen = new Set();
  const first = await turn.getAttribute('data-page');
  await eventually('it turns by itself', async () => (await turn.getAttribute('data-page')) !== first);
  for (let i = 0; i < pages; ++i) {
    for (const area of await page.locator('.tile').evaluateAll(list => list.map(one => one.dataset.area))) seen.add(area);
    await turn.click();
  }
  const {areas} = await stage.ask('coverage');
  assert.ok(pages > 1 && areas.length > 0);
  const room = await page.locator('.tile').count();
  assert.ok(seen.size > room, `${seen.size} areas have been shown, ${room} at a time`);
  const still = await browser.newContext({reducedMotion: 'reduce', viewport: {width: 1280, height: 640}});
  const quiet = await still.newPage();
  await quiet.goto(`${stage.address}/#token=${stage.token}&/wall`);
  await quiet.locator('.turn').waitFor();
  await pause(15_000);
  assert.equal(await quiet.locator('.turn').getAttribute('data-page'), '0', 'nothing moves for those who want no movement');
  await quiet.locator('.turn').click();
  assert.equal(await quiet.locator('.turn').getAttribute('data-page'), '1', 'and yet they can turn it');
  await still.close();
  return `${seen.size} areas on ${pages} pages`;
}

/** What a dead daemon leaves on the wall is grey and says how old it is. */
async function growsStale() {
  const page = await open('/wall', {width: 1920, height: 1080});
  await page.locator('.tile').first().waitFor();
  stage.cable.pull();
  await page.locator('.wall.is-stale').waitFor();
  assert.match(await page.locator('.strip .age').textContent(), /USANG \d+/);
  stage.cable.mend();
  await page.locator('.wall:not(.is-stale)').waitFor();
  await page.context().close();
}

/** From all of the register down to a kelurahan's polling stations, a link at a time. */
async function drillsDown() {
  const page = await open('/areas');
  for (const length of [2, 4, 6, 10]) {
    const link = page.locator('table.wide tbody th a').first();
    await link.waitFor();
    await link.click();
    await eventually(`a code of ${length} characters`, () => new RegExp(`#/areas/\\d{${length}}$`).test(page.url()));
    await page.locator('.path [aria-current]').waitFor();
  }
  const code = /\d+$/.exec(page.url())[0];
  await eventually('its polling stations are as the daemon counts them', async () => {
    const {tps, whole} = await stage.ask('coverage?area=' + code);
    const came = await page.locator('.stations li[data-came=true]').count();
    return tps.length === whole.expected && (await page.locator('.stations li').count()) === tps.length && came === tps.filter(one => one.first).length;
  });
  await page.evaluate(() => { location.hash = '#/areas/31'; });
  await page.locator('.chart .u-over').waitFor();
  const hints = page.locator('section[aria-label^="Ketidaksesuaian"] tbody tr');
  await hints.first().waitFor();
  for (const row of await hints.all())
    assert.match(await row.locator('td').nth(3).textContent(), /\S+ \S+/, 'each inconsistency comes with a step that mends it');
  assert.ok(!(await hints.allTextContents()).some(text => text.includes('Upload coverage of a kecamatan')), 'progress is no inconsistency');
  const {times, received, due, ahead} = await stage.ask('coverage/series?area=31');
  assert.ok(times.length > 1 && due.length === times.length && received.length === times.length);
  assert.ok(ahead.due.at(-1) > due[0], 'more is due later');
  assert.match(await page.locator('.u-legend').textContent(), /diterima.*seharusnya.*Sasaran/s);
  await page.context().close();
}

async function logsIn({password, secret}) {
  const page = await open('/inbox', {token: ''});
  // Time in the drill runs fast: the code is made last, by a telephone whose clock is 30 s ahead.
  const enter = async text => {
    await page.fill('#name', 'siti');
    await page.fill('#password', text);
    await page.fill('#code', totp(secret, (await stage.now()).getTime() + 30_000));
    await page.click('button.main');
  };
  await page.waitForSelector('#name');
  await accessible(page, 'the entry');
  await enter('kata sandi yang salah');
  await eventually('a wrong password is refused', () => page.locator('[role=alert]').textContent());
  await eventually('the right one is taken', async () => {
    if ((await page.locator('#name').count()) > 0) await enter(password);
    await pause(500);
    return (await page.locator('.who').count()) > 0;
  });
  assert.match(await page.locator('.who').textContent(), /siti\s*analyst/);
  await page.reload();
  await page.waitForSelector('.who');
  const id = await current(page);
  await page.keyboard.press('c');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.type('dilihat oleh siti');
  await page.keyboard.press('Control+Enter');
  await eventually('a change of a session is taken', async () => (await stage.ask(`alerts/${id}/actions`)).actions.some(one => one.who === 'siti' && one.comment === 'dilihat oleh siti'));
  await page.click('header.frame button:last-child');
  await page.waitForSelector('#name');
  await page.reload();
  await page.waitForSelector('#name');
  await page.context().close();
}

async function isRefused() {
  const page = await open('/inbox?view=all', {token: stage.tokens.tamu});
  const id = await current(page);
  assert.equal(await page.locator('.acts').count(), 0, 'a viewer is offered no acts');
  const before = await stateOf(id);
  await page.keyboard.press('a');
  const status = await page.evaluate(async ([path, token]) =>
    (await fetch(path, {method: 'POST', headers: {Authorization: 'Bearer ' + token, 'Content-Type': 'application/json'}, body: '{}'})).status,
  [`api/v1/alerts/${id}:ack`, stage.tokens.tamu]);
  assert.equal(status, 403);
  assert.equal(await stateOf(id), before);
  await page.context().close();
  const wall = await open('/rules', {token: stage.tokens.dinding});
  await eventually('the page says why it is refused', async () => /viewer/.test(await wall.locator('.trouble').first().textContent({timeout: 1000})));
  await wall.evaluate(() => (location.hash = '#/wall'));
  await wall.waitForSelector('.stream li');
  const shown = await wall.locator('.wall').textContent();
  assert.doesNotMatch(shown, /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/, 'the wall shows no address');
  await wall.screenshot({path: join(shots, 'wall-role-1280.png')});
  await wall.context().close();
}

async function triagesTen() {
  await eventually('there are ten open alerts', async () => (await stage.allAlerts('not state : closed')).length >= 12);
  const page = await open('/inbox');
  await eventually('the inbox lists them', async () => (await idsOf(page)).length >= 11);
  const triaged = new Set();
  for (let i = 0; i < 10; ++i) {
    const id = await current(page);
    triaged.add(id);
    if (i < 4) {
      await page.keyboard.press('a');
      await eventually('it is acknowledged', async () => (await stateOf(id)) === 'acknowledged');
      await eventually('its row says so', async () => (await page.locator(`.row[data-id="${id}"] .state`).textContent({timeout: 1000})).includes('diterima'));
      await page.keyboard.press('j');
      await eventually('the next one is current', async () => (await current(page)) !== id);
    } else if (i < 7) {
      await page.keyboard.press('t');
      await eventually('it is assigned', async () => (await stateOf(id)) === 'assigned');
      await page.keyboard.press('j');
      await eventually('the next one is current', async () => (await current(page)) !== id);
    } else {
      await page.keyboard.press('e');
      await page.waitForSelector('dialog[open]');
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.type('diperiksa');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await eventually('it is closed', async () => (await stateOf(id)) === 'closed');
      await eventually('it leaves the list', async () => (await current(page)) !== id);
      if (i === 9) {
        await page.keyboard.press('z');
        await eventually('closing is undone', async () => (await stateOf(id)) !== 'closed');
        await eventually('it is back in the list', async () => (await idsOf(page)).includes(id));
      }
    }
  }
  assert.equal(triaged.size, 10, 'ten different alerts');
  await page.context().close();
}

/** What somebody else does is seen without a reload, and nobody undoes it by accident. */
async function seesColleagues() {
  const page = await open('/inbox');
  let id = await current(page);
  while ((await stateOf(id)) !== 'new') {
    const before = id;
    await page.keyboard.press('j');
    id = await eventually('the next one is current', async () => (await current(page)) !== before && current(page));
  }
  await page.keyboard.press('a');
  await page.locator('.toasts button kbd').waitFor();
  const act = (what, body) => stage.ask(`alerts/${id}:${what}`, {method: 'POST', body: JSON.stringify(body)});
  await act('close', {reason: 'benign', why: 'rekan'});
  await page.keyboard.press('z');
  await eventually('the undo is refused', async () => /lebih dulu/.test(await page.locator('.toasts').textContent({timeout: 1000})));
  assert.equal(await stateOf(id), 'closed', 'what the colleague did stays');
  await eventually('what a colleague has closed leaves the list', async () => !(await idsOf(page)).includes(id));
  await act('reopen', {why: 'rekan'});
  await eventually('what is opened again comes back', async () => (await idsOf(page)).includes(id));
  await page.context().close();
}

async function showsEvidence() {
  const one = await eventually('there is a high alert with evidence', async () =>
    (await stage.allAlerts('severity >= high and ruleset : sigma')).filter(alert => alert.kentongan.evidence?.[0]?.excerpt).at(-1));
  const page = await open('/alert/' + one.event.id);
  await page.waitForSelector('.evidence pre');
  const first = one.kentongan.evidence[0].excerpt.split('\n')[0].slice(0, 40);
  assert.ok((await page.locator('.evidence pre').first().textContent()).includes(first), 'the excerpt is there');
  await eventually('the rule is shown', async () => (await page.locator('pre.rule').count()) > 0);
  await eventually('an agency has a receipt', async () => /HTTP 200/.test(await page.locator('.told').textContent({timeout: 1000})));
  await eventually('the browser has checked the proof', async () => (await page.locator('#proof [data-verdict="verified"]').count()) > 0);
  await page.context().close();
  const logged = (await stage.allAlerts()).find(alert => alert.kentongan.evidence?.[0]?.source.endsWith('/logs/auth.log'));
  assert.ok(logged, 'there is an alert about a log that is still there');
  const within = await open('/alert/' + logged.event.id);
  await within.waitForSelector('.lines .here');
  const shown = await within.locator('.lines .here').first().textContent();
  assert.ok(shown.includes(logged.kentongan.evidence[0].excerpt.slice(0, 40)), 'the line is marked in its log');
  assert.ok(await within.locator('.lines .around > span').count() > 0, 'among others');
  const {box, line, page: scrolled} = await within.evaluate(() => {
    const part = name => (({top, bottom}) => ({top, bottom}))(document.querySelector(name).getBoundingClientRect());
    return {box: part('.lines'), line: part('.lines .here'), page: document.scrollingElement.scrollTop + document.querySelector('#main').scrollTop};
  });
  assert.ok(line.top >= box.top - 1 && line.top < box.bottom, `the line (${JSON.stringify(line)}) is inside its box (${JSON.stringify(box)})`);
  assert.equal(scrolled, 0, 'and the page has not moved');
  await within.context().close();
}

async function brushes() {
  const page = await open('/inbox?view=all');
  const over = page.locator('.chart .u-over');
  await over.waitFor();
  const box = await over.boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, {steps: 5});
  await page.mouse.up();
  await eventually('the query names the range', async () => decodeURIComponent(page.url()).includes('@timestamp'));
  const [, from, until] = await eventually('and so does the box', async () =>
    /@timestamp >= "([^"]+)" and @timestamp < "([^"]+)"/.exec(await page.inputValue('.query input')));
  const wanted = (await stage.allAlerts()).filter(one => one['@timestamp'] >= from && one['@timestamp'] < until).length;
  await eventually('those of the range are listed', async () => Number(await page.locator('[data-shown]').getAttribute('data-shown')) === Math.min(wanted, 200));
  await page.context().close();
}

async function asks() {
  const page = await open('/inbox?view=all&wrong=');
  await page.keyboard.press('/');
  await page.keyboard.type('severty >= high');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.fault');
  assert.match(await page.locator('.fault').textContent(), /severity/, 'it says what was meant');
  assert.equal(await page.locator('.fault mark').textContent(), 's', 'at its character');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('severity >= high');
  await page.keyboard.press('Enter');
  await eventually('only high ones are listed', async () => {
    const words = await page.locator('.row[data-id] .mark').allTextContents();
    return words.length > 0 && words.every(word => /Tinggi|Kritis/.test(word));
  });
  await page.context().close();
}

async function completes() {
  const page = await open('/inbox?view=all');
  const {groups} = await eventually('alerts are counted by rule', async () => {
    const answer = await stage.ask('alerts/count?by=rule.name');
    return answer.groups.length > 0 && answer;
  });
  const wanted = groups[0].value;
  await page.keyboard.press('/');
  await page.keyboard.type(`rule.name : "${wanted.slice(2, -1)}`);
  const offered = page.locator('#choices li').filter({hasText: `"${wanted}"`});
  await offered.waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await eventually('the value is in the box', async () => (await page.inputValue('.query input')) === `rule.name : "${wanted}" `);
  await page.keyboard.press('Enter');
  const rules = page.locator('.row[data-id] span:nth-child(4)');
  await eventually('only alerts of that rule are listed', async () => {
    const names = await rules.locator('bdi').allTextContents();
    return names.length > 0 && names.every(name => name === wanted);
  });
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('rule.name : "tidak ada aturan begini');
  await page.locator('#choices').waitFor({state: 'hidden'});
  await page.context().close();
}

async function switchesLanguage() {
  const page = await open('/inbox');
  await page.click('#language');
  await eventually('English is spoken', async () => (await page.locator('nav').first().textContent()).includes('Deliveries'));
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.reload();
  await page.waitForSelector('nav');
  assert.ok((await page.locator('nav').first().textContent()).includes('Deliveries'), 'and remembered');
  await page.context().close();
}

async function losesNothing() {
  const page = await open('/inbox?view=all');
  await page.locator('.tail.open').waitFor();
  const before = new Set((await stage.allAlerts()).map(alert => alert.event.id));
  stage.cable.pull();
  await page.locator('.tail.broken, .tail.connecting').first().waitFor();
  await eventually('alerts come meanwhile', async () => (await stage.allAlerts()).filter(alert => !before.has(alert.event.id)).length >= 2);
  const missed = (await stage.allAlerts()).map(alert => alert.event.id).filter(id => !before.has(id));
  stage.cable.mend();
  await page.locator('.tail.open').waitFor();
  const listed = new Set();
  await eventually('those that came while it was gone are listed', async () => {
    await page.keyboard.press('Shift+H');
    for (let i = 0; i < 3; ++i) {
      await pause(60);
      for (const id of await idsOf(page)) listed.add(id);
      await page.keyboard.press('PageDown');
    }
    return missed.every(id => listed.has(id));
  });
  await page.context().close();
}

/** Whatever the attacker wrote is text: it is there, it did nothing, and it made no element. */
async function isOnlyText() {
  const found = {};
  await eventually('all of it has raised alerts', async () => {
    const all = await stage.allAlerts();
    for (const [name, text] of Object.entries(EVIL)) {
      const mark = name === 'report' ? 'iframe srcdoc' : text;
      found[name] ??= all.find(alert => JSON.stringify(alert).includes(JSON.stringify(mark).slice(1, -1)))?.event.id;
    }
    return Object.keys(EVIL).every(name => found[name]);
  }).catch(problem => {
    throw new Error(`${problem.message}: ${JSON.stringify(found)}`);
  });
  // A case of them all, named by the attacker too: what an operator pastes.
  const opened = await stage.ask('cases', {method: 'POST', body: JSON.stringify({title: EVIL.uri, severity: 'high', alerts: Object.values(found)})});
  const harmless = async (page, where) => {
    const made = await page.evaluate(() => document.querySelectorAll('img, iframe, [onerror], [onload], #main script').length);
    assert.equal(made, 0, `${where} makes no element`);
    assert.equal(await page.evaluate(() => window.planted), undefined, `${where} runs nothing`);
  };
  const seen = await open('/inbox?view=all');
  for (const [path, ready, shows] of [
    ['/wall', '.stream li'], ['/areas', '.chart canvas'], ['/areas/317104', '.panel'], ['/drill', 'tbody tr'], ['/deliveries', '.panel tbody tr'],
    ['/rules', '.rulerow[data-rule]'], ['/sensors', 'tbody tr'], ['/cases', 'tbody tr', EVIL.uri], ['/cases/' + opened.id, '.timeline li', EVIL.agent]]) {
    await seen.evaluate(to => { location.hash = '#' + to; }, path);
    await seen.locator(ready).first().waitFor();
    await eventually(`${path} has loaded`, async () => !/Memuat…/.test(await seen.locator('#main').textContent()));
    if (shows) await eventually(`${path} shows it as text`, async () => (await seen.locator('#main').textContent()).includes(shows));
    await harmless(seen, path);
  }
  await seen.context().close();
  for (const [name, id] of Object.entries(found)) {
    const page = await open('/alert/' + id);
    await page.waitForSelector('.evidence, .facts');
    const mark = name === 'report' ? '<iframe srcdoc=' : EVIL[name];
    await eventually(`${name} is shown as text`, async () => (await page.locator('#main').textContent()).includes(mark));
    await page.evaluate(() => { location.hash = '#/inbox?view=all'; });
    await page.waitForSelector('.row[data-id]');
    await harmless(page, name);
    await page.context().close();
  }
}

async function dress(page, theme) {
  await eventually(`the theme ${theme}`, async () => {
    if ((await page.getAttribute('html', 'data-theme')) === theme) return true;
    await page.locator('header.frame button').first().click();
    return false;
  });
}

async function draw(page, name) {
  for (const [width, height] of [[1280, 800], [3840, 2160]]) {
    await page.setViewportSize({width, height});
    for (const theme of ['light', 'dark']) {
      if (name !== 'login') await dress(page, theme);
      else await page.evaluate(to => (document.documentElement.dataset.theme = to), theme);
      await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.screenshot({path: join(shots, `${name}-${width}-${theme}.png`)});
      // The layout is another one on a big screen, the colours are not.
      if (width === 1280 || theme === 'dark') await accessible(page, `${name} at ${width}, ${theme}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} at ${width} scrolls sideways by ${wide}`);
  }
}

/** Every dialog, and the box of completions: axe finds nothing in them, and the focus is inside. */
async function opensEachDialog() {
  const some = await eventually('there is a high alert', async () => (await stage.allAlerts('severity >= high'))[0]);
  const opened = await stage.ask('cases', {method: 'POST', body: JSON.stringify({title: 'Kasus dengan dialog', severity: 'high', breach: true, alerts: [some.event.id]})});
  const page = await open('/inbox?view=all');
  const visit = async (path, ready) => {
    await page.evaluate(to => (location.hash = '#' + to), path);
    await page.locator(ready).first().waitFor();
  };
  const dialog = page.locator('dialog[open]');
  for (const theme of ['light', 'dark']) {
    await dress(page, theme);
    const look = async (name, ask, fill) => {
      await ask();
      await dialog.waitFor();
      await fill?.();
      await eventually(`${name} has loaded`, async () => !/Memuat…/.test(await dialog.textContent()));
      await accessible(page, `the dialog ${name}, ${theme}`, 'dialog[open]');
      assert.ok(await page.evaluate(() => document.querySelector('dialog[open]').contains(document.activeElement)), `the focus is in ${name}`);
      await page.screenshot({path: join(shots, `dialog-${name}-${theme}.png`)});
      await page.keyboard.press('Escape');
      await dialog.waitFor({state: 'detached'});
    };
    const key = name => () => page.keyboard.press(name);
    const button = text => () => page.locator('#main .buttons button').filter({hasText: text}).first().click();
    const idle = () => dialog.locator('[value=false]').check();
    await visit('/inbox?view=all', '.row[data-id]');
    await current(page);
    for (const [name, pressed] of [['comment', 'c'], ['escalate', 's'], ['escalate-close', 'Shift+S'], ['suppress', 'm'], ['menu', '.'], ['keys', '?']]) await look(name, key(pressed));
    await look('close', key('e'), idle);
    await look('to-case', button('Ke kasus'));
    await page.keyboard.press('*');
    await page.keyboard.press('a');
    await eventually('many are chosen', async () => (await page.locator('.row[data-chosen=true]').count()) > 1);
    for (const [name, pressed] of [['bulk-suppress', 'm'], ['bulk-menu', '.']]) await look(name, key(pressed));
    await look('bulk-close', key('e'), idle);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('rule');
    await page.locator('#choices:not([hidden]) li').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await accessible(page, `the completions, ${theme}`);
    await page.screenshot({path: join(shots, `completions-${theme}.png`)});
    await page.fill('.query input', '');
    await visit('/alert/' + some.event.id, '.acts');
    await look('of-one-alert', key('c'));
    await visit('/cases', '#main .buttons button');
    await look('new-case', button('Kasus baru'));
    await visit('/cases/' + opened.id, '.timeline li');
    for (const [name, text] of [['case', 'Ubah'], ['reported', 'Sudah dilaporkan'], ['notified', 'Pemberitahuan PDP'], ['close-case', 'Tutup kasus']]) await look(name, button(text));
    await visit('/rules/' + encodeURIComponent(some.rule.id), '.related li');
    await look('suppress-rule', button('Redam aturan'));
  }
  await page.context().close();
}

/** In the window where grave acts need two people, what one lead asks for waits for another one's yes. */
async function twoPeopleAgree() {
  await stage.openWindow();
  const why = 'pemindai kami sendiri';
  const some = await eventually('there is an alert about something', async () => (await stage.allAlerts('entity : * and not suppressed : *'))[0]);
  const asking = await open('/alert/' + some.event.id, {token: stage.tokens.ani});
  await asking.locator('.acts').waitFor();
  await asking.keyboard.press('m');
  await asking.locator('dialog[open]').waitFor();
  await asking.keyboard.type(why);
  await asking.locator('dialog[open] button.main').click();
  await eventually('it waits for a second person', async () => /menunggu persetujuan orang kedua/.test(await asking.locator('.toasts').textContent({timeout: 1000})));
  assert.ok(!(await stage.ask('suppressions')).suppressions.some(one => one.reason === why), 'nothing is suppressed yet');
  await asking.evaluate(() => (location.hash = '#/rules?show=silence'));
  const own = asking.locator('#approvals tbody tr').filter({hasText: why});
  await own.waitFor();
  assert.match(await own.textContent(), /Harus orang lain/, 'who asked is told that another person has to agree');
  assert.equal(await own.locator('button', {hasText: 'Setujui'}).count(), 0, 'and cannot');

  const other = await open('/inbox', {token: stage.tokens.budi});
  await other.locator('a.pending').click();
  const row = other.locator('#approvals tbody tr').filter({hasText: why});
  await row.waitFor();
  assert.match(await row.textContent(), /ani/);
  await row.locator('button', {hasText: 'Setujui'}).click();
  await other.locator('dialog[open]').waitFor();
  await accessible(other, 'the dialog of a confirmation', 'dialog[open]');
  await other.screenshot({path: join(shots, 'dialog-confirm.png')});
  await other.keyboard.type('saya periksa juga');
  await other.locator('dialog[open] button.main').click();
  await row.waitFor({state: 'detached'});
  await other.locator('#suppressions tbody tr').filter({hasText: why}).waitFor();
  const silenced = (await stage.ask('suppressions')).suppressions.find(one => one.reason === why);
  assert.equal(silenced?.owner, 'ani', 'what was asked for is in force');
  await asking.locator('#suppressions tbody tr').filter({hasText: why}).waitFor();
  await own.waitFor({state: 'detached'});
  for (const page of [asking, other]) await page.context().close();
}

async function drawsEachPage() {
  const some = await eventually('there is a high alert', async () => (await stage.allAlerts('severity >= high'))[0]);
  const opened = await stage.ask('cases', {method: 'POST', body: JSON.stringify({title: 'Situs hasil diserang', severity: 'high', alerts: [some.event.id]})});
  const kelurahan = (await stage.allAlerts()).map(alert => alert.kentongan.sirekap?.tps).find(Boolean)?.slice(0, 10) ?? '3171011001';
  // Where it is, and what has to be there before a picture is worth having.
  const pages = {
    wall: ['/wall', '.clock b'], inbox: ['/inbox?view=all', '.row[data-id]'], alert: ['/alert/' + some.event.id, '.evidence pre'],
    areas: ['/areas', '.chart canvas'], area: ['/areas/3171', '.chart canvas'], kelurahan: ['/areas/' + kelurahan, '.stations li'],
    cases: ['/cases', 'tbody tr'], case: ['/cases/' + opened.id, '.timeline li'], rules: ['/rules', '.rulerow[data-rule]'],
    sensors: ['/sensors', 'tbody tr'], deliveries: ['/deliveries', '.panel tbody tr'], drill: ['/drill', 'tbody tr'],
  };
  const page = await open('/inbox');
  for (const [name, [path, seen]] of Object.entries(pages)) {
    await page.evaluate(to => (location.hash = '#' + to), path);
    await page.locator(seen).first().waitFor();
    await eventually(`${name} has loaded`, async () => !/Memuat…/.test(await page.locator('#main').textContent()));
    assert.deepEqual(await page.locator('.trouble').allTextContents(), [], `${name} has no trouble`);
    await draw(page, name);
  }
  await page.context().close();
  const entry = await open('/inbox', {token: ''});
  await entry.waitForSelector('#name');
  await draw(entry, 'login');
  await entry.context().close();
}

async function scoresTheDrill() {
  const page = await open('/drill');
  await page.locator('table.drill tbody tr').first().waitFor();
  const begins = await page.locator('table.drill tbody time').evaluateAll(list => list.map(one => one.dateTime));
  assert.deepEqual(begins, [...begins].sort(), 'scenarios are in the order in which they begin');
  const english = new Set((await stage.ask('drill')).scenarios.map(one => one.title));
  const titles = await page.locator('table.drill tbody th bdi:first-child').allTextContents();
  assert.deepEqual(titles.filter(text => english.has(text)), [], 'each scenario has its sentence in Indonesian');
  await eventually('attacks are detected', async () => Number((await page.locator('#drill-detected').textContent({timeout: 1000})).split('/')[0]) > 0);
  await page.context().close();
}

const STEPS = {
  wall: ['the wall shows coverage that moves, without anything from elsewhere', wallMoves],
  triage: ['ten alerts are triaged by keyboard alone', triagesTen],
  colleagues: ['what colleagues do is seen, and stays', seesColleagues],
  login: ['somebody logs in with a one-time code, changes something, and logs out', people => logsIn(people.siti)],
  refused: ['what a role may not see or do is refused', isRefused],
  cable: ['no alert is lost when the connection is', losesNothing],
  brush: ['the histogram is brushed into a time range', brushes],
  query: ['a wrong query is answered at its character, a right one is run', asks],
  completion: ['the query box offers the values that there are', completes],
  language: ['the language is switched', switchesLanguage],
  evidence: ['an alert shows its evidence, receipts and proof', showsEvidence],
  text: ['what attackers write stays text', isOnlyText],
  drill: ['the drill shows its score', scoresTheDrill],
  areas: ['areas are opened from all of them down to polling stations', drillsDown],
  stale: ['the wall says when it is stale', growsStale],
  dialogs: ['each dialog is opened, and axe finds nothing serious in it', opensEachDialog],
  pages: ['each page is drawn at 1280 and 3840 pixels, and axe finds nothing serious', drawsEachPage],
  // The last one: the window stays open.
  approvals: ['what one lead asks for, another one confirms', twoPeopleAgree],
};

async function main() {
  const unknown = chosen.filter(name => !(name in STEPS));
  if (unknown.length) throw new Error(`no step ${unknown.join(', ')}; there are: ${Object.keys(STEPS).join(' ')}`);
  await stage.start(['--speed', '30', '--scale', '0.3', ...SCENARIOS]);
  const night = async () => {
    const people = await stage.letIn({siti: 'analyst'}, {tamu: 'viewer', dinding: 'wall', ani: 'lead', budi: 'lead'});
    browser = await chromium.launch({executablePath: browserFile, args: ['--no-sandbox', '--disable-gpu']});
    await stage.plant(EVIL);
    for (const [name, [what, work]] of Object.entries(STEPS))
      if (chosen.length === 0 || chosen.includes(name)) await step(what, () => work(people));
  };
  await Promise.race([night(), stage.over]);
  assert.deepEqual(problems, [], 'errors in the page');
}

main().then(async () => {
  await browser?.close();
  await stage.end();
  console.log('all steps passed');
}, async problem => {
  console.error(problem);
  console.error(stage.log.slice(-20).join(''));
  for (const one of problems) console.error(one);
  const left = browser?.contexts().flatMap(context => context.pages()) ?? [];
  for (const [i, page] of left.entries()) await page.screenshot({path: join(shots, `failed-${i}.png`)}).catch(() => undefined);
  await browser?.close();
  await stage.end();
  process.exit(1);
});
