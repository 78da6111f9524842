// A drill with a daemon of its own, as the console's test needs it: started, found, asked, cut off, ended.
import {execFileSync, spawn} from 'node:child_process';
import {createHmac, randomBytes} from 'node:crypto';
import {appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export const pause = ms => new Promise(wake => setTimeout(wake, ms));

/** What `look` answers once it is true. The test runner's own patience ends a wait that never does. */
export async function eventually(what, look) {
  let last;
  for (let i = 0; i < 3000; ++i) {
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

function base32(text) {
  let bits = '';
  for (const c of text.replace(/=+$/, '')) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => parseInt(byte, 2)));
}

/** The six digits of RFC 6238 at a time in ms. */
export function totp(secret, now) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  const at = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A cable between browser and daemon that can be pulled out. */
class Cable {
  constructor(port) {
    this.cut = false;
    this.sockets = new Set();
    this.server = net.createServer(near => {
      if (this.cut) return void near.destroy();
      const far = net.connect(port, '127.0.0.1');
      for (const [one, other] of [[near, far], [far, near]]) {
        this.sockets.add(one);
        one.pipe(other);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
      }
    });
  }
  async plug() {
    await new Promise(done => this.server.listen(0, '127.0.0.1', done));
    return this.server.address().port;
  }
  pull() {
    this.cut = true;
    for (const socket of this.sockets) socket.destroy();
  }
  mend() {
    this.cut = false;
  }
  end() {
    this.pull();
    this.server.close();
  }
}

export class Stage {
  constructor(bin, source) {
    this.bin = bin;
    this.source = source;
    this.folder = mkdtempSync(join(tmpdir(), 'kentongan-console-'));
    this.night = join(this.folder, 'night');
    this.log = [];
    this.tokens = {};
  }

  async start(options) {
    this.drill = spawn(join(this.bin, 'kentongan'),
      ['drill', '--keep', this.night, '--rules', join(this.source, 'rules'), ...options], {stdio: ['ignore', 'pipe', 'pipe']});
    // Nobody waits for a daemon that is gone.
    this.over = new Promise((_, refuse) => this.drill.once('exit', (status, signal) => {
      if (!this.ending) refuse(new Error(`the drill ended (${signal ?? `status ${status}`}) before the browser was through: ${this.log.slice(-3).join('').trim()}`));
    }));
    this.over.catch(() => undefined);
    for (const stream of [this.drill.stdout, this.drill.stderr]) stream.on('data', text => this.log.push(String(text)));
    const read = name => () => existsSync(join(this.night, name)) && readFileSync(join(this.night, name), 'utf8');
    this.token = (await eventually('the drill writes its token', read('secrets/token'))).trim();
    this.settings = await eventually('the drill writes its settings', read('kentongan.toml'));
    const port = Number(/\[api\][^[]*listen = "127\.0\.0\.1:(\d+)"/.exec(this.settings)?.[1]);
    this.reportPort = Number(/\[report\][^[]*listen = "127\.0\.0\.1:(\d+)"/.exec(this.settings)?.[1]);
    this.direct = `http://127.0.0.1:${port}`;
    this.cable = new Cable(port);
    this.address = `http://127.0.0.1:${await this.cable.plug()}`;
    await eventually('the daemon is ready', async () => (await this.ask('status')).ready);
  }

  /** People with accounts and machines with tokens, taken in by a reload. */
  async letIn(people, machines) {
    const file = join(this.night, 'secrets/accounts');
    const out = {};
    for (const [name, role] of Object.entries(people)) {
      const password = 'sandi ' + randomBytes(12).toString('hex');
      const text = execFileSync(join(this.bin, 'kentongan'), ['account', 'add', name, '--role', role, '--file', file], {input: password + '\n', encoding: 'utf8'});
      out[name] = {password, secret: /secret=([A-Z2-7]+)/.exec(text)[1]};
    }
    for (const [name, role] of Object.entries(machines)) {
      this.tokens[name] = 'uji-' + randomBytes(20).toString('hex');
      appendFileSync(join(this.night, 'secrets/token'), `\n${name} ${role} ${this.tokens[name]}`);
    }
    writeFileSync(join(this.night, 'kentongan.toml'), this.settings.replace('[api]\n', `[api]\naccounts_file = "${file}"\n`));
    this.reload();
    const [name] = Object.keys(machines);
    await eventually('the tokens are known', () => this.ask('alerts/count', {headers: {Authorization: 'Bearer ' + this.tokens[name]}}));
    return out;
  }

  /** The daemon, the drill's child, reads its settings again. */
  reload() {
    const children = readFileSync(`/proc/${this.drill.pid}/task/${this.drill.pid}/children`, 'utf8').trim().split(' ');
    process.kill(Number(children[0]), 'SIGHUP');
  }

  /** From now on grave acts need two people. */
  async openWindow() {
    appendFileSync(join(this.night, 'kentongan.toml'), '\n[phase.penghitungan]\nbegins = "2024-01-01T00:00:00Z"\nends = "2100-01-01T00:00:00Z"\ntwo_person = true\n');
    this.reload();
    await eventually('the window is open', async () => (await this.ask('status')).phase?.name === 'penghitungan');
  }

  async ask(path, more = {}) {
    const reply = await fetch(`${this.direct}/api/v1/${path}`,
      {...more, headers: {Authorization: 'Bearer ' + this.token, ...(more.body ? {'Content-Type': 'application/json'} : {}), ...more.headers}});
    if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  }

  async now() {
    return new Date((await this.ask('status')).now);
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

  /** What an attacker can make the daemon read: text that would be a program on a careless page. */
  async plant(evil) {
    const now = await this.now();
    const local = new Date(now.getTime() + 7 * 3600_000);
    const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][local.getUTCMonth()];
    const clock = local.toISOString().slice(11, 19);
    const day = String(local.getUTCDate()).padStart(2, '0');
    const web = (uri, agent) => `203.0.113.66 - - [${day}/${month}/${local.getUTCFullYear()}:${clock} +0700] "GET ${uri} HTTP/1.1" 200 512 "-" "${agent}"\n`;
    appendFileSync(join(this.night, 'logs/nginx.log'),
      web(`/hasil?id=1'+UNION+SELECT+1,2,3--&q=${evil.uri}`, 'Mozilla/5.0') + web('/hasil', `sqlmap/1.8 ${evil.agent}`));
    let lines = '';
    for (let i = 0; i < 12; ++i) lines += `${month} ${day} ${clock} hasil-01 sshd[4${i}]: Failed password for invalid user ${evil.user} from 203.0.113.67 port 4${i}22 ssh2\n`;
    appendFileSync(join(this.night, 'logs/auth.log'), lines);
    mkdirSync(join(this.night, 'webroot'), {recursive: true});
    writeFileSync(join(this.night, 'webroot', evil.file), '<?php eval($_POST["x"]);');
    const reply = await fetch(`http://127.0.0.1:${this.reportPort}/v1/reports`, {
      method: 'POST', headers: {'Content-Type': 'application/json', 'X-Forwarded-For': '10.99.1.1'}, body: JSON.stringify({category: 'money', area: '317104', text: evil.report}),
    });
    this.log.push(`report: ${reply.status} ${await reply.text()}\n`);
  }

  async end() {
    this.ending = true;
    this.cable?.end();
    if (this.drill && this.drill.exitCode === null) {
      const ended = new Promise(done => this.drill.once('exit', done));
      this.drill.kill('SIGTERM');
      await Promise.race([ended, pause(30_000)]);
      if (this.drill.exitCode === null && this.drill.signalCode === null) this.drill.kill('SIGKILL');
    }
    rmSync(this.folder, {recursive: true, force: true});
  }
}
