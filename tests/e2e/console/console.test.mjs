// What an operator does on election night, done by a browser: node console.test.mjs BIN SOURCE SHOTS.
// Exit status 77 where there is no Chromium.
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import assert from 'node:assert/strict';
import {chromium} from 'playwright-core';
import {Stage, eventually, pause} from './stage.mjs';

const [bin, source, shots] = process.argv.slice(2);
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

async function open(path, size = {width: 1280, height: 800}) {
  const context = await browser.newContext({viewport: size, locale: 'id-ID', timezoneId: 'Asia/Jakarta', bypassCSP: false});
  const page = await context.newPage();
  page.on('pageerror', problem => problems.push(`${path}: ${problem.message}`));
  page.on('console', line => {
    if (/Content Security Policy|Refused to/.test(line.text())) problems.push(`${path}: ${line.text()}`);
  });
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(stage.address) && !url.startsWith('blob:') && !url.startsWith('data:')) problems.push(`${path}: asks ${url}`);
  });
  await page.goto(`${stage.address}/#token=${stage.token}&${path}`);
  await page.waitForSelector('#main');
  return page;
}

async function step(name, work) {
  const began = Date.now();
  await work();
  console.log(`ok  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/** Serious and critical findings of axe; its rules run in a world of their own, past the page's policy. */
async function accessible(page, where) {
  const session = await page.context().newCDPSession(page);
  const {frameTree} = await session.send('Page.getFrameTree');
  const {executionContextId} = await session.send('Page.createIsolatedWorld', {frameId: frameTree.frame.id});
  await session.send('Runtime.evaluate', {expression: axe, contextId: executionContextId});
  const {result} = await session.send('Runtime.evaluate', {
    contextId: executionContextId, awaitPromise: true, returnByValue: true,
    expression: `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then(r => r.violations
      .filter(v => v.impact === 'serious' || v.impact === 'critical')
      .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | ')))`,
  });
  await session.detach();
  assert.ok(Array.isArray(result.value), `axe did not run on ${where}`);
  assert.deepEqual(result.value, [], `axe on ${where}`);
}

const idsOf = page => page.evaluate(() => [...document.querySelectorAll('.row[data-id]')].map(row => row.dataset.id));

async function main() {
  await stage.start([], ['--speed', '160', '--scale', '0.3']);
  browser = await chromium.launch({executablePath: browserFile, args: ['--no-sandbox', '--disable-gpu']});

  await step('the wall shows coverage that moves, without anything from elsewhere', async () => {
    const page = await open('/wall', {width: 1920, height: 1080});
    const received = () => page.locator('#coverage-percent').getAttribute('data-received').then(Number);
    const before = await eventually('uploads are shown', async () => (await page.locator('#coverage-percent').count()) && (await received()) > 0 && received());
    await eventually('coverage moves', async () => (await received()) > before);
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    console.log(`    first contentful paint after ${Math.round(paint)} ms`);
    assert.ok(await page.locator('.banner.exercise').isVisible(), 'an exercise says so');
    await page.context().close();
  });

  let triaged = [];
  await step('ten alerts are triaged by keyboard alone', async () => {
    await eventually('there are ten open alerts', async () => (await stage.allAlerts('not state : closed')).length >= 12);
    const page = await open('/inbox');
    await eventually('the inbox lists them', async () => (await idsOf(page)).length >= 12);
    const current = () => page.evaluate(() => document.querySelector('.row[aria-current="true"]')?.dataset.id);
    for (let i = 0; i < 10; ++i) {
      const id = await eventually('a row is current', current);
      triaged.push(id);
      if (i < 4) {
        await page.keyboard.press('a');
        await eventually('it is acknowledged', async () => (await stage.ask('alerts/' + id)).kentongan.state === 'acknowledged');
        await page.keyboard.press('j');
      } else if (i < 7) {
        await page.keyboard.press('t');
        await eventually('it is assigned', async () => (await stage.ask('alerts/' + id)).kentongan.state === 'assigned');
        await page.keyboard.press('j');
      } else {
        await page.keyboard.press('e');
        await page.waitForSelector('dialog[open]');
        await page.keyboard.press('Space');
        await page.keyboard.press('Tab');
        await page.keyboard.type('diperiksa');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await eventually('it is closed', async () => (await stage.ask('alerts/' + id)).kentongan.state === 'closed');
        if (i === 9) {
          await page.keyboard.press('z');
          await eventually('closing is undone', async () => (await stage.ask('alerts/' + id)).kentongan.state !== 'closed');
        }
      }
    }
    assert.equal(new Set(triaged).size, 10, 'ten different alerts');
    await page.context().close();
  });

  await step('an alert shows its evidence and its proof', async () => {
    const [one] = (await stage.allAlerts('severity >= high')).filter(alert => alert.kentongan.evidence?.[0]?.excerpt);
    assert.ok(one, 'there is a high alert with evidence');
    const page = await open('/alert/' + one.event.id);
    await page.waitForSelector('.evidence pre');
    const first = one.kentongan.evidence[0].excerpt.split('\n')[0].slice(0, 40);
    assert.ok((await page.locator('.evidence pre').first().textContent()).includes(first), 'the excerpt is there');
    await eventually('the proof is shown', async () => (await page.locator('#proof .good').count()) > 0, 900);
    await page.context().close();
  });

  await step('the histogram is brushed into a time range', async () => {
    const page = await open('/inbox?view=all');
    const over = page.locator('.chart .u-over');
    await over.waitFor();
    const box = await over.boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, {steps: 5});
    await page.mouse.up();
    await eventually('the query names the range', async () => decodeURIComponent(page.url()).includes('@timestamp'));
    await page.context().close();
  });

  await step('a wrong query is answered at its character, a right one is run', async () => {
    const page = await open('/inbox?view=all');
    await page.keyboard.press('/');
    await page.keyboard.type('severty >= high');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.fault');
    assert.match(await page.locator('.fault').textContent(), /severity/, 'it says what was meant');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('severity >= high');
    await page.keyboard.press('Enter');
    await eventually('only high ones are listed', async () => {
      const words = await page.locator('.row[data-id] .mark').allTextContents();
      return words.length > 0 && words.every(word => /Tinggi|Kritis/.test(word));
    });
    await page.context().close();
  });

  await step('the language is switched', async () => {
    const page = await open('/inbox');
    await page.click('#language');
    await eventually('English is spoken', async () => (await page.locator('nav').first().textContent()).includes('Deliveries'));
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.context().close();
  });

  await step('no alert is lost when the connection is', async () => {
    const page = await open('/inbox?view=all');
    await page.locator('.tail.open').waitFor();
    const before = new Set((await stage.allAlerts()).map(alert => alert.event.id));
    await page.context().setOffline(true);
    await eventually('alerts come meanwhile', async () => (await stage.allAlerts()).some(alert => !before.has(alert.event.id)), 1500);
    await pause(1500);
    await page.context().setOffline(false);
    const after = (await stage.allAlerts()).map(alert => alert.event.id);
    await eventually('all of them are listed', async () =>
      Number(await page.locator('[data-shown]').getAttribute('data-shown')) >= Math.min(after.length, 200), 300);
    const missed = after.filter(id => !before.has(id));
    const listed = new Set();
    await page.keyboard.press('Shift+H');
    for (let i = 0; i < 60 && missed.some(id => !listed.has(id)); ++i) {
      for (const id of await idsOf(page)) listed.add(id);
      await page.keyboard.press('PageDown');
      await pause(50);
    }
    assert.deepEqual(missed.filter(id => !listed.has(id)), [], 'those that came while offline');
    await page.context().close();
  });

  await step('each page is drawn at 1280 and 3840 pixels, and axe finds nothing serious', async () => {
    const some = (await stage.allAlerts('severity >= high'))[0] ?? (await stage.allAlerts())[0];
    const pages = {wall: '/wall', inbox: '/inbox?view=all', alert: '/alert/' + some.event.id, areas: '/areas', cases: '/cases', rules: '/rules',
      sensors: '/sensors', deliveries: '/deliveries', drill: '/drill'};
    for (const [name, path] of Object.entries(pages)) {
      for (const size of [{width: 1280, height: 800}, {width: 3840, height: 2160}]) {
        const page = await open(path, size);
        await pause(2500);
        await page.screenshot({path: join(shots, `${name}-${size.width}.png`)});
        if (size.width === 1280) await accessible(page, name);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name} at ${size.width} scrolls sideways by ${wide}`);
        await page.context().close();
      }
    }
  });

  assert.deepEqual(problems, [], 'errors in the page');
}

main().then(async () => {
  await browser?.close();
  await stage.end();
  console.log('all steps passed');
}, async problem => {
  console.error(problem);
  console.error(stage.log?.slice(-20).join(''));
  await browser?.close();
  await stage.end();
  process.exit(1);
});
