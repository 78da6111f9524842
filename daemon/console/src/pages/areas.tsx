// Coverage from province to TPS: what has come, what was expected, and what is to be looked into.
import {useMemo} from 'preact/hooks';
import {query as parameters} from '../api';
import {language, now} from '../state';
import {address, go, route} from '../route';
import {say} from '../text';
import {hintFor} from '../hints';
import {number, percent, span, visible} from '../format';
import {usePoll} from '../ui/hooks';
import {Lines} from '../ui/chart';
import {Bar, Figure, Loading, Panel, sentence, Severity, severityOf, Shape, State, Text, Time, Trouble} from '../ui/parts';
import {ApiError} from '../api';
import type {AlertPage, CoverageJson, CoverageRow, SeriesJson} from '../types';

export const toneOf = (row: CoverageRow) =>
  row.flag === 'complete' ? 'ok' : row.flag === 'at risk' ? 'high' : row.flag === 'missed' ? 'critical' : '';

export function Flag({of}: {of: CoverageRow}) {
  const text = of.flag === 'complete' ? say('flag_complete') : of.flag === 'at risk' ? say('flag_risk') : of.flag === 'missed' ? say('flag_missed') : '';
  return text ? <span class={'flag ' + toneOf(of)}>{text}</span> : null;
}

/** The codes above an area: 31 > 3171 > 317101 > 3171011001. */
function Path({code}: {code: string}) {
  const parts = [2, 4, 6, 10].filter(n => n <= code.length).map(n => code.slice(0, n));
  return (
    <nav class="path" aria-label={say('areas')}>
      <a href={address('areas')}>{say('province')}</a>
      {parts.map(part => <span key={part}> › <a href={address('areas', part)} aria-current={part === code ? 'page' : undefined}>{visible(part)}</a></span>)}
    </nav>
  );
}

/** What came against what was due; from now on, what is due and what the forecast says. */
function Curve({code, target}: {code: string; target: number | null}) {
  const {data} = usePoll<SeriesJson>('coverage/series' + parameters({area: code}), 30_000);
  const seconds = (list: string[]) => list.map(t => Date.parse(t) / 1000);
  const times = useMemo(() => (data ? seconds([...data.times, ...data.ahead.times]) : []), [data]);
  const lines = useMemo(() => {
    if (!data) return [];
    const {ahead} = data;
    const none = (list: unknown[]) => list.map(() => null);
    // Where the future has no forecast yet, its lines are left out.
    const later = (values: number[]) => [...none(data.received.slice(1)), data.received.at(-1) ?? null, ...values];
    const all = data.times.length + ahead.times.length;
    return [
      {label: say('received'), values: [...data.received, ...none(ahead.times)], colour: '--accent'},
      {label: say('due'), values: [...data.due, ...ahead.due], colour: '--quiet', dash: [6, 4]},
      ...(ahead.forecast.length === 0 ? [] : [
        {label: say('forecast'), values: later(ahead.forecast), colour: '--medium'},
        {label: say('band_low'), values: later(ahead.low), colour: '--medium', dash: [2, 4]},
        {label: say('band_high'), values: later(ahead.high), colour: '--medium', dash: [2, 4]},
      ]),
      ...(target === null ? [] : [{label: say('target'), values: Array<number>(all).fill(target), colour: '--high', dash: [10, 4]}]),
    ];
  }, [data, target, language.value]);
  if (!times.length) return <p class="quiet">{say('no_data')}</p>;
  return <><Lines times={times} lines={lines} label={say('curve')} /><p class="quiet">{say('curve_hint')}</p></>;
}

/** The polling stations of a kelurahan: which have sent something, and when. */
function Stations({list}: {list: {tps: string; first: string | null}[]}) {
  return (
    <ul class="stations">{list.map(one => (
      <li key={one.tps} class={one.first ? 'ok' : 'quiet'} data-came={one.first !== null}>
        <b>TPS {visible(one.tps.slice(10))}</b> <span>{one.first ? <><Shape name="ok" /> <Time of={one.first} short /></> : say('tps_missing')}</span>
        <small>{visible(one.tps)}</small>
      </li>
    ))}</ul>
  );
}

/** Nothing to say in the first minutes: little is due then. */
export function Pace({of}: {of: CoverageRow}) {
  if (of.due_percent === undefined || of.due_percent <= 0) return null;
  const gap = Math.round((of.percent - of.due_percent) * of.expected / 100);
  return <span class={gap < 0 ? 'high' : 'quiet'}>{gap < 0 ? <Shape name="high" /> : null} {number(Math.abs(gap))} TPS {say(gap < 0 ? 'behind' : 'ahead')}</span>;
}

/** What is out of order in an area; that a kecamatan passed a step of its coverage is not. */
const queueOf = (code: string, open: boolean) =>
  `ruleset : sirekap and not rule.id : "sirekap:coverage"${open ? ' and not state : closed' : ''}${code ? ` and area : ${code}` : ''}`;

function Queue({code}: {code: string}) {
  const q = queueOf(code, true);
  const {data, error} = usePoll<AlertPage>('alerts' + parameters({q, limit: 50}), 15_000);
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  if (!data.alerts.length) return <p class="quiet">{say('queue_none')}</p>;
  return (
    <table>
      <thead><tr><th scope="col">{say('col_severity')}</th><th scope="col">{say('area_tps')}</th><th scope="col">{say('col_what')}</th><th scope="col">{say('hint')}</th><th scope="col">{say('col_state')}</th></tr></thead>
      <tbody>{data.alerts.map(alert => (
        <tr key={alert.event.id}>
          <td><Severity name={severityOf(alert)} /></td>
          <td><Text of={alert.kentongan?.sirekap?.tps ?? alert.kentongan?.sirekap?.area} /></td>
          <td><a href={address('alert', alert.event.id)}><Text of={alert.rule?.name} /></a><br /><small><Text of={sentence(alert)} /></small></td>
          <td class="quiet">{hintFor(alert.rule?.id ?? '')}</td>
          <td><State of={alert} /></td>
        </tr>
      ))}</tbody>
    </table>
  );
}

export function Areas() {
  const code = route.value.argument;
  const {data, error} = usePoll<CoverageJson>('coverage' + parameters({area: code}), 5000);
  if (error && !data) {
    const missing = error instanceof ApiError && error.status === 404;
    return <main id="main" tabIndex={-1}><h1>{say('areas')}</h1>{missing ? <p class="empty">{code ? <Text of={error.detail} /> : say('no_register')}</p> : <Trouble error={error} />}</main>;
  }
  if (!data) return <main id="main" tabIndex={-1}><h1>{say('areas')}</h1><Loading /></main>;
  const {whole} = data;
  const deadline = whole.target ? (Date.parse(whole.target.time) - now.value) / 1000 : null;
  return (
    <main id="main" class="areas" tabIndex={-1}>
      <h1>{code ? <Text of={whole.name} /> : say('areas')} <Flag of={whole} /></h1>
      <Path code={code} />
      <div class="figures">
        <Figure value={percent(whole.percent, 2)} label={`${number(whole.received)} / ${number(whole.expected)} TPS`} tone={toneOf(whole)} />
        {whole.due_percent === undefined ? null : <Figure value={percent(whole.due_percent)} label={say('due_now')} />}
        <Figure value={number(whole.complete)} label={say('complete')} />
        {whole.rate_per_hour === undefined ? null : <Figure value={number(whole.rate_per_hour)} label={say('rate')} />}
        {whole.forecast ? <Figure value={percent(whole.forecast.percent)} label={`${say('forecast')} (${percent(whole.forecast.low)}–${percent(whole.forecast.high)})`} /> : null}
        {deadline === null ? null : <Figure value={deadline > 0 ? span(deadline) : say('flag_missed')} label={`${say('remaining')} (${percent(whole.target!.percent, 0)})`} tone={deadline > 0 ? '' : toneOf(whole)} />}
        <Figure value={<Time of={data.time} short />} label={say('last_event')} />
      </div>
      <p><Pace of={whole} /></p>
      <Panel title={say('curve')}><Curve code={code} target={whole.target ? Math.ceil(whole.expected * whole.target.percent / 100) : null} /></Panel>
      {data.tps?.length ? <Panel title={`${say('tps_list')}: ${number(data.tps.filter(one => one.first).length)} ${say('tps_came')}, ${number(data.tps.filter(one => !one.first).length)} ${say('tps_missing')}`}><Stations list={data.tps} /></Panel> : null}
      {data.areas.length ? (
        <Panel title={say('below')}>
          <table class="wide">
            <thead><tr><th scope="col">{say('area')}</th><th scope="col">{say('percent')} / {say('due_now')}</th><th scope="col" class="n">{say('received')}</th>
              <th scope="col" class="n">{say('expected')}</th><th scope="col" class="n">{say('complete')}</th><th scope="col" class="n">{say('rate')}</th>
              <th scope="col" class="n">{say('forecast')}</th><th scope="col">{say('flag')}</th></tr></thead>
            <tbody>{data.areas.map(row => (
              <tr key={row.area}>
                <th scope="row"><a href={address('areas', row.area)}><Text of={row.name || row.area} /></a> <small>{visible(row.area)}</small></th>
                <td><Bar share={row.percent / 100} target={(row.due_percent ?? row.target?.percent ?? 100) / 100} tone={toneOf(row)} /> {percent(row.percent)} <small>/ {percent(row.due_percent ?? row.target?.percent ?? 100)}</small></td>
                <td class="n">{number(row.received)}</td><td class="n">{number(row.expected)}</td><td class="n">{number(row.complete)}</td>
                <td class="n">{row.rate_per_hour === undefined ? '–' : number(row.rate_per_hour)}</td>
                <td class="n">{row.forecast ? percent(row.forecast.percent) : '–'}</td>
                <td><Flag of={row} /></td>
              </tr>
            ))}</tbody>
          </table>
        </Panel>
      ) : null}
      <Panel title={say('queue')} extra={<button type="button" onClick={() => go('inbox', '', {q: queueOf(code, false)})}>{say('inbox')}</button>}><Queue code={code} /></Panel>
    </main>
  );
}
