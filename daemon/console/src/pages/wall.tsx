// The wall: read from five metres, touched by nobody, honest about its own age.
import {useEffect, useMemo, useState} from 'preact/hooks';
import {get, query as parameters} from '../api';
import {dataAge, now, stale} from '../state';
import {say, sayOr} from '../text';
import {clock, number, percent, span, visible, ZONES} from '../format';
import {status, useFit, usePoll} from '../ui/hooks';
import {Age, Bar, Exercise, Figure, Panel, Severity, severityOf, Shape, Sparkline, Text, Time} from '../ui/parts';
import {toneOf} from './areas';
import {bucketsOf} from '../histogram';
import {follow, type Tail} from '../live';
import {SEVERITIES, type AlertJson, type AlertPage, type CaseJson, type CoverageJson, type CoverageRow, type DeliveryRow, type HistogramJson, type SensorRow} from '../types';

function Clocks() {
  return (
    <span class="clocks">
      {ZONES.map(({name, zone}) => <span key={name}><b>{clock(new Date(now.value), zone, name === 'WIB')}</b> {name}</span>)}
    </span>
  );
}

interface EvidenceJson {
  size: number;
  checkpoint_time?: string | null;
  witnesses?: {name: string; last: string | null}[];
}

function Strip() {
  const state = status.value;
  const {data: evidence} = usePoll<EvidenceJson>('evidence', 15_000);
  const cosign = (evidence?.witnesses ?? []).map(one => one.last).filter(Boolean).sort().at(-1);
  return (
    <header class="strip">
      <h1>Kentongan <small><Text of={state?.name} /></small></h1>
      <span class={'ready ' + (!state || stale.value ? 'quiet' : state.ready ? 'ok' : 'critical')}>
        {!state || stale.value ? say('unknown') : state.ready ? <><Shape name="ok" /> {say('ready')}</> : <><Shape name="critical" /> {say('not_ready')} <Text of={state.reasons.join('; ')} /></>}
      </span>
      <span>{say('phase')}: <b>{state?.phase ? <><Text of={state.phase.name} /> <span class="quiet">{say('until')} <Time of={state.phase.ends} /></span></> : say('phase_none')}</b></span>
      <Clocks />
      <span>{say('evidence_log')}: <b>{evidence ? number(evidence.size) : '–'}</b> {cosign ? <span class="quiet">{say('last_cosign')} <Age of={cosign} /></span> : null}</span>
      <span class={'age ' + (stale.value ? 'critical' : 'quiet')} role="status">{stale.value ? `${say('stale')} ${span(dataAge.value / 1000)}` : `${say('data_age')} ${span(dataAge.value / 1000)} ${say('old')}`}</span>
    </header>
  );
}

interface StallJson {
  area?: string;
  cause?: string;
  since?: string;
}

function Tile({row, stall}: {row: CoverageRow; stall?: StallJson}) {
  return (
    <li class={'tile ' + toneOf(row)} data-area={row.area} data-received={row.received}>
      <span class="name"><Text of={row.name.replace(/^KECAMATAN /, 'Kec. ')} title /></span>
      <b>{percent(row.percent)}</b>{row.forecast ? <span class="quiet"> → {percent(row.forecast.percent, 0)}</span> : null}
      <Bar share={row.percent / 100} target={(row.target?.percent ?? 100) / 100} tone={toneOf(row)} />
      <small>{number(row.received)}/{number(row.expected)}{row.rate_per_hour === undefined ? '' : ` · ${number(row.rate_per_hour)}/j`}{stall?.cause ? ` · ${visible(stall.cause)}` : ''}</small>
    </li>
  );
}

/** All areas below the highest one, the slowest first: kota, then their kecamatan. */
function useTiles(): CoverageRow[] {
  const [rows, setRows] = useState<CoverageRow[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const spread = async (list: CoverageRow[]): Promise<CoverageRow[]> => {
      const pages = await Promise.all(list.slice(0, 12).map(row => get<CoverageJson>('coverage' + parameters({area: row.area}), stop.signal)));
      return pages.flatMap(page => page.areas);
    };
    const load = async () => {
      try {
        let list = (await get<CoverageJson>('coverage', stop.signal)).areas;
        while (list.length > 0 && list.length < 12 && (list[0]?.area.length ?? 10) < 6) list = await spread(list);
        if (!stop.signal.aborted) setRows([...list].sort((a, b) => a.percent - b.percent));
      } catch {
        // the age of the data tells
      }
      if (!stop.signal.aborted) timer = setTimeout(load, 5000);
    };
    void load();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, []);
  return rows;
}

function Coverage() {
  const {data} = usePoll<CoverageJson>('coverage', 5000);
  const {data: stalls} = usePoll<AlertPage>('alerts' + parameters({q: 'rule.id : *upload_stall* and not state : closed', limit: 50}), 15_000);
  const tiles = useTiles();
  const [box, fit] = useFit(9.2, 4.9, .4);
  const causes = useMemo(() => new Map((stalls?.alerts ?? []).map(alert => {
    const area = alert.kentongan?.sirekap?.area ?? '';
    const cause = /(ddos|our outage|upstream outage|quiet hour|sensor blind)/i.exec(alert.message ?? '')?.[1] ?? alert.rule?.name ?? '';
    return [area, {area, cause}] as const;
  })), [stalls]);
  if (!data) return <Panel title={say('coverage')}><p class="hatched">{say('no_sight')}</p></Panel>;
  const {whole} = data;
  const left = whole.target ? (Date.parse(whole.target.time) - Date.parse(data.time)) / 1000 : null;
  return (
    <Panel title={say('coverage')} extra={<span class="quiet">{say('worst_first')}</span>}>
      <div class="figures">
        <Figure value={<span id="coverage-percent" data-received={whole.received}>{percent(whole.percent, 2)}</span>} label={`${number(whole.received)} / ${number(whole.expected)} TPS`} tone={toneOf(whole)} />
        {whole.rate_per_hour === undefined ? null : <Figure value={number(whole.rate_per_hour)} label={say('rate')} />}
        {whole.forecast ? <Figure value={percent(whole.forecast.percent)} label={say('forecast')} /> : null}
        {left === null ? null : <Figure value={left > 0 ? span(left) : say('flag_missed')} label={say('remaining')} />}
      </div>
      <ul class="tiles" ref={box}>{tiles.slice(0, fit).map(row => <Tile key={row.area} row={row} stall={causes.get(row.area)} />)}</ul>
    </Panel>
  );
}

function Alerts() {
  const [list, setList] = useState<AlertJson[]>([]);
  const [tail, setTail] = useState<Tail | null>(null);
  const q = 'severity >= medium and not state : closed and not suppressed : *';
  const {data} = usePoll<AlertPage>('alerts' + parameters({q, limit: 40}), 10_000);
  const {data: oldest} = usePoll<AlertPage>('alerts' + parameters({q: 'severity : critical and state : new and not suppressed : *', limit: 1, order: 'oldest'}), 5000);
  const {data: hour} = usePoll<HistogramJson>('alerts/histogram' + parameters({q: '@timestamp >= now-1h', interval: '1m'}), 15_000);
  const {data: bySeverity} = usePoll<{groups: {value: string; count: number}[]}>('alerts/count' + parameters({q: 'not state : closed', by: 'severity'}), 10_000);
  useEffect(() => { if (data) setList(data.alerts); }, [data]);
  useEffect(() => {
    const made = follow(q, fresh => setList(before => {
      const ids = new Set(fresh.map(alert => alert.event.id));
      return [...fresh.slice().reverse(), ...before.filter(alert => !ids.has(alert.event.id))].slice(0, 40);
    }), () => undefined);
    setTail(made);
    return () => made.close();
  }, []);
  const [box, fit] = useFit(0, 2, 0);
  const counts = Object.fromEntries((bySeverity?.groups ?? []).map(one => [one.value, one.count]));
  const waiting = oldest?.alerts[0];
  return (
    <Panel title={say('open_alerts')} extra={<><Sparkline values={hour ? bucketsOf(hour, now.value / 1000, 60).counts : []} label={say('last_hour')} />
      <span class={'tail ' + (tail?.state.value ?? '')}>{tail ? say(`tail_${tail.state.value}`) : ''}</span></>}>
      <div class="figures severities">
        {SEVERITIES.map(name => <Figure key={name} tone={name} value={<><Shape name={name} /> {number(counts[name])}</>} label={say(name)} />)}
      </div>
      <p class={'waiting ' + (waiting ? 'critical' : 'quiet')} role="status">
        {waiting ? <><Shape name="critical" /> {say('oldest_critical')}: <b><Age of={waiting.event.created ?? waiting['@timestamp']} /></b> <Text of={waiting.rule?.name} /></> : <>{say('no_critical')}</>}
      </p>
      <ol class="stream" ref={box}>
        {list.slice(0, fit).map(alert => (
          <li key={alert.event.id} class={severityOf(alert)}>
            <Severity name={severityOf(alert)} /><Time of={alert.kentongan?.last_seen ?? alert['@timestamp']} short />
            <span class="cut"><Exercise on={alert.labels?.exercise === 'true' && !status.value?.exercise} /><b><Text of={alert.rule?.name} /></b></span>
            <span class="quiet">{sayOr('state_' + (alert.kentongan?.state ?? 'new'), '')} {alert.kentongan?.assignee ? <Text of={alert.kentongan.assignee} /> : null}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Sensors() {
  const {data} = usePoll<{sensors: SensorRow[]}>('sensors', 5000);
  const list = data?.sensors ?? [];
  const alive = list.filter(one => one.alive !== false).length;
  const blind = list.filter(one => one.alive === false || (one.blind ?? []).length > 0);
  const worst = Math.max(0, ...list.map(one => one.drop_ratio ?? 0));
  const lag = Math.max(0, ...list.map(one => one.lag_seconds ?? 0));
  return (
    <Panel title={say('sensors')}>
      <div class="figures">
        <Figure value={data ? `${alive}/${list.length}` : '–'} label={say('sensors_alive')} tone={data && alive < list.length ? 'critical' : ''} />
        <Figure value={percent(100 * worst, 2)} label={say('drops')} tone={worst > 0.001 ? 'high' : ''} />
        <Figure value={span(lag)} label={say('lag')} tone={lag > 60 ? 'high' : ''} />
      </div>
      {blind.length === 0 ? <p class="quiet">{data ? say('no_blind') : say('no_sight')}</p> : (
        <ul class="blind">{blind.map(one => <li key={one.source}><Shape name="high" /> <b><Text of={one.source} /></b> <Text of={(one.blind ?? []).join('; ') || say('dead')} /></li>)}</ul>
      )}
    </Panel>
  );
}

function Deliveries() {
  const {data} = usePoll<{deliveries: DeliveryRow[]}>('deliveries', 5000);
  const {data: cases} = usePoll<{cases: CaseJson[]}>('cases' + parameters({state: 'open'}), 15_000);
  return (
    <Panel title={say('deliveries')}>
      <table>
        <thead><tr><th scope="col">{say('destination_col')}</th><th scope="col" class="n">{say('delivered')}</th><th scope="col">{say('last_delivered')}</th>
          <th scope="col" class="n">{say('waiting')}</th><th scope="col" class="n">{say('given_up')}</th></tr></thead>
        <tbody>{(data?.deliveries ?? []).map(one => (
          <tr key={one.destination}>
            <th scope="row"><Text of={one.destination} /></th>
            <td class="n">{number(one.delivered)}</td><td class="quiet"><Age of={one.last_delivered} /></td>
            <td class={'n ' + (one.pending ? 'high' : 'quiet')}>{number(one.pending)} {one.oldest_pending ? <small class="high"><Age of={one.oldest_pending} /></small> : null}</td>
            <td class={'n ' + (one.dead ? 'critical' : 'quiet')}>{one.dead ? <Shape name="critical" /> : null} {number(one.dead)}</td>
          </tr>
        ))}</tbody>
      </table>
      {(cases?.cases ?? []).filter(one => one.clocks?.length).slice(0, 5).map(one => (
        <p key={one.id} class="clock"><b><Text of={one.id} /></b> {one.clocks!.map(c => <Countdown key={c.name} due={c.due} met={c.met} name={c.name} />)}</p>
      ))}
    </Panel>
  );
}

export function Countdown({due, met, name}: {due: string; met?: string | null; name: string}) {
  const left = (Date.parse(due) - now.value) / 1000;
  const label = name === 'pdp' ? say('clock_pdp') : say('clock_bssn');
  if (met) return <span class="ok"><Shape name="ok" /> {label} <Time of={met} /></span>;
  return <span class={left < 0 ? 'critical' : left < 4 * 3600 ? 'high' : ''}>{label}: <b>{left < 0 ? `${say('overdue')} ${span(-left)}` : span(left)}</b></span>;
}

interface ServiceJson {
  service: string;
  requests_per_second: number;
  error_share: number;
  p95_seconds?: number | null;
}

function Services() {
  const {data} = usePoll<{services: ServiceJson[]}>('services', 5000);
  const state = status.value;
  const list = data?.services ?? [];
  return (
    <footer class="services" aria-label={say('services')}>
      {list.map(one => (
        <span key={one.service} class={one.error_share > 0.05 ? 'critical' : ''}><b><Text of={one.service} /></b> {number(Math.round(one.requests_per_second))} {say('requests')} · {percent(100 * one.error_share)} {say('errors5xx')}
          {one.p95_seconds ? ` · ${say('p95')} ${number(Math.round(one.p95_seconds * 1000))} ms` : ''}</span>
      ))}
      {list.length ? null : <span class="quiet">{say('services')}: {say('no_sight')}</span>}
      <span class="quiet">v<Text of={state?.version} /></span>
    </footer>
  );
}

export function Wall() {
  return (
    <main id="main" class={'wall ' + (stale.value ? 'is-stale' : '')} tabIndex={-1}>
      {status.value?.exercise ? <p class="banner exercise" role="status">{say('exercise_banner')}</p> : null}
      <Strip />
      <div class="zones"><Coverage /><Alerts /><div class="side"><Sensors /><Deliveries /></div></div>
      <Services />
    </main>
  );
}
