// What people do with alerts: each act by the API, told to the person, and undone within 30 s.
import {ApiError, get, post} from './api';
import {session, toast} from './state';
import {say, type TextKey} from './text';
import {visible} from './format';
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

interface Answer {
  pending?: boolean;
  approval?: string;
  alert?: AlertJson;
}

async function one(id: string, revision: number | undefined, act: Act, details: Details): Promise<Answer> {
  return post<Answer>(`alerts/${encodeURIComponent(id)}:${act}`, details,
    revision === undefined ? {} : {'If-Match': `"${revision}"`});
}

/** Does it to each; the alerts as they are now, in order. Failures are told, and do not stop the rest. */
export async function perform(alerts: AlertJson[], act: Act, details: Details = {}): Promise<AlertJson[]> {
  const own: Details = act === 'assign' ? {assignee: session.value?.name ?? '', ...details} : details;
  const before = new Map(alerts.map(alert => [alert.event.id, alert]));
  const done: string[] = [];
  let waiting = 0;
  for (const alert of alerts) {
    try {
      const answer = await one(alert.event.id, alert.kentongan?.revision, act, own);
      if (answer?.pending) ++waiting;
      else done.push(alert.event.id);
    } catch (problem) {
      const changed = problem instanceof ApiError && problem.status === 412;
      toast(changed ? say('changed_meanwhile') : `${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  const fresh = await reload([...before.keys()]);
  if (waiting) toast(`${waiting} ${say('awaiting')}`);
  if (done.length) {
    const what = alerts.length === 1 ? visible(alerts[0]!.rule?.name) : String(done.length);
    const undo = act === 'comment' || act === 'reopen' ? undefined : () => undoAll(done, before);
    toast(`${what} ${say(DONE[act])}`, undo ? {undo} : {});
  }
  return fresh;
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
  for (const listener of listeners) listener(out);
  return out;
}

/** Back to what each was: reopened, then brought to where it stood. */
async function undoAll(ids: string[], before: Map<string, AlertJson>) {
  for (const id of ids) {
    const was = before.get(id)?.kentongan ?? {};
    try {
      const now = await get<AlertJson>(`alerts/${encodeURIComponent(id)}`);
      await one(id, now.kentongan?.revision, 'reopen', {why: 'undo'});
      if (was.state === 'acknowledged') await one(id, undefined, 'ack', {why: 'undo'});
      if (was.state === 'assigned') await one(id, undefined, 'assign', {assignee: was.assignee ?? '', why: 'undo'});
      if (was.state === 'escalated') await one(id, undefined, 'escalate', {why: 'undo'});
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  await reload(ids);
  toast(say('undone'));
}

type Listener = (alerts: AlertJson[]) => void;
const listeners = new Set<Listener>();
/** Hears of alerts that an act has changed, until the answer is called. */
export function onChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
