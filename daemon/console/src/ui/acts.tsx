// The dialogs and buttons by which an alert is triaged; the same for one and for many.
import {useState} from 'preact/hooks';
import {post} from '../api';
import {usePoll} from './hooks';
import {go, route} from '../route';
import {may, now, toast} from '../state';
import {say, sayOr} from '../text';
import {number, visible} from '../format';
import {perform, share, type Act, type Details} from '../triage';
import type {AlertJson, CaseJson} from '../types';
import {Dialog} from './parts';

export type Asked = 'close' | 'escalate-close' | 'comment' | 'snooze' | 'escalate' | 'reopen' | 'case' | 'share' | 'menu' | null;
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

/** Closed as false or benign there will be more of the same: then to keep them from coming is offered. */
function CloseForm({alerts, leave, escalate, propose}: {alerts: AlertJson[]; leave: () => void; escalate: boolean; propose: (alerts: AlertJson[], why: string) => void}) {
  const [reason, setReason] = useState<string>('');
  const [why, setWhy] = useState('');
  const [silence, setSilence] = useState(false);
  const idle = reason === 'false' || reason === 'benign';
  async function send(event: Event) {
    event.preventDefault();
    leave();
    if (escalate) alerts = await perform(alerts, 'escalate', {why});
    const closed = await perform(alerts, 'close', {reason, why});
    if (idle && silence && closed.length) propose(closed, why);
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
        {idle && may('rules') ? <label class="choice"><input type="checkbox" checked={silence} onChange={e => setSilence(e.currentTarget.checked)} /> {say('then_suppress')}</label> : null}
        {idle ? <p class="quiet">{say('or_filter')} <code>kentongan rules filter --help</code></p> : null}
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

/** What is silenced: each rule about each entity once. */
function targetsOf(alerts: AlertJson[]): {rule: string; name: string; entity: string}[] {
  const out = new Map<string, {rule: string; name: string; entity: string}>();
  for (const alert of alerts) {
    const [rule = '', entity = ''] = [alert.rule?.id, alert.kentongan?.entity];
    out.set(`${rule}\n${entity}`, {rule, name: alert.rule?.name ?? rule, entity});
  }
  return [...out.values()];
}

const SHOWN = 8;

export function SnoozeForm({alerts, leave, because = ''}: {alerts: AlertJson[]; leave: () => void; because?: string}) {
  const [hours, setHours] = useState(1);
  const [why, setWhy] = useState(because);
  const [sure, setSure] = useState(false);
  const targets = targetsOf(alerts);
  const whole = targets.filter(one => !one.entity);
  async function send(event: Event) {
    event.preventDefault();
    leave();
    const expires = new Date(now.value + hours * 3600_000).toISOString();
    let [done, waiting] = [0, 0];
    for (const one of targets) {
      try {
        const answer = await post<{pending?: boolean}>('suppressions', {rule_id: one.rule, entity: one.entity, reason: why, expires});
        if (answer?.pending) ++waiting;
        else ++done;
      } catch (problem) {
        toast(`${say('failed')}: ${visible(one.name)}: ${visible((problem as Error).message)}`, {bad: true});
        break;
      }
    }
    if (done) toast(`${number(done)} ${say('suppressed_now')}`);
    if (waiting) toast(`${number(waiting)} ${say('awaiting')}`);
  }
  if (!may('rules'))
    return <Dialog title={say('snooze_title')} leave={leave}><p>{say('snooze_lead')}</p><p class="buttons"><button type="button" data-first onClick={leave}>{say('close_dialog')}</button></p></Dialog>;
  return (
    <Dialog title={say('snooze_title')} leave={leave}>
      <form onSubmit={send}>
        <ul class="plainlist">{targets.slice(0, SHOWN).map((one, i) => (
          <li key={i}><bdi>{visible(one.name)}</bdi> — {one.entity ? <bdi>{visible(one.entity)}</bdi> : <b class="high">{say('snooze_everything')}</b>}</li>
        ))}{targets.length > SHOWN ? <li class="quiet">+{number(targets.length - SHOWN)}</li> : null}</ul>
        {whole.length ? <label class="choice"><input type="checkbox" required checked={sure} onChange={e => setSure(e.currentTarget.checked)} /> {say('snooze_whole')}</label> : null}
        <label class="line">{say('until')}
          <select value={String(hours)} onChange={e => setHours(Number(e.currentTarget.value))}>
            <option value="1">{say('for_1h')}</option><option value="4">{say('for_4h')}</option><option value="24">{say('for_24h')}</option>
          </select>
        </label>
        <Note value={why} set={setWhy} label={say('reason')} />
        <p class="buttons"><button type="submit" class="main" disabled={!why.trim() || (whole.length > 0 && !sure)}>{say('send')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

const NEW = '';

/** Into a case that is open, or into a new one. */
function CaseForm({alerts, leave}: {alerts: AlertJson[]; leave: () => void}) {
  const [which, setWhich] = useState(NEW);
  const [title, setTitle] = useState('');
  const {data, error} = usePoll<{cases: CaseJson[]}>('cases', 0);
  const open = (data?.cases ?? []).filter(one => !one.closed);
  async function send(event: Event) {
    event.preventDefault();
    leave();
    try {
      const ids = alerts.map(alert => alert.event.id);
      const made = which === NEW ? await post<CaseJson>('cases', {title, alerts: ids}) : await post<CaseJson>(`cases/${encodeURIComponent(which)}/alerts`, {add: ids});
      toast(`${visible(made.title)}: ${number(ids.length)} ${say('done_add_to_case')}`);
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={say('to_case')} leave={leave}>
      <form onSubmit={send}>
        <label class="line">{say('case_one')}
          <select value={which} data-first onChange={e => setWhich(e.currentTarget.value)}>
            <option value={NEW}>{say('new_case')}</option>
            {open.map(one => <option key={one.id} value={one.id}>{visible(one.title)} — {visible(one.owner)}</option>)}
          </select></label>
        {error ? <p class="trouble">{visible((error as Error).message)}</p> : null}
        {which === NEW ? <label class="line">{say('case_title')}<input value={title} maxLength={200} onInput={e => setTitle(e.currentTarget.value)} /></label> : null}
        <p class="buttons"><button type="submit" class="main" disabled={which === NEW && !title.trim()}>{say('save')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

/** With an agency that has a row in the routing of its class; the daemon says when it has none. */
function ShareForm({alert, leave}: {alert: AlertJson; leave: () => void}) {
  const [agency, setAgency] = useState('');
  const [why, setWhy] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    leave();
    await share(alert, agency.trim(), why);
  }
  return (
    <Dialog title={say('share_title')} leave={leave}>
      <form onSubmit={send}>
        <p>{say('share_lead')}</p>
        <label class="line">{say('share_agency')}<input value={agency} required maxLength={64} placeholder="polri" onInput={e => setAgency(e.currentTarget.value)} /></label>
        <Note value={why} set={setWhy} label={say('reason')} />
        <p class="buttons"><button type="submit" class="main" disabled={!why.trim() || !agency.trim()}>{say('send')}</button>
          <button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

/** Whichever dialog is asked for. */
export function Acts({asked, alerts, leave, ask}: Props) {
  const [proposed, setProposed] = useState<{alerts: AlertJson[]; why: string} | null>(null);
  if (proposed) return <SnoozeForm alerts={proposed.alerts} because={proposed.why} leave={() => setProposed(null)} />;
  if (!asked || !alerts.length) return null;
  if (asked === 'close' || asked === 'escalate-close')
    return <CloseForm alerts={alerts} leave={leave} escalate={asked === 'escalate-close'} propose={(closed, why) => setProposed({alerts: closed, why})} />;
  if (asked === 'comment' || asked === 'escalate' || asked === 'reopen') return <TextForm alerts={alerts} leave={leave} act={asked} />;
  if (asked === 'snooze') return <SnoozeForm alerts={alerts} leave={leave} />;
  if (asked === 'share') return <ShareForm alert={alerts[0]!} leave={leave} />;
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
      {may('rules') ? <button type="button" onClick={() => ask('snooze')}>{say('snooze')} <kbd>m</kbd></button> : null}
      <button type="button" onClick={() => ask('case')}>{say('to_case')}</button>
      {may('rules') && alerts.length === 1 ? <button type="button" onClick={() => ask('share')}>{say('share')}</button> : null}
      {route.value.page !== 'alert' && alerts.length === 1 ? <>
        <button type="button" onClick={() => go('alert', alerts[0]!.event.id, {show: 'packets'})}>{say('key_pcap')} <kbd>p</kbd></button>
        <button type="button" onClick={() => go('alert', alerts[0]!.event.id, {show: 'proof'})}>{say('key_proof')} <kbd>v</kbd></button></> : null}
    </p>
  );
}
