// Cases: alerts that belong together, their timeline, and the clocks the law sets running.
import {useState} from 'preact/hooks';
import {call, post, query as parameters} from '../api';
import {may, now, toast} from '../state';
import {address, go, route} from '../route';
import {say, sayOr} from '../text';
import {number, visible, visibleLines} from '../format';
import {usePoll} from '../ui/hooks';
import {Ask, Dialog, Loading, Panel, Severity, severityOf, State, Text, Time, Tlp, Trouble, When} from '../ui/parts';
import {Countdown} from './wall';
import {SEVERITIES, type AlertPage, type CaseJson, type SeverityName} from '../types';

interface TimelineEntry {
  at: string;
  kind: string;
  who?: string;
  text: string;
  alert?: string;
}

async function save(path: string, name: string) {
  try {
    const reply = await call(path);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await reply.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (problem) {
    toast(visible((problem as Error).message), {bad: true});
  }
}

const counted = (alerts: CaseJson['alerts']) => (Array.isArray(alerts) ? alerts.length : alerts ?? 0);

export function Cases() {
  const [asking, setAsking] = useState(false);
  const {data, error, again} = usePoll<{cases: CaseJson[]}>('cases', 10_000);
  return (
    <main id="main" tabIndex={-1}>
      <h1>{say('cases')}</h1>
      {may('cases') ? <p class="buttons"><button type="button" onClick={() => setAsking(true)}>{say('new_case')}</button></p> : null}
      {error ? <Trouble error={error} again={again} /> : null}
      {!data ? (error ? null : <Loading />) : data.cases.length === 0 ? <p class="empty">{say('no_cases')}</p> : (
        <table class="wide">
          <thead><tr><th scope="col">{say('id')}</th><th scope="col">{say('case_title')}</th><th scope="col">{say('col_severity')}</th><th scope="col">{say('state')}</th>
            <th scope="col">{say('owner')}</th><th scope="col" class="n">{say('alerts')}</th><th scope="col">{say('discovered')}</th><th scope="col">{say('clock_bssn')}</th></tr></thead>
          <tbody>{data.cases.map(one => (
            <tr key={one.id}>
              <th scope="row"><a href={address('cases', one.id)}><Text of={one.id} /></a></th>
              <td><Text of={one.title} /> {one.breach ? <small class="high">{say('breach')}</small> : null}</td>
              <td>{one.severity ? <Severity name={one.severity as SeverityName} /> : '–'}</td>
              <td>{sayOr('state_' + (one.state ?? ''), visible(one.state))}</td><td><Text of={one.owner} /></td>
              <td class="n">{number(counted(one.alerts))}</td><td><Time of={one.discovered} /></td>
              <td><span class="clock">{(one.clocks ?? []).map(c => <Countdown key={c.name} {...c} bare={c.name !== 'pdp'} />)}</span></td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {asking ? <Ask title={say('new_case')} label={say('case_title')} leave={() => setAsking(false)} done={async title => {
        const made = await post<{id: string}>('cases', {title, alerts: []});
        go('cases', made.id);
      }} /> : null}
    </main>
  );
}

/** The daemon's words for acts and messages, as the console says them; all else as it is. */
function worded(text: string): string {
  const told = /^(alert\.[a-z_]+) (delivered to|queued for) (.+)$/.exec(text);
  if (told) return `${sayOr('type_' + told[1], told[1]!)} ${say(told[2] === 'queued for' ? 'not_yet_to' : 'delivered_to')} ${told[3]}`;
  const act = /^([a-z_]+)(?: \(([a-z]+) → ([a-z]+)\))?(: .*)?$/s.exec(text);
  if (act) return sayOr('done_' + act[1], act[1]!) + (act[2] ? ` (${sayOr('state_' + act[2], act[2])} → ${sayOr('state_' + act[3], act[3]!)})` : '') + (act[4] ?? '');
  return text.replace('LATIHAN (exercise): ', '');
}

const LEVELS = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

/** What is said of a case; sent are only the members that were changed. */
function CaseEdit({one, leave, change}: {one: CaseJson; leave: () => void; change: (what: Partial<CaseJson>) => Promise<void>}) {
  const [now_, set] = useState<Partial<CaseJson>>({});
  const value = <N extends keyof CaseJson>(name: N) => (name in now_ ? now_[name] : one[name]);
  const put = (what: Partial<CaseJson>) => set({...now_, ...what});
  async function send(event: Event) {
    event.preventDefault();
    try {
      await change(now_);
      leave();
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={say('edit_case')} leave={leave}>
      <form onSubmit={send}>
        <label class="line">{say('case_title')}<input required maxLength={200} data-first value={value('title') ?? ''} onInput={e => put({title: e.currentTarget.value})} /></label>
        <label class="line">{say('owner')}<input maxLength={128} value={value('owner') ?? ''} onInput={e => put({owner: e.currentTarget.value})} /></label>
        <label class="line">{say('col_severity')}<select value={value('severity') ?? 'medium'} onChange={e => put({severity: e.currentTarget.value})}>
          {SEVERITIES.map(name => <option key={name} value={name}>{say(name)}</option>)}</select></label>
        <label class="line">{say('tlp')}<select value={value('tlp') ?? 'AMBER'} onChange={e => put({tlp: e.currentTarget.value})}>
          {LEVELS.map(name => <option key={name} value={name}>{name}</option>)}</select></label>
        <label class="choice"><input type="checkbox" checked={value('breach') ?? false} onChange={e => put({breach: e.currentTarget.checked})} /> {say('breach')}</label>
        <label class="line">{say('case_what')}<textarea rows={4} maxLength={16000} value={value('description') ?? ''} onInput={e => put({description: e.currentTarget.value})} /></label>
        <label class="line">{say('case_impact')}<textarea rows={3} maxLength={16000} value={value('impact') ?? ''} onInput={e => put({impact: e.currentTarget.value})} /></label>
        <p class="buttons"><button type="submit" class="main" disabled={!Object.keys(now_).length}>{say('save')}</button><button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

const WIB_MS = 7 * 3600_000;

/** When it was reported or notified, which stops that clock; WIB, as the clocks on the wall. */
function ClockForm({title, leave, done}: {title: string; leave: () => void; done: (at: string) => Promise<void>}) {
  const [at, setAt] = useState(new Date(now.value + WIB_MS).toISOString().slice(0, 16));
  async function send(event: Event) {
    event.preventDefault();
    try {
      await done(new Date(at + ':00+07:00').toISOString());
      leave();
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={title} leave={leave}>
      <form onSubmit={send}>
        <label class="line">{say('clock_when')}<input type="datetime-local" required data-first value={at} onInput={e => setAt(e.currentTarget.value)} /></label>
        <p class="quiet">{say('clock_stops')}</p>
        <p class="buttons"><button type="submit" class="main" disabled={!at}>{say('save')}</button><button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}

export function Case() {
  const id = route.value.argument;
  const path = 'cases/' + encodeURIComponent(id);
  const {data: one, error, again} = usePoll<CaseJson>(path, 5000);
  const {data: timeline, again: againTimeline} = usePoll<{timeline: TimelineEntry[]}>(path + '/timeline', 10_000);
  const {data: alerts, again: againAlerts} = usePoll<AlertPage>('alerts' + parameters({q: `case : "${id.replace(/["\\]/g, '')}"`, limit: 200}), 10_000);
  const [asked, setAsked] = useState<'edit' | 'reported' | 'notified' | 'close' | null>(null);
  const leave = () => setAsked(null);
  const able = may('cases') && !one?.closed;
  /** At the revision that is shown: what somebody else has changed meanwhile is not overwritten. */
  async function change(what: object, to = path) {
    await post(to, what, one?.revision === undefined ? {} : {'If-Match': `"${one.revision}"`});
    again();
    againTimeline();
    againAlerts();
  }
  async function takeOut(alert: string) {
    try {
      await change({remove: [alert]}, path + '/alerts');
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  if (error && !one) return <main id="main" tabIndex={-1}><h1>{say('cases')}</h1><Trouble error={error} again={again} /></main>;
  if (!one) return <main id="main" tabIndex={-1}><h1>{say('cases')}</h1><Loading /></main>;
  return (
    <main id="main" tabIndex={-1}>
      <p><a href={address('cases')}>← {say('cases')}</a></p>
      <h1><Text of={one.title} /> <small><Text of={one.id} /></small></h1>
      <p>{one.severity ? <Severity name={one.severity as SeverityName} /> : null} <Tlp of={one.tlp} /> {one.breach ? <span class="high">{say('breach')}</span> : null} {say('owner')}: <Text of={one.owner || '–'} /> · {say('state')}: {sayOr('state_' + (one.state ?? ''), visible(one.state))}</p>
      <p class="clock">{(one.clocks ?? []).map(c => <Countdown key={c.name} {...c} />)}</p>
      <p class="buttons">
        <button type="button" onClick={() => void save(path + '/report' + parameters({format: 'html'}), `laporan-bssn-${id}.html`)}>{say('report_bssn')}</button>
        <button type="button" onClick={() => void save(path + '/statement', `pernyataan-${id}.txt`)}>{say('statement')}</button>
        {able ? <>
          <button type="button" onClick={() => setAsked('edit')}>{say('edit_case')}</button>
          {one.reported ? null : <button type="button" onClick={() => setAsked('reported')}>{say('set_reported')}</button>}
          {one.breach && !one.notified ? <button type="button" onClick={() => setAsked('notified')}>{say('set_notified')}</button> : null}
          <button type="button" onClick={() => setAsked('close')}>{say('close_case')}</button></> : null}
      </p>
      <Panel title={say('case_what')}>
        {one.description ? <p class="prose"><bdi>{visibleLines(one.description)}</bdi></p> : <p class="quiet">{say('not_written')}</p>}
        <dl class="facts">
          <dt>{say('case_impact')}</dt><dd class="prose"><bdi>{visibleLines(one.impact || '–')}</bdi></dd>
          <dt>{say('discovered')}</dt><dd><When of={one.discovered} /></dd><dt>{say('opened')}</dt><dd><When of={one.opened} /></dd>
          <dt>{say('reported')}</dt><dd><When of={one.reported} /></dd>
          {one.breach ? [<dt key="n">{say('notified')}</dt>, <dd key="nv"><When of={one.notified} /></dd>] : null}
          {one.closed ? [<dt key="c">{say('closed_at')}</dt>, <dd key="cv"><When of={one.closed} /></dd>] : null}
          {one.summary ? [<dt key="s">{say('summary')}</dt>, <dd key="sv" class="prose"><bdi>{visibleLines(one.summary)}</bdi></dd>] : null}
        </dl>
      </Panel>
      <Panel title={say('timeline')}>
        <ol class="timeline">{(timeline?.timeline ?? []).map((entry, i) => (
          <li key={i}><When of={entry.at} /> {entry.who ? <b><Text of={entry.who} /></b> : null} {entry.alert ? <a href={address('alert', entry.alert)}><Text of={worded(entry.text)} /></a> : <Text of={worded(entry.text)} />}</li>
        ))}</ol>
      </Panel>
      <Panel title={say('alerts')}>
        <ul class="related">{(alerts?.alerts ?? []).map(alert => (
          <li key={alert.event.id}><Severity name={severityOf(alert)} /> <Time of={alert['@timestamp']} /> <a href={address('alert', alert.event.id)}><Text of={alert.rule?.name} /></a> <State of={alert} />
            {able ? <button type="button" class="plain" aria-label={`${say('take_out')}: ${visible(alert.rule?.name)}`} onClick={() => void takeOut(alert.event.id)}>{say('take_out')}</button> : null}</li>
        ))}</ul>
      </Panel>
      {asked === 'edit' ? <CaseEdit one={one} leave={leave} change={change} /> : null}
      {asked === 'reported' || asked === 'notified' ? <ClockForm title={say(`set_${asked}`)} leave={leave} done={at => change({[asked]: at})} /> : null}
      {asked === 'close' ? <Ask title={say('close_case')} label={say('summary')} leave={leave} done={summary => change({summary}, path + ':close')} /> : null}
    </main>
  );
}
