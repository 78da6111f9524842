// What evidence says in a form of its own: an HTTP exchange, a file before and after.
import type {EvidenceJson} from './types';

/** What was asked for and answered; what is not known is not there. */
export interface Exchange {
  client?: string;
  user?: string;
  method: string;
  target: string;
  version?: string;
  host?: string;
  status?: string;
  /** Of the answer, bytes. */
  size?: string;
  agent?: string;
  referrer?: string;
  /** Other header lines of the request. */
  headers?: string[];
  body?: string;
}

type Values = Record<string, unknown>;
const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) || undefined : undefined;
const known = (value?: string) => (value === '-' ? undefined : value || undefined);

/** Without the members that are not known. */
function told(exchange: {[name in keyof Exchange]: Exchange[name] | undefined}): Exchange | null {
  if (!exchange.method || !exchange.target) return null;
  return Object.fromEntries(Object.entries(exchange).filter(([, value]) => value !== undefined && value !== '')) as unknown as Exchange;
}

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const COMBINED = new RegExp(`^(\\S+) \\S+ (\\S+) \\[[^\\]]+\\] ${QUOTED} (\\d{3}) (\\d+|-)(?: ${QUOTED} ${QUOTED})?`);

/** A line of an access log in the common or the combined form. */
function ofLine(line: string): Exchange | null {
  const found = COMBINED.exec(line);
  if (!found) return null;
  const [, client, user, request = '', status, size, referrer, agent] = found;
  const [method = '', target = '', version] = request.split(' ', 3);
  if (!/^[A-Z]+$/.test(method)) return null;
  return told({client, user: known(user), method, target, version, status, size: known(size), referrer: known(referrer), agent: known(agent)});
}

/** The head of a request as it was on the wire, and what of its body is there. */
function ofHead(record: string): Exchange | null {
  const first = /^([A-Z]{3,12}) (\S+) (HTTP\/[\d.]+)\r?(?:\n|$)/.exec(record);
  if (!first) return null;
  const [head = '', ...rest] = record.slice(first[0].length).split(/\r?\n\r?\n/);
  const out: {host?: string; agent?: string; referrer?: string} = {};
  const headers: string[] = [];
  for (const line of head.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    const place = ({'host': 'host', 'user-agent': 'agent', 'referer': 'referrer'} as const)[name.toLowerCase()];
    if (place && !out[place]) out[place] = value;
    else if (line) headers.push(line);
  }
  return told({method: first[1]!, target: first[2]!, version: first[3], ...out, headers: headers.length ? headers : undefined, body: rest.join('\n\n') || undefined});
}

/** A record that is one JSON object; the names and values that are there, of one that was cut. */
export function membersOf(record: string): Values | null {
  if (!record.startsWith('{')) return null;
  try {
    return JSON.parse(record) as Values;
  } catch {
    if (!record.startsWith('{"@timestamp":')) return null;  // ours: no two members have one name
  }
  const out: Values = {};
  for (const [, name, value] of record.matchAll(/"([\w.@]+)":("(?:[^"\\]|\\.)*"|\[[^\][{}]*\]|-?\d[\d.]*|true|false)/g)) {
    try {
      out[name!] = JSON.parse(value!);
    } catch {
      // not whole
    }
  }
  return out;
}

const ADDRESSES = ['source.ip', 'src_ip', 'remote_addr', 'client', 'id.orig_h'];
/** Names as our own events, Suricata, Zeek and web servers' JSON logs have them. */
function ofMembers(all: Values): Exchange | null {
  const inner = typeof all.http === 'object' && all.http !== null && !Array.isArray(all.http) ? (all.http as Values) : {};
  const either = (...names: string[]) => names.map(name => text(inner[name]) ?? text(all[name])).find(value => value !== undefined);
  return told({
    client: either(...ADDRESSES), method: either('http.request.method', 'http_method', 'method', 'request_method') ?? '',
    target: either('url.original', 'url.path', 'url', 'uri', 'request_uri') ?? '', version: either('http.version', 'protocol', 'version'),
    host: either('url.domain', 'hostname', 'host'), status: either('http.response.status_code', 'status', 'status_code'),
    size: either('http.response.body.bytes', 'length', 'response_body_len', 'body_bytes_sent'),
    agent: either('user_agent.original', 'http_user_agent', 'user_agent'), referrer: either('http.request.referrer', 'http_refer', 'referrer', 'http_referer'),
    user: either('user.name', 'remote_user'), body: either('http.request.body.content', 'http_request_body', 'post_body'),
  });
}

/** The exchange that a record tells of; null when it tells of none. */
export function exchangeOf(one: EvidenceJson): Exchange | null {
  const record = one.excerpt ?? '';
  const members = membersOf(record);
  return members ? ofMembers(members) : ofHead(record) ?? ofLine(record);
}

export const FILE_PARTS = ['hash', 'size', 'mode', 'owner', 'group', 'mtime'] as const;
export interface FileChange {
  path: string;
  /** created, modified, removed … */
  action: string;
  parts: {name: (typeof FILE_PARTS)[number]; before?: string | undefined; after?: string | undefined; changed: boolean}[];
}

/** A change of a file that the integrity scan told; null when it is none. Without a change, `before` is as `after`. */
export function changeOf(one: EvidenceJson): FileChange | null {
  const all = one.kind === 'file' ? membersOf(one.excerpt ?? '') : null;
  const path = text(all?.['file.path']);
  const action = text(all?.['event.action']);
  if (!all || !path || !action) return null;
  const field = (part: string) => (part === 'hash' ? 'hash.sha256' : part);
  const parts = FILE_PARTS.map(name => {
    const now = text(all['file.' + field(name)]);
    const was = text(all['file.previous.' + field(name)]);
    const [gone, made] = [/removed|deleted/.test(action), /created/.test(action)];
    return {name, before: made ? undefined : was ?? now, after: gone ? undefined : now, changed: was !== undefined};
  });
  return {path, action, parts: parts.filter(part => part.before !== undefined || part.after !== undefined)};
}

/** The strings that YARA found, by their names in the rule: "rule NAME: $a at 0x10, $b at 0x2f". */
export function stringsFound(excerpts: string[]): Set<string> {
  const out = new Set<string>();
  for (const excerpt of excerpts)
    if (/^rule \w+: \$/.test(excerpt)) for (const [, name] of excerpt.matchAll(/(\$\w*) at 0x[0-9a-f]+/g)) out.add(name!);
  return out;
}
