// What people do with alerts: each act by the API, told to the person, and undone within 30 s.
import {ApiError, get, post} from './api';
import {session, toast} from './state';
import {say, type TextKey} from './text';
import {number, visible} from './format';
import type {AlertJson} from './types';

export type Act = 'ack' | 'assign' | 'escalate' | 'close' | 'reopen' | 'comment';

export interface Details {
  reason?: string;
  why?: string;
  text?: string;
  assignee?: string;
}

const DONE: Record<Act, TextKey> = {
  ack: 'done_ack', assign: 'done_assign', escalate: 'done_escalate', close: 'done_close', reopen: 'done_reopen',
  comment: 'done_comment',
};
const AT_ONCE = 1000;

interface Item {
  id: string;
  revision?: number | undefined;
}
interface Place {
  state: string;
  reason: string;
  assignee: string;
  case: string;
  revision: number;
}
interface Outcome {
  id: string;
  status: number;
  detail?: string;
  pending?: boolean;
  alert?: Place;
}

/** One act on many, each at the revision that the person saw; an outcome for each. */
async function act(what: Act, items: Item[], details: Details): Promise<Outcome[]> {
  const out: Outcome[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    const some = items.slice(i, i + AT_ONCE);
    try {
      out.push(...(await post<{results: Outcome[]}>('alerts:bulk', {action: what, items: some, ...details})).results);
    } catch (problem) {
      const status = problem instanceof ApiError ? problem.status : 0;
      out.push(...some.map(({id}) => ({id, status, detail: (problem as Error).message})));
    }
  }
  return out;
}

function tellFailures(outcomes: Outcome[]) {
  const failed = outcomes.filter(one => !one.alert && !one.pending);
  const changed = failed.filter(one => one.status === 412);
  const other = failed.filter(one => one.status !== 412);
  const count = (list: Outcome[]) => (list.length > 1 ? `${number(list.length)}× ` : '');
  if (changed.length) toast(count(changed) + say('changed_meanwhile'), {bad: true});
  if (other.length) toast(`${count(other)}${say('failed')}: ${visible(other[0]!.detail)}`, {bad: true});
}

/** Does it to each; those that it was done to, as they are now. What fails is told, and does not stop the rest. */
export async function perform(alerts: AlertJson[], what: Act, details: Details = {}): Promise<AlertJson[]> {
  const own: Details = what === 'assign' ? {assignee: session.value?.name ?? '', ...details} : details;
  const before = new Map(alerts.map(alert => [alert.event.id, {alert, own: alert.kentongan ?? {}}]));
  const outcomes = await act(what, alerts.map(alert => ({id: alert.event.id, revision: alert.kentongan?.revision})), own);
  tellFailures(outcomes);
  const done = outcomes.filter(one => one.alert);
  const fresh = done.map(({id, alert: place}) => {
    const {alert, own: was} = before.get(id)!;
    const {state, reason, assignee, case: gathered, revision} = place!;
    return {...alert, kentongan: {...was, state, reason, assignee, case: gathered, revision}};
  });
  const lost = outcomes.filter(one => one.status === 412).slice(0, 50);
  changed([...fresh, ...await reload(lost.map(one => one.id))]);
  const waiting = outcomes.filter(one => one.pending).length;
  if (waiting) toast(`${number(waiting)} ${say('awaiting')}`);
  if (done.length) {
    const name = alerts.length === 1 ? visible(alerts[0]!.rule?.name) : number(done.length);
    const undo = what === 'comment' || what === 'reopen' ? undefined
      : () => back(fresh, new Map(done.map(({id}) => [id, before.get(id)!.own])));
    toast(`${name} ${say(DONE[what])}`, undo ? {undo} : {});
  }
  return fresh;
}

/** Sends an alert to an agency, as it is at the revision that the person saw. */
/** An agency's person says that they have read what was sent. */
export async function seen(alert: AlertJson) {
  try {
    await post(`alerts/${encodeURIComponent(alert.event.id)}:seen`, {});
    toast(`${visible(alert.rule?.name)} ${say('done_seen')}`);
  } catch (problem) {
    toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
  }
}

export async function share(alert: AlertJson, agency: string, why: string) {
  const id = alert.event.id;
  try {
    const answer = await post<{pending: boolean; agency?: string}>(`alerts/${encodeURIComponent(id)}:share`, {agency, why},
      {'If-Match': `"${alert.kentongan?.revision ?? 1}"`});
    toast(answer.pending ? `1 ${say('awaiting')}` : `${visible(alert.rule?.name)} ${say('done_share')} ${visible(agency)}`);
  } catch (problem) {
    const meanwhile = problem instanceof ApiError && problem.status === 412;
    toast(meanwhile ? say('changed_meanwhile') : `${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
  }
  changed(await reload([id]));
}

async function reload(ids: string[]): Promise<AlertJson[]> {
  const out: AlertJson[] = [];
  for (const id of ids) {
    try {
      out.push(await get<AlertJson>(`alerts/${encodeURIComponent(id)}`));
    } catch {
      // the list tells when it is loaded again
    }
  }
  return out;
}

/** Back to what each was, unless somebody else has changed it since: reopened, then brought to where it stood. */
async function back(alerts: AlertJson[], before: Map<string, NonNullable<AlertJson['kentongan']>>) {
  const why = {why: 'undo'};
  const outcomes = await act('reopen', alerts.map(alert => ({id: alert.event.id, revision: alert.kentongan?.revision})), why);
  tellFailures(outcomes);
  const opened = outcomes.filter(one => one.alert);
  const were = (state: string, assignee = '') => opened.filter(one => {
    const was = before.get(one.id)!;
    return was.state === state && (!assignee || was.assignee === assignee);
  }).map(one => ({id: one.id, revision: one.alert!.revision}));
  const again = [
    await act('ack', were('acknowledged'), why),
    await act('escalate', were('escalated'), why),
  ];
  const assignees = new Set(opened.map(one => before.get(one.id)!).filter(was => was.state === 'assigned').map(was => was.assignee ?? ''));
  for (const assignee of assignees) again.push(await act('assign', were('assigned', assignee), {...why, assignee}));
  tellFailures(again.flat());
  const last = new Map([...opened, ...again.flat()].filter(one => one.alert).map(one => [one.id, one.alert!]));
  changed(alerts.filter(alert => last.has(alert.event.id)).map(alert => {
    const {state, reason, assignee, case: gathered, revision} = last.get(alert.event.id)!;
    return {...alert, kentongan: {...alert.kentongan, state, reason, assignee, case: gathered, revision}};
  }));
  if (opened.length) toast(say('undone'));
}

type Listener = (alerts: AlertJson[]) => void;
const listeners = new Set<Listener>();
function changed(alerts: AlertJson[]) {
  for (const listener of listeners) listener(alerts);
}
/** Hears of alerts that an act has changed, until the answer is called. */
export function onChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
