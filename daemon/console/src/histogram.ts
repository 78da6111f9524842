// What a histogram of the API becomes on the screen: every step of time between its first bar and
// its last, those without an alert too.
import type {HistogramJson} from './types';

export interface Buckets {
  times: number[];  // seconds
  counts: number[];
  step: number;     // seconds
}

const SECONDS: Record<string, number> = {s: 1, m: 60, h: 3600, d: 86_400, w: 604_800};
const MOST = 2000;

/** "5m" in seconds. */
export function secondsOf(interval: string): number {
  const found = /^(\d+)([smhdw])$/.exec(interval);
  return found ? Number(found[1]) * SECONDS[found[2]!]! : 3600;
}

/** `until` (seconds): goes on to then, and starts `length` steps before it. */
export function bucketsOf(body: HistogramJson, until?: number, length = 0): Buckets {
  const step = secondsOf(body.interval);
  const counts = new Map(body.bars.map(bar => [Date.parse(bar.begin) / 1000, bar.count]));
  const known = [...counts.keys()].sort((a, b) => a - b);
  const last = until === undefined ? known.at(-1) : Math.floor(until / step) * step;
  const first = until === undefined ? known[0] : last! - (length - 1) * step;
  const out: Buckets = {times: [], counts: [], step};
  if (first === undefined || last === undefined) return out;
  for (let time = first; time <= last && out.times.length < MOST; time += step) {
    out.times.push(time);
    out.counts.push(counts.get(time) ?? 0);
  }
  return out;
}

/** Without a time of its own, and in brackets where it would fall apart beside one. */
function untimed(q: string): string {
  const kept = q.replace(/\s*(and\s+)?@timestamp\s*(>=|<=|<|>)\s*"[^"]*"/g, '').replace(/^\s*and\s+/, '').trim();
  let depth = 0;
  let enclosed = kept.startsWith('(');
  for (let i = 0; i < kept.length; ++i) {
    depth += kept[i] === '(' ? 1 : kept[i] === ')' ? -1 : 0;
    if (depth === 0 && i < kept.length - 1) enclosed = false;
  }
  return /\bor\b/i.test(kept) && !enclosed ? `(${kept})` : kept;
}

/** A query of a range of time instead of the one it had. */
export function within(q: string, from: Date, to: Date): string {
  const kept = untimed(q);
  const range = `@timestamp >= "${from.toISOString()}" and @timestamp < "${to.toISOString()}"`;
  return kept ? `${kept} and ${range}` : range;
}
