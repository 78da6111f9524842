// Cases: alerts that belong together, their timeline, and the clocks the law sets running.
import {useState} from 'preact/hooks';
import {call, get, post, query as parameters} from '../api';
import {may, toast} from '../state';
import {address, go, route} from '../route';
import {say, sayOr} from '../text';
import {number, visible} from '../format';
import {usePoll} from '../ui/hooks';
import {Dialog, Loading, Panel, Severity, severityOf, State, Text, Time, Tlp, Trouble} from '../ui/parts';
import {Countdown} from './wall';
import type {AlertPage, CaseJson, SeverityName} from '../types';

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

function Ask({title, label, leave, done}: {title: string; label: string; leave: () => void; done: (text: string) => Promise<void>}) {
  const [text, setText] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    try {
      await done(text.trim());
      leave();
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={title} leave={leave}>
      <form onSubmit={send}>
        <label class="line">{label}<textarea rows={3} maxLength={2000} data-first value={text} onInput={e => setText(e.currentTarget.value)} /></label>
        <p class="buttons"><button type="submit" class="main" disabled={!text.trim()}>{say('save')}</button><button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
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
  const told = /^(alert\.[a-z_]+) delivered to (.+)$/.exec(text);
  if (told) return `${sayOr('type_' + told[1], told[1]!)} ${say('delivered_to')} ${told[2]}`;
  const act = /^([a-z_]+)(: .*)?$/s.exec(text);
  if (act) return sayOr('done_' + act[1], act[1]!) + (act[2] ?? '');
  return text.replace('LATIHAN (exercise): ', '');
}

export function Case() {
  const id = route.value.argument;
  const path = 'cases/' + encodeURIComponent(id);
  const {data: one, error, again} = usePoll<CaseJson>(path, 5000);
  const {data: timeline} = usePoll<{timeline: TimelineEntry[]}>(path + '/timeline', 10_000);
  const {data: alerts} = usePoll<AlertPage>('alerts' + parameters({q: `case : "${id.replace(/["\\]/g, '')}"`, limit: 200}), 10_000);
  const [closing, setClosing] = useState(false);
  if (error && !one) return <main id="main" tabIndex={-1}><h1>{say('cases')}</h1><Trouble error={error} again={again} /></main>;
  if (!one) return <main id="main" tabIndex={-1}><h1>{say('cases')}</h1><Loading /></main>;
  return (
    <main id="main" tabIndex={-1}>
      <p><a href={address('cases')}>← {say('cases')}</a></p>
      <h1><Text of={one.title} /> <small><Text of={one.id} /></small></h1>
      <p>{one.severity ? <Severity name={one.severity as SeverityName} /> : null} <Tlp of={one.tlp} /> {one.breach ? <span class="high">{say('breach')}</span> : null} {say('owner')}: <Text of={one.owner} /></p>
      <p class="clock">{(one.clocks ?? []).map(c => <Countdown key={c.name} {...c} />)}</p>
      <p class="buttons">
        <button type="button" onClick={() => void save(path + '/report' + parameters({format: 'html'}), `laporan-bssn-${id}.html`)}>{say('report_bssn')}</button>
        <button type="button" onClick={() => void save(path + '/statement', `pernyataan-${id}.txt`)}>{say('statement')}</button>
        {may('cases') && !one.closed ? <button type="button" onClick={() => setClosing(true)}>{say('close_case')}</button> : null}
      </p>
      <Panel title={say('timeline')}>
        <ol class="timeline">{(timeline?.timeline ?? []).map((entry, i) => (
          <li key={i}><Time of={entry.at} /> {entry.who ? <b><Text of={entry.who} /></b> : null} {entry.alert ? <a href={address('alert', entry.alert)}><Text of={worded(entry.text)} /></a> : <Text of={worded(entry.text)} />}</li>
        ))}</ol>
      </Panel>
      <Panel title={say('alerts')}>
        <ul class="related">{(alerts?.alerts ?? []).map(alert => (
          <li key={alert.event.id}><Severity name={severityOf(alert)} /> <Time of={alert['@timestamp']} /> <a href={address('alert', alert.event.id)}><Text of={alert.rule?.name} /></a> <State of={alert} /></li>
        ))}</ul>
      </Panel>
      {closing ? <Ask title={say('close_case')} label={say('summary')} leave={() => setClosing(false)} done={async summary => {
        const fresh = await get<CaseJson>(path);
        await post(path + ':close', {summary}, fresh.revision === undefined ? {} : {'If-Match': `"${fresh.revision}"`});
        again();
      }} /> : null}
    </main>
  );
}
