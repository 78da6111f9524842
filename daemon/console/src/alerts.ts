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

/** Of an alert that has changed there is another object: what is drawn is compared by that. */
interface Slot {
  id: string;
  now: Kept;
}

export class AlertList {
  private readonly rows: Slot[] = [];
  private readonly known = new Map<string, Slot>();

  constructor(private readonly most: number) {}

  get length() { return this.rows.length; }
  at(index: number): Kept | undefined { return this.rows[index]?.now; }
  get(id: string): Kept | undefined { return this.known.get(id)?.now; }
  *[Symbol.iterator](): Iterator<Kept> { for (const row of this.rows) yield row.now; }

  /** Where an id is; looked for around a place where it was. -1: nowhere. */
  indexOf(id: string, near = 0): number {
    if (!this.known.has(id)) return -1;
    near = Math.max(0, Math.min(near, this.rows.length - 1));
    for (let away = 0; away < this.rows.length; ++away) {
      if (this.rows[near + away]?.id === id) return near + away;
      if (this.rows[near - away]?.id === id) return near - away;
    }
    return -1;
  }

  /** Those that are there already are brought up to date; the others, as this answers them. */
  private fresh(alerts: AlertJson[]): Slot[] {
    const out: Slot[] = [];
    for (const alert of alerts) {
      const id = alert.event.id;
      const now = brief(alert);
      const slot = this.known.get(id);
      if (slot) slot.now = now;
      else {
        const made = {id, now};
        this.known.set(id, made);
        out.push(made);
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
    const missing = new Map(this.fresh(alerts).map(slot => [slot.id, slot]));
    if (!missing.size) return;
    let at = whole ? this.rows.length : -1;
    for (const {event: {id}} of alerts.slice().reverse()) {
      const slot = missing.get(id);
      if (!slot) at = this.indexOf(id, Math.max(0, at));
      else if (at >= 0) this.rows.splice(at, 0, slot);
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
      if (ids.has(row.id)) {
        out.set(row.id, i);
        this.known.delete(row.id);
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
    while (this.rows.length > this.most) this.known.delete(this.rows.pop()!.id);
  }
}
