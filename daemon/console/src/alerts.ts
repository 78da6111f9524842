// The alerts that a list has read: very many, newest first, found by id, changed where they are.
import type {AlertJson} from './types';

/** Two hundred thousand whole alerts would be half a gigabyte: what a row shows and an act needs stays. */
const rules = new Map<string, NonNullable<AlertJson['rule']>>();
const labels = new Map<string, NonNullable<AlertJson['labels']>>();

function shared<T>(known: Map<string, T>, key: string, made: T): T {
  const found = known.get(key);
  if (found) return found;
  if (known.size < 10_000) known.set(key, made);
  return made;
}

export interface Kept extends AlertJson {
  /** What it is grouped by, once asked for. */
  group?: string | undefined;
}

export function brief(alert: AlertJson): Kept {
  const {id = '', name = ''} = alert.rule ?? {};
  const {severity, exercise} = alert.labels ?? {};
  const own = alert.kentongan ?? {};
  return {
    '@timestamp': alert['@timestamp'], event: {id: alert.event.id}, rule: shared(rules, `${id}\n${name}`, {id, name}),
    message: alert.message, source: alert.source?.ip ? {ip: alert.source.ip} : undefined,
    labels: shared(labels, `${severity} ${exercise}`, {severity, exercise}), group: undefined,
    kentongan: {
      count: own.count, last_seen: own.last_seen, entity: own.entity, state: own.state, reason: own.reason, assignee: own.assignee,
      case: own.case, revision: own.revision, suppressed: own.suppressed,
    },
  };
}

export class AlertList {
  private readonly rows: Kept[] = [];
  private readonly known = new Map<string, Kept>();

  constructor(private readonly most: number) {}

  get length() { return this.rows.length; }
  at(index: number): Kept | undefined { return this.rows[index]; }
  get(id: string): Kept | undefined { return this.known.get(id); }
  all(): readonly Kept[] { return this.rows; }

  /** Where an id is; looked for around a place where it was. -1: nowhere. */
  indexOf(id: string, near = 0): number {
    if (!this.known.has(id)) return -1;
    near = Math.max(0, Math.min(near, this.rows.length - 1));
    for (let away = 0; away < this.rows.length; ++away) {
      if (this.rows[near + away]?.event.id === id) return near + away;
      if (this.rows[near - away]?.event.id === id) return near - away;
    }
    return -1;
  }

  /** Those that are there already are brought up to date; the others, as this answers them. */
  private fresh(alerts: AlertJson[]): Kept[] {
    const out: Kept[] = [];
    for (const alert of alerts) {
      const before = this.known.get(alert.event.id);
      const now = brief(alert);
      if (before) Object.assign(before, now);
      else {
        this.known.set(alert.event.id, now);
        out.push(now);
      }
    }
    return out;
  }

  /** Older ones, newest first. */
  append(alerts: AlertJson[]) {
    this.rows.push(...this.fresh(alerts));
    this.cut();
  }

  /** New ones, oldest first; how many there were. */
  prepend(alerts: AlertJson[]): number {
    const made = this.fresh(alerts).reverse();
    this.rows.unshift(...made);
    this.cut();
    return made.length;
  }

  /** The newest ones as they are now, newest first: one that is not there comes before the next that is. `whole`: there are no others. */
  merge(alerts: AlertJson[], whole: boolean) {
    const missing = new Set(alerts.filter(alert => !this.known.has(alert.event.id)).map(alert => alert.event.id));
    this.fresh(alerts);
    if (!missing.size) return;
    let at = whole ? this.rows.length : -1;
    for (const alert of alerts.slice().reverse()) {
      const id = alert.event.id;
      if (!missing.has(id)) at = this.indexOf(id, Math.max(0, at));
      else if (at >= 0) this.rows.splice(at, 0, this.known.get(id)!);
      else this.known.delete(id);  // Behind all that is known of the answer: it comes with the next page.
    }
    this.cut();
  }

  /** Only those that are there. */
  update(alerts: AlertJson[]) {
    this.fresh(alerts.filter(alert => this.known.has(alert.event.id)));
  }

  /** Back to where it was. */
  insert(alert: AlertJson, index: number) {
    const [made] = this.fresh([alert]);
    if (made) this.rows.splice(Math.min(index, this.rows.length), 0, made);
  }

  /** Where each of them was. */
  remove(ids: ReadonlySet<string>): Map<string, number> {
    const out = new Map<string, number>();
    let kept = 0;
    this.rows.forEach((row, i) => {
      if (ids.has(row.event.id)) {
        out.set(row.event.id, i);
        this.known.delete(row.event.id);
      } else {
        this.rows[kept++] = row;
      }
    });
    this.rows.length = kept;
    return out;
  }

  clear() {
    this.rows.length = 0;
    this.known.clear();
  }

  private cut() {
    while (this.rows.length > this.most) this.known.delete(this.rows.pop()!.event.id);
  }
}
