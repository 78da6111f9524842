// Coverage from province to TPS: what has come, what was expected, and what is to be looked into.
import {useMemo} from 'preact/hooks';
import {query as parameters} from '../api';
import {now} from '../state';
import {address, go, route} from '../route';
import {say} from '../text';
import {number, percent, span, visible} from '../format';
import {usePoll} from '../ui/hooks';
import {Lines} from '../ui/chart';
import {Bar, Figure, Loading, Panel, sentence, Severity, severityOf, State, Text, Time, Trouble} from '../ui/parts';
import {ApiError} from '../api';
import type {AlertPage, CoverageJson, CoverageRow} from '../types';

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

interface SeriesJson {
  times: string[];
  received: number[];
}

function Curve({code, target}: {code: string; target: number | null}) {
  const {data} = usePoll<SeriesJson>('coverage/series' + parameters({area: code}), 30_000);
  const times = useMemo(() => data?.times.map(t => Date.parse(t) / 1000) ?? [], [data]);
  const lines = useMemo(() => [
    {label: say('received'), values: data?.received ?? [], colour: '--accent'},
    ...(target === null ? [] : [{label: say('target'), values: (data?.times ?? []).map(() => target), colour: '--high', dash: [6, 4]}]),
  ], [data, target]);
  if (!times.length) return <p class="quiet">{say('no_data')}</p>;
  return <Lines times={times} lines={lines} label={say('curve')} />;
}

/** What each kind of inconsistency asks of the one who looks into it. */
function hintFor(rule: string): string {
  const hints: [RegExp, string, string][] = [
    [/image|unreadable|form/i, 'Minta foto ulang C-Hasil dari KPPS; jangan ubah angka.', 'Ask the poll workers for a new photograph; change no figures.'],
    [/arithmetic|upper_bound|denominator/i, 'Bandingkan foto C-Hasil dengan angka Sirekap; koreksi lewat PPK dengan berita acara.', 'Compare the photograph with the figures; correct through the PPK, with minutes.'],
    [/edit|change|correction|step|four_eyes/i, 'Tanyakan kepada operator dan PPK siapa mengubah dan mengapa; simpan bukti.', 'Ask the operator and the PPK who changed it and why; keep the evidence.'],
    [/./, 'Periksa bukti, lalu catat hasilnya.', 'Look at the evidence, then note the outcome.'],
  ];
  const found = hints.find(([pattern]) => pattern.test(rule))!;
  return say('hint') === 'What to do' ? found[2] : found[1];
}

function Queue({code}: {code: string}) {
  const q = `ruleset : sirekap and not state : closed${code ? ` and area : ${code}` : ''}`;
  const {data, error} = usePoll<AlertPage>('alerts' + parameters({q, limit: 50}), 15_000);
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  if (!data.alerts.length) return <p class="quiet">{say('all_quiet')}</p>;
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
        <Figure value={number(whole.complete)} label={say('complete')} />
        {whole.rate_per_hour === undefined ? null : <Figure value={number(whole.rate_per_hour)} label={say('rate')} />}
        {whole.forecast ? <Figure value={percent(whole.forecast.percent)} label={`${say('forecast')} (${percent(whole.forecast.low)}–${percent(whole.forecast.high)})`} /> : null}
        {deadline === null ? null : <Figure value={deadline > 0 ? span(deadline) : say('flag_missed')} label={`${say('remaining')} (${percent(whole.target!.percent, 0)})`} tone={deadline > 0 ? '' : toneOf(whole)} />}
        <Figure value={<Time of={data.time} short />} label={say('last_event')} />
      </div>
      <Panel title={say('curve')}><Curve code={code} target={whole.target ? Math.ceil(whole.expected * whole.target.percent / 100) : null} /></Panel>
      {data.areas.length ? (
        <Panel title={say('below')}>
          <table class="wide">
            <thead><tr><th scope="col">{say('area')}</th><th scope="col">{say('percent')}</th><th scope="col" class="n">{say('received')}</th>
              <th scope="col" class="n">{say('expected')}</th><th scope="col" class="n">{say('complete')}</th><th scope="col" class="n">{say('rate')}</th>
              <th scope="col" class="n">{say('forecast')}</th><th scope="col">{say('flag')}</th></tr></thead>
            <tbody>{data.areas.map(row => (
              <tr key={row.area}>
                <th scope="row">{row.area.length < 10 ? <a href={address('areas', row.area)}><Text of={row.name} /></a> : <Text of={row.name} />} <small>{visible(row.area)}</small></th>
                <td><Bar share={row.percent / 100} target={(row.target?.percent ?? 100) / 100} tone={toneOf(row)} /> {percent(row.percent)}</td>
                <td class="n">{number(row.received)}</td><td class="n">{number(row.expected)}</td><td class="n">{number(row.complete)}</td>
                <td class="n">{row.rate_per_hour === undefined ? '–' : number(row.rate_per_hour)}</td>
                <td class="n">{row.forecast ? percent(row.forecast.percent) : '–'}</td>
                <td><Flag of={row} /></td>
              </tr>
            ))}</tbody>
          </table>
        </Panel>
      ) : null}
      <Panel title={say('queue')} extra={<button type="button" onClick={() => go('inbox', '', {q: `ruleset : sirekap${code ? ` and area : ${code}` : ''}`})}>{say('inbox')}</button>}><Queue code={code} /></Panel>
    </main>
  );
}
