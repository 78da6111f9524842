// What very many alerts do to the inbox: node inbox.mjs ADDRESS TOKEN ALERTS. One JSON row for each thing done.
import {existsSync} from 'node:fs';
import {chromium} from 'playwright-core';

const [address, token, alerts] = process.argv.slice(2);
const most = Number(alerts);
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
const page = await browser.newPage({viewport: {width: 1280, height: 800}});
const cdp = await page.context().newCDPSession(page);
page.setDefaultTimeout(1_200_000);
await page.addInitScript(() => {
  window.frames_ = [];
  let before = 0;
  const tick = at => {
    if (before) window.frames_.push(at - before);
    before = at;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});

/** The time between frames while something is done: 16.7 ms is a smooth one. */
async function watch(what, work) {
  await page.evaluate(() => void (window.frames_.length = 0));
  const began = Date.now();
  await work();
  const frames = (await page.evaluate(() => window.frames_)).sort((a, b) => a - b);
  const at = share => Math.round(frames[Math.min(frames.length - 1, Math.floor(frames.length * share))]);
  const {usedSize} = await cdp.send('Runtime.getHeapUsage');
  console.log(JSON.stringify({what, shown: Number(await page.getAttribute('[data-shown]', 'data-shown')), seconds: (Date.now() - began) / 1000,
    frames: frames.length, frame_p50_ms: at(0.5), frame_p99_ms: at(0.99), frame_longest_ms: at(1), heap_MB: Math.round(usedSize / 1e6)}));
}

await page.goto(`${address}/#token=${token}&/inbox?view=all`);
await page.waitForSelector('.row[data-id]');
console.log(JSON.stringify({what: 'first paint', ms: Math.round(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime))}));
const shown = () => page.getAttribute('[data-shown]', 'data-shown').then(Number);
await watch('all of them read', async () => {
  for (let last = 0; (last = await shown()) < most;) {
    await page.keyboard.press('Shift+G');
    await page.waitForFunction(n => Number(document.querySelector('[data-shown]').dataset.shown) > n, last);
  }
});
await watch('300 times j', async () => {
  await page.keyboard.press('Shift+H');
  for (let i = 0; i < 300; ++i) await page.keyboard.press('j');
});
await watch('scrolled', async () => {
  await page.mouse.move(640, 500);
  for (let i = 0; i < 200; ++i) await page.mouse.wheel(0, 700);
});
await watch('from end to end', async () => {
  for (const key of ['Shift+G', 'Shift+H', 'Shift+G', 'Shift+H']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(200);
  }
});
await watch('grouped by rule', async () => {
  await page.selectOption('.tools select', 'rule');
  await page.waitForTimeout(500);
  await page.selectOption('.tools select', 'none');
  await page.waitForTimeout(500);
});
await watch('j while more come', async () => {
  const until = Date.now() + 15_000;
  while (Date.now() < until) {
    await page.keyboard.press('j');
    await page.waitForTimeout(50);
  }
});
await browser.close();
