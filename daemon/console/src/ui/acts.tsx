// The dialogs and buttons by which an alert is triaged; the same for one and for many.
import {useState} from 'preact/hooks';
import {post} from '../api';
import {go, route} from '../route';
import {may, now, session, toast} from '../state';
import {say, sayOr} from '../text';
import {visible} from '../format';
import {perform, type Act, type Details} from '../triage';
import type {AlertJson} from '../types';
import {Dialog} from './parts';

export type Asked = 'close' | 'escalate-close' | 'comment' | 'snooze' | 'escalate' | 'reopen' | 'case' | 'menu' | null;
const REASONS = ['true', 'benign', 'false', 'duplicate', 'exercise'] as const;

interface Props {
  asked: Asked;
  alerts: AlertJson[];
  leave: () => void;
  ask: (next: Asked) => void;
}

function Note({value, set, label}: {value: string; set: (v: string) => void; label: string}) {
  return (
    <label class="line">{label}
      <textarea rows={3} maxLength={2000} value={value} onInput={e => set(e.currentTarget.value)} data-first />
    </label>
  );
}

function CloseForm({alerts, leave, escalate}: {alerts: AlertJson[]; leave: () => void; escalate: boolean}) {
  const [reason, setReason] = useState<string>('');
  const [why, setWhy] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    leave();
    if (escalate) alerts = await perform(alerts, 'escalate', {why});
    await perform(alerts, 'close', {reason, why});
  }
  return (
    <Dialog title={say('close_why')} leave={leave}>
      <form onSubmit={send}>
        <fieldset class="choices"><legend>{say('reason')}</legend>
          {REASONS.map((name, i) => (
            <label key={name}>
              <input type="radio" name="reason" value={name} required checked={reason === name} data-first={i === 0 ? true : undefined}
                onChange={() => setReason(name)} /> {sayOr('reason_' + name, name)}
            </label>
          ))}
        </fieldset>
        <label class="line">{say('note')}
          <textarea rows={3} maxLength={2000} required value={why} onInput={e => setWhy(e.currentTarget.value)} />
        </label>
        <p class="buttons"><button type="submit" class="main">{say('close')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

function TextForm({alerts, leave, act}: {alerts: AlertJson[]; leave: () => void; act: 'comment' | 'escalate' | 'reopen'}) {
  const [text, setText] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    leave();
    const details: Details = act === 'comment' ? {text} : {why: text};
    await perform(alerts, act, details);
  }
  return (
    <Dialog title={say(act)} leave={leave}>
      <form onSubmit={send} onKeyDown={e => { if (e.key === 'Enter' && e.ctrlKey) void send(e); }}>
        <Note value={text} set={setText} label={say('note')} />
        <p class="buttons"><button type="submit" class="main" disabled={!text.trim()}>{say('send')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

function SnoozeForm({alert, leave}: {alert: AlertJson; leave: () => void}) {
  const [hours, setHours] = useState(1);
  const [why, setWhy] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    leave();
    try {
      const answer = await post<{pending?: boolean}>('suppressions', {
        rule_id: alert.rule?.id, entity: alert.kentongan?.entity ?? '', reason: why,
        expires: new Date(now.value + hours * 3600_000).toISOString(),
      });
      toast(answer?.pending ? say('awaiting') : say('suppressed_by') + ' ' + (session.value?.name ?? ''));
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={say('snooze_title')} leave={leave}>
      <form onSubmit={send}>
        <p class="quiet">{visible(alert.rule?.name)} — {visible(alert.kentongan?.entity)}</p>
        <label class="line">{say('until')}
          <select value={String(hours)} onChange={e => setHours(Number(e.currentTarget.value))}>
            <option value="1">{say('for_1h')}</option><option value="4">{say('for_4h')}</option><option value="24">{say('for_24h')}</option>
          </select>
        </label>
        <Note value={why} set={setWhy} label={say('reason')} />
        <p class="buttons"><button type="submit" class="main" disabled={!why.trim()}>{say('send')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

function CaseForm({alerts, leave}: {alerts: AlertJson[]; leave: () => void}) {
  const [which, setWhich] = useState('');
  const [title, setTitle] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    leave();
    try {
      const ids = alerts.map(alert => alert.event.id);
      let id = which.trim();
      if (!id) id = (await post<{id: string}>('cases', {title, alerts: ids})).id;
      else await post(`cases/${encodeURIComponent(id)}/alerts`, {add: ids});
      toast(`${say('cases')}: ${visible(id)}`);
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={say('to_case')} leave={leave}>
      <form onSubmit={send}>
        <label class="line">{say('new_case')}: {say('case_title')}
          <input value={title} maxLength={200} data-first onInput={e => setTitle(e.currentTarget.value)} /></label>
        <label class="line">{say('cases')} ({say('id')})
          <input value={which} maxLength={64} onInput={e => setWhich(e.currentTarget.value)} /></label>
        <p class="buttons"><button type="submit" class="main" disabled={!which.trim() && !title.trim()}>{say('save')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

/** Whichever dialog is asked for. */
export function Acts({asked, alerts, leave, ask}: Props) {
  const first = alerts[0];
  if (!asked || !first) return null;
  if (asked === 'close' || asked === 'escalate-close')
    return <CloseForm alerts={alerts} leave={leave} escalate={asked === 'escalate-close'} />;
  if (asked === 'comment' || asked === 'escalate' || asked === 'reopen') return <TextForm alerts={alerts} leave={leave} act={asked} />;
  if (asked === 'snooze') return <SnoozeForm alert={first} leave={leave} />;
  if (asked === 'case') return <CaseForm alerts={alerts} leave={leave} />;
  return (
    <Dialog title={say('actions')} leave={leave}>
      <Buttons alerts={alerts} ask={next => { leave(); if (next) setTimeout(() => ask(next)); }} done={leave} />
    </Dialog>
  );
}

/** Every act as a button: what a key does, a pointer can do. */
export function Buttons({alerts, ask, done}: {alerts: AlertJson[]; ask: (next: Asked) => void; done?: () => void}) {
  if (!may('triage')) return null;
  const now = (act: Act) => {
    done?.();
    void perform(alerts, act);
  };
  const closed = alerts.every(alert => alert.kentongan?.state === 'closed');
  return (
    <p class="buttons acts">
      {closed ? <button type="button" onClick={() => ask('reopen')}>{say('reopen')}</button> : <>
        <button type="button" onClick={() => now('ack')}>{say('ack')} <kbd>a</kbd></button>
        <button type="button" onClick={() => now('assign')}>{say('assign_me')} <kbd>t</kbd></button>
        <button type="button" onClick={() => ask('escalate')}>{say('escalate')} <kbd>s</kbd></button>
        <button type="button" onClick={() => ask('close')}>{say('close')} <kbd>e</kbd></button>
        <button type="button" onClick={() => ask('escalate-close')}>{say('escalate_close')} <kbd>Shift+S</kbd></button></>}
      <button type="button" onClick={() => ask('comment')}>{say('comment')} <kbd>c</kbd></button>
      <button type="button" onClick={() => ask('snooze')}>{say('snooze')} <kbd>m</kbd></button>
      <button type="button" onClick={() => ask('case')}>{say('to_case')}</button>
      {route.value.page !== 'alert' && alerts.length === 1 ? <>
        <button type="button" onClick={() => go('alert', alerts[0]!.event.id, {show: 'packets'})}>{say('key_pcap')} <kbd>p</kbd></button>
        <button type="button" onClick={() => go('alert', alerts[0]!.event.id, {show: 'proof'})}>{say('key_proof')} <kbd>v</kbd></button></> : null}
    </p>
  );
}
