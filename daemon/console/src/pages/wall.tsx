// The wall: read from five metres, touched by nobody, honest about its own age.
import {useEffect, useMemo, useState} from 'preact/hooks';
import {get, query as parameters} from '../api';
import {dataAge, language, now, stale} from '../state';
import {say, sayOr} from '../text';
import {blindness, unreadiness} from '../said';
import {clock, number, percent, span, visible, ZONES} from '../format';
import {status, useFit, usePoll} from '../ui/hooks';
import {Age, Bar, Exercise, Figure, Panel, Severity, severityOf, Shape, Sparkline, Text, Time} from '../ui/parts';
import {toneOf} from './areas';
import {bucketsOf} from '../histogram';
import {follow, type Tail} from '../live';
import {SEVERITIES, type SeverityName, type AlertJson, type AlertPage, type CaseJson, type CoverageJson, type CoverageRow, type DeliveryRow, type HistogramJson, type SensorRow, type ServiceJson, type StallJson} from '../types';

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
        {!state || stale.value ? say('unknown') : state.ready ? <><Shape name="ok" /> {say('ready')}</> : <><Shape name="critical" /> {say('not_ready')} <Text of={unreadiness(state)} /></>}
      </span>
      <span>{say('phase')}: <b>{state?.phase ? <><Text of={state.phase.name} /> <span class="quiet">{say('until')} <Time of={state.phase.ends} /></span></> : say('phase_none')}</b></span>
      <Clocks />
      <span>{say('evidence_log')}: <b>{evidence ? number(evidence.size) : '–'}</b> {cosign ? <span class="quiet">{say('last_cosign')} <Age of={cosign} /></span> : null}</span>
      <span class="unseen" role="status">{stale.value ? say('stale') : ''}</span>
      <span class={'age ' + (stale.value ? 'critical' : 'quiet')}>{stale.value ? `${say('stale')} ${span(dataAge.value / 1000)}` : `${say('data_age')} ${span(dataAge.value / 1000)} ${say('old')}`}</span>
    </header>
  );
}

/** Of areas where uploads are stopped now: why, by the newest record of the stop. A role that sees evidence finds it there. */
function stallOf(alert: AlertJson): StallJson | null {
  const own = alert.kentongan ?? {};
  if (own.stall) return own.stall;
  for (const {excerpt} of [...(own.evidence ?? [])].reverse()) {
    try {
      const {statement} = JSON.parse(excerpt ?? '') as {statement?: StallJson & {kind?: string}};
      if (statement?.kind === 'upload-stall') return statement;
    } catch {
      // evidence of another kind
    }
  }
  return null;
}

const causeOf = (stall: StallJson) => sayOr('cause_' + (stall.cause ?? '').replaceAll(' ', '_'), visible(stall.cause));

/** The stop of an area, or of one above it: kecamatan, kabupaten/kota, province, all. */
function stallAt(stalls: Map<string, StallJson>, area: string): StallJson | undefined {
  for (const length of [area.length, 6, 4, 2, 0]) {
    const found = length <= area.length ? stalls.get(area.slice(0, length)) : undefined;
    if (found) return found;
  }
  return undefined;
}

function Tile({row, stall}: {row: CoverageRow; stall?: StallJson}) {
  const blind = stall?.cause === 'sensor blind';
  return (
    <li class={`tile ${toneOf(row)} ${blind ? 'blindtile' : ''}`} data-area={row.area} data-received={row.received}>
      <span class="name"><Text of={row.name.replace(/^KECAMATAN /, 'Kec. ')} title /></span>
      <b>{percent(row.percent)}</b>{row.forecast ? <span class="quiet"> → {percent(row.forecast.percent, 0)}</span> : null}
      <Bar share={row.percent / 100} target={(row.due_percent ?? row.target?.percent ?? 100) / 100} tone={toneOf(row)} />
      <small>{stall ? <span class="high"><Shape name="high" /> {causeOf(stall)}{stall.begin ? <> · {say('stopped_since')} <Time of={stall.begin} short /></> : null}</span>
        : <>{number(row.received)}/{number(row.expected)}{row.rate_per_hour === undefined ? '' : ` · ${number(row.rate_per_hour)}${say('per_h')}`}</>}</small>
    </li>
  );
}

const LEAST = 12;     // areas that make an overview: of fewer, those below them are shown
const BEAM = 8;       // areas of each level that are looked into for the slowest kecamatan
const PAGE_MS = 12_000;
const KECAMATAN = 6;  // digits of its code

interface Tiles {
  overview: CoverageRow[];
  kecamatan: CoverageRow[];  // the slowest of the slowest; none where the overview shows them all
}

const worstFirst = (rows: CoverageRow[]) => [...rows].sort((a, b) => a.percent - b.percent);

/** Every area of the highest level that has enough of them, and the slowest kecamatan below, each worst first. */
function useTiles(): Tiles {
  const [tiles, setTiles] = useState<Tiles>({overview: [], kecamatan: []});
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const below = async (list: CoverageRow[], most: number): Promise<CoverageRow[]> => {
      const pages = await Promise.all(list.slice(0, most).map(row => get<CoverageJson>('coverage' + parameters({area: row.area}), stop.signal)));
      return worstFirst(pages.flatMap(page => page.areas));
    };
    const coarse = (list: CoverageRow[]) => list.length > 0 && (list[0]?.area.length ?? 10) < KECAMATAN;
    const load = async () => {
      try {
        let overview = worstFirst((await get<CoverageJson>('coverage', stop.signal)).areas);
        while (coarse(overview) && overview.length < LEAST) overview = await below(overview, LEAST);
        let kecamatan = coarse(overview) ? overview : [];
        while (coarse(kecamatan)) kecamatan = await below(kecamatan, BEAM);
        if (!stop.signal.aborted) setTiles({overview, kecamatan});
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
  return tiles;
}

/** Whole pages of `fit` tiles, one after the other: all of the overview, then one of kecamatan. */
function pagesOf({overview, kecamatan}: Tiles, fit: number): {rows: CoverageRow[]; slowest: boolean}[] {
  const out = [];
  for (let at = 0; at < overview.length; at += fit) out.push({rows: overview.slice(at, at + fit), slowest: false});
  if (kecamatan.length) out.push({rows: kecamatan.slice(0, fit), slowest: true});
  return out;
}

/** Turns by itself, unless the reader wants no movement. */
function usePage(pages: number): [number, () => void] {
  const [page, setPage] = useState(0);
  useEffect(() => {
    if (pages < 2 || matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    const timer = setTimeout(() => setPage(page + 1), PAGE_MS);
    return () => clearTimeout(timer);
  }, [page, pages]);
  return [pages ? page % pages : 0, () => setPage(page + 1)];
}

function Coverage() {
  const {data} = usePoll<CoverageJson>('coverage', 5000);
  const {data: stalls} = usePoll<AlertPage>('alerts' + parameters({q: 'rule.id : *upload-stall* and not state : closed', limit: 50}), 15_000);
  const tiles = useTiles();
  const [box, fit] = useFit(9.2, 5.25, .4);
  const pages = pagesOf(tiles, fit);
  const [at, turn] = usePage(pages.length);
  const shown = pages[at];
  const causes = useMemo(() => {
    const out = new Map<string, StallJson>();
    for (const alert of stalls?.alerts ?? []) {
      const stall = stallOf(alert);
      if (stall && stall.state !== 'flows again') out.set(alert.kentongan?.sirekap?.area ?? '', stall);
    }
    return out;
  }, [stalls]);
  if (!data) return <Panel title={say('coverage')}><p class="hatched">{say('no_sight')}</p></Panel>;
  const {whole} = data;
  const left = whole.target ? (Date.parse(whole.target.time) - Date.parse(data.time)) / 1000 : null;
  return (
    <Panel title={say('coverage')} extra={<span class="quiet">{shown?.slowest ? say('slowest_kecamatan') : say('worst_first')}
      {pages.length > 1 ? <> <button type="button" class="turn" data-page={at} onClick={turn}>{say('page_of')} {at + 1}/{pages.length}</button></> : null}</span>}>
      <div class="figures">
        <Figure value={<span id="coverage-percent" data-received={whole.received}>{percent(whole.percent, 2)}</span>} label={`${number(whole.received)} / ${number(whole.expected)} TPS`} tone={toneOf(whole)} />
        {whole.rate_per_hour === undefined ? null : <Figure value={number(whole.rate_per_hour)} label={say('rate')} />}
        {whole.due_percent === undefined ? null : <Figure value={percent(whole.due_percent)} label={say('due_now')} tone={whole.percent < whole.due_percent ? 'high' : ''} />}
        {whole.forecast ? <Figure value={percent(whole.forecast.percent)} label={say('forecast')} /> : null}
        {left === null ? null : <Figure value={left > 0 ? span(left) : say('flag_missed')} label={say('remaining')} />}
      </div>
      <ul class="tiles" ref={box}>{(shown?.rows ?? []).map(row => <Tile key={row.area} row={row} stall={stallAt(causes, row.area)} />)}</ul>
    </Panel>
  );
}

/** Open alerts of one severity, and when those of the last hour came. */
function Open({name, count}: {name: SeverityName; count: number | undefined}) {
  const {data} = usePoll<HistogramJson>('alerts/histogram' + parameters({q: `severity : ${name} and @timestamp >= now-1h`, interval: '1m'}), 15_000);
  return <Figure tone={name} value={<><Shape name={name} /> {number(count)}</>}
    label={<>{say(name)} <Sparkline values={data ? bucketsOf(data, now.value / 1000, 60).counts : []} label={`${say(name)}, ${say('last_hour')}`} /></>} />;
}

interface Group {
  newest: AlertJson;
  count: number;  // alerts of that rule among those that were read
}

/** One line a rule, the newest first; alerts come in that order. */
function groupsOf(alerts: AlertJson[]): Group[] {
  const groups = new Map<string, Group>();
  for (const alert of alerts) {
    const key = alert.rule?.id ?? alert.event.id;
    const known = groups.get(key);
    if (known) known.count += 1;
    else groups.set(key, {newest: alert, count: 1});
  }
  return [...groups.values()];
}

const READ = 200;  // alerts that the stream is made of

function Alerts() {
  const [list, setList] = useState<AlertJson[]>([]);
  const [tail, setTail] = useState<Tail | null>(null);
  const q = 'severity >= medium and not state : closed and not suppressed : *';
  const {data} = usePoll<AlertPage>('alerts' + parameters({q, limit: READ}), 10_000);
  const {data: oldest} = usePoll<AlertPage>('alerts' + parameters({q: 'severity : critical and state : new and not suppressed : *', limit: 1, order: 'oldest'}), 5000);
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
    <Panel title={say('open_alerts')} extra={<span class={'tail ' + (tail?.state.value ?? '')}>{tail ? say(`tail_${tail.state.value}`) : ''}</span>}>
      <div class="figures severities">
        {SEVERITIES.map(name => <Open key={name} name={name} count={counts[name]} />)}
      </div>
      <span class="unseen" role="status">{waiting ? <>{say('oldest_critical')} <Text of={waiting.rule?.name} /></> : say('no_critical')}</span>
      <p class={'waiting ' + (waiting ? 'critical' : 'quiet')}>
        {waiting ? <><Shape name="critical" /> {say('oldest_critical')}: <b><Age of={waiting.event.created ?? waiting['@timestamp']} /></b> <Text of={waiting.rule?.name} /></> : <>{say('no_critical')}</>}
      </p>
      <ol class="stream" ref={box}>
        {groupsOf(list).slice(0, fit).map(({newest: alert, count}) => (
          <li key={alert.event.id} class={severityOf(alert)}>
            <Severity name={severityOf(alert)} /><Time of={alert.kentongan?.last_seen ?? alert['@timestamp']} short />
            <span class="cut"><Exercise on={alert.labels?.exercise === 'true' && !status.value?.exercise} /><b><Text of={alert.rule?.name} /></b>{count > 1 ? <span class="times"> ×{count === READ ? '≥' : ''}{number(count)}</span> : null}</span>
            <span class="quiet">{sayOr('state_' + (alert.kentongan?.state ?? 'new'), '')} {alert.kentongan?.assignee ? <Text of={alert.kentongan.assignee} /> : null}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** What 95 of 100 do not exceed. */
function p95(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}

function Sensors() {
  const {data} = usePoll<{sensors: SensorRow[]}>('sensors', 5000);
  const list = data?.sensors ?? [];
  const alive = list.filter(one => one.alive !== false).length;
  const blind = list.filter(one => one.alive === false || (one.blind ?? []).length > 0);
  const worst = Math.max(0, ...list.map(one => one.drop_ratio ?? 0));
  const lag = p95(list.flatMap(one => (one.lag_seconds === undefined ? [] : [one.lag_seconds])));
  return (
    <Panel title={say('sensors')}>
      <div class="figures">
        <Figure value={data ? `${alive}/${list.length}` : '–'} label={say('sensors_alive')} tone={data && alive < list.length ? 'critical' : ''} />
        <Figure value={percent(100 * worst, 2)} label={say('drops')} tone={worst > 0.001 ? 'high' : ''} />
        <Figure value={span(lag)} label={say('lag_p95')} tone={lag > 60 ? 'high' : ''} />
      </div>
      {blind.length === 0 ? <p class="quiet">{data ? say('no_blind') : say('no_sight')}</p> : (
        <ul class="blind">{blind.map(one => <li key={one.source}><Shape name="high" /> <b><Text of={one.source} /></b> <Text of={blindness(one) || say('dead')} /></li>)}</ul>
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
        <thead><tr><th scope="col">{say('destination_col')}</th><th scope="col">{say('last_delivered')}</th><th scope="col">{say('last_human')}</th>
          <th scope="col" class="n">{say('waiting')}</th><th scope="col" class="n">{say('given_up')}</th></tr></thead>
        <tbody>{(data?.deliveries ?? []).map(one => (
          <tr key={one.destination}>
            <th scope="row"><Text of={one.destination} /></th>
            <td class="quiet"><Age of={one.last_delivered} /></td><td class="quiet">{one.last_human ? <Age of={one.last_human} /> : '–'}</td>
            <td class={'n ' + (one.pending ? 'high' : 'quiet')}>{number(one.pending)} {one.oldest_pending ? <small class="high"><Age of={one.oldest_pending} /></small> : null}</td>
            <td class={'n ' + (one.dead ? 'critical' : 'quiet')}>{one.dead ? <Shape name="critical" /> : null} {number(one.dead)}</td>
          </tr>
        ))}</tbody>
      </table>
      {(cases?.cases ?? []).filter(one => one.clocks?.length).slice(0, 5).map(one => (
        <p key={one.id} class="clock"><b class="cut"><Text of={one.title || one.id} title /></b> {one.clocks!.map(c => <Countdown key={c.name} due={c.due} met={c.met} name={c.name} />)}</p>
      ))}
    </Panel>
  );
}

/** `bare`: where the column says what it is. */
export function Countdown({due, met, name, bare}: {due: string; met?: string | null; name: string; bare?: boolean}) {
  const left = (Date.parse(due) - now.value) / 1000;
  const label = bare ? '' : (name === 'pdp' ? say('clock_pdp') : say('clock_bssn')) + (met ? '' : ': ');
  if (met) return <span class="ok"><Shape name="ok" /> {label} <Time of={met} /></span>;
  return <span class={left < 0 ? 'critical' : left < 4 * 3600 ? 'high' : ''}>{label}<b>{left < 0 ? `${say('overdue')} ${span(-left)}` : span(left)}</b></span>;
}

/** Of a quiet service the decimals tell. */
const rate1 = (value: number) => number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

/** Requests a second against the middle of the last hour, as nobody tells us what a service can bear: a flood pushes it up. */
function Gauge({of}: {of: ServiceJson}) {
  const {requests_per_second: rate, usual_per_second: usual, peak_per_second: peak} = of;
  if (typeof usual !== 'number' || typeof peak !== 'number') return <small>{say('too_early')}</small>;
  const most = Math.max(peak, rate, usual, 1);
  const times = usual > 0 ? rate / usual : null;
  return (
    <>
      <Bar share={rate / most} target={usual / most} tone={times !== null && times >= 3 ? 'high' : ''} />
      <small title={say('usual_is')}>{times === null ? '' : `${(Math.round(times * 10) / 10).toLocaleString(language.value)} ${say('times_usual')} · `}{say('usual')} {rate1(usual)} · {say('peak')} {rate1(peak)}</small>
    </>
  );
}

function Services() {
  const {data} = usePoll<{services: ServiceJson[]}>('services', 5000);
  const {data: floods} = usePoll<{total: number}>('alerts/count' + parameters({q: '(technique : T1498 or technique : T1499) and not state : closed', by: 'severity'}), 10_000);
  const open = floods?.total ?? 0;
  return (
    <Panel title={say('public_services')} extra={<span class={open ? 'high' : 'quiet'}><b>{say('ddos')}</b>: {open ? <><Shape name="high" /> {number(open)} {say('floods_open')}</> : say('floods_none')}</span>}>
      {data && data.services.length === 0 ? <p class="quiet">{say('no_requests')}</p> : null}
      <ul class="servicelist">{(data?.services ?? []).map(one => (
        <li key={one.service}>
          <b><Text of={one.service.replace(/^log:/, '')} title /></b>
          <span class={one.error_share > 0.05 ? 'critical' : ''}>{one.error_share > 0.05 ? <Shape name="critical" /> : null} {percent(100 * (1 - one.error_share), 2)} {say('available')} · <b>{rate1(one.requests_per_second)}</b> {say('requests')}
            {one.p95_seconds ? ` · ${say('p95')} ${number(Math.round(one.p95_seconds * 1000))} ms` : ''}</span>
          <Gauge of={one} />
        </li>
      ))}</ul>
    </Panel>
  );
}

const TWO_WEEKS = 14 * 86400;

/** Names that are looked up by what should not, or in a flood: by the rules that watch DNS. */
const DNS = '(rule.id : *dns-* or rule.id : *dga or technique : T1071.004 or technique : T1568* or technique : T1583.001) and not state : closed';

function DnsWatch() {
  const {data} = usePoll<{total: number}>('alerts/count' + parameters({q: DNS, by: 'severity'}), 10_000);
  if (!data) return null;
  return <span class={data.total ? 'high' : 'quiet'}><b>DNS</b>: {data.total ? <><Shape name="high" /> {number(data.total)} {say('dns_open')}</> : say('dns_none')}</span>;
}

function Certificates() {
  const list = status.value?.certificates ?? [];
  return (
    <Panel title={say('certificates')} extra={<DnsWatch />}>
      {list.length === 0 ? <p class="quiet">{say('no_certificates')}</p> : (
        <ul class="plainlist">{list.map(one => {
          // Certificates end by the world's clock, not by an exercise's.
          const left = one.ends === null ? null : (Date.parse(one.ends) - Date.now()) / 1000;
          const tone = left === null ? 'quiet' : left < 0 ? 'critical' : left < TWO_WEEKS ? 'high' : '';
          return <li key={one.name} class={tone}>{tone && tone !== 'quiet' ? <Shape name={tone} /> : null} <b><Text of={one.name} /></b> {left === null ? say('not_read') : left < 0 ? say('ended') : `${say('ends_in')} ${span(left)}`}</li>;
        })}</ul>
      )}
    </Panel>
  );
}

function Changes() {
  const list = status.value?.changes ?? [];
  return (
    <Panel title={say('last_changes')} extra={<span class="quiet">v<Text of={status.value?.version} /></span>}>
      {list.length === 0 ? <p class="quiet">{say('no_data')}</p> : (
        <ul class="plainlist">{list.slice(0, 3).map((one, i) => (
          <li key={one.time + i} class={one.what.includes('refused') ? 'high' : ''}>
            <Time of={one.time} short /> <b>{one.what.map(name => sayOr('change_' + name, visible(name))).join(', ')}</b>
            {one.second_person ? <span class="ok"> <Shape name="ok" /> {say('second_person')}</span> : null}{one.why ? <small> <Text of={one.why} /></small> : null}
          </li>
        ))}</ul>
      )}
    </Panel>
  );
}

export function Wall() {
  return (
    <main id="main" class={'wall ' + (stale.value ? 'is-stale' : '')} tabIndex={-1}>
      {status.value?.exercise ? <p class="banner exercise" role="status">{say('exercise_banner')}</p> : null}
      <Strip />
      <div class="zones"><Coverage /><Alerts /><div class="side"><Sensors /><Deliveries /></div></div>
      <div class="bottom"><Services /><Certificates /><Changes /></div>
    </main>
  );
}
