// A drill with a daemon of its own, as the console's test needs it: started, found, asked, ended.
import {spawn} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync} from 'node:fs';
import {join} from 'node:path';
import {tmpdir} from 'node:os';

export const pause = ms => new Promise(wake => setTimeout(wake, ms));

/** What `look` answers once it is true. The test runner's own patience ends a wait that never does. */
export async function eventually(what, look, tries = 600) {
  let last;
  for (let i = 0; i < tries; ++i) {
    try {
      const found = await look();
      if (found) return found;
    } catch (problem) {
      last = problem;
    }
    await pause(200);
  }
  throw new Error(`${what} (${last?.message ?? 'never true'})`);
}

/** The six digits of RFC 6238. */
export function totp(secret, now = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30000)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const at = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export class Stage {
  constructor(bin, source) {
    this.bin = bin;
    this.source = source;
    this.folder = mkdtempSync(join(tmpdir(), 'kentongan-console-'));
    this.night = join(this.folder, 'night');
  }

  async start(scenarios, options = []) {
    this.log = [];
    this.drill = spawn(join(this.bin, 'kentongan'),
      ['drill', '--keep', this.night, '--rules', join(this.source, 'rules'), ...options, ...scenarios],
      {stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [this.drill.stdout, this.drill.stderr]) stream.on('data', text => this.log.push(String(text)));
    this.token = await eventually('the drill writes its token', () => {
      const file = join(this.night, 'secrets/token');
      return existsSync(file) && readFileSync(file, 'utf8').trim();
    });
    const settings = await eventually('the drill writes its settings', () => {
      const file = join(this.night, 'kentongan.toml');
      return existsSync(file) && readFileSync(file, 'utf8');
    });
    const port = /\[api\][^[]*listen = "127\.0\.0\.1:(\d+)"/.exec(settings)?.[1];
    if (!port) throw new Error('the settings name no port');
    this.address = `http://127.0.0.1:${port}`;
    await eventually('the daemon answers', async () => (await this.ask('status')).name);
  }

  async ask(path, more = {}) {
    const reply = await fetch(`${this.address}/api/v1/${path}`,
      {...more, headers: {Authorization: 'Bearer ' + this.token, ...(more.body ? {'Content-Type': 'application/json'} : {}), ...more.headers}});
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  async allAlerts(q = '') {
    const out = [];
    for (let cursor = ''; cursor !== null;) {
      const page = await this.ask(`alerts?limit=1000${q ? '&q=' + encodeURIComponent(q) : ''}${cursor ? '&cursor=' + cursor : ''}`);
      out.push(...page.alerts);
      cursor = page.next_cursor;
    }
    return out;
  }

  async end() {
    if (this.drill && this.drill.exitCode === null) {
      this.drill.kill('SIGTERM');
      await Promise.race([new Promise(done => this.drill.once('exit', done)), pause(20_000)]);
      if (this.drill.exitCode === null) this.drill.kill('SIGKILL');
    }
    rmSync(this.folder, {recursive: true, force: true});
  }
}

/** A file that only its owner reads. */
export function secretFile(path, text) {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
}
export {appendFileSync};
