// Rules, sensors, deliveries and the drill: the machinery behind the alerts.
import {useMemo, useState} from 'preact/hooks';
import {ApiError, post, query as parameters} from '../api';
import {may, toast} from '../state';
import {address, route} from '../route';
import {say, sayOr} from '../text';
import {blindness, said} from '../said';
import {number, percent, span, visible, visibleLines} from '../format';
import {status, usePoll} from '../ui/hooks';
import {VirtualList} from '../ui/list';
import {SnoozeForm} from '../ui/acts';
import {Age, Figure, Loading, Panel, Severity, severityOf, Shape, State, Text, Time, Trouble} from '../ui/parts';
import {Silence} from './silence';
import type {AlertJson, AlertPage, DeliveryRow, MessageJson, SensorRow, SeverityName} from '../types';

interface RuleJson {
  id: string;
  file: string;
  engine: string;
  name: string;
  status: string;
  reason: string;
}
interface NoiseJson {
  rule: string;
  name: string;
  alerts: number;
  alerts_an_hour: number;
  share: number | null;
  budget: string;
  over_budget: number;
  suppressed: number;
  suggestion: string;
  suggestion_code?: string;
}
const adviceOf = (one?: NoiseJson) => (one?.suggestion ? said('advice', one.suggestion_code, one.suggestion, one.over_budget) : '');
type RuleRow = RuleJson & {key: string; noise?: NoiseJson};

/** Each rule with what it cost people in the last day; those built into the daemon are known by their alerts. */
function rowsOf(rules: RuleJson[], noise: NoiseJson[]): RuleRow[] {
  const known = new Map(noise.map(one => [one.rule, one]));
  const listed = new Set(rules.map(rule => rule.id));
  const built = noise.filter(one => !listed.has(one.rule)).map(one =>
    ({id: one.rule, file: '', engine: one.rule.includes(':') ? one.rule.split(':')[0]! : '', name: one.name, status: 'ok', reason: ''}));
  return [...rules, ...built].map((rule, i) => ({...rule, key: `${i} ${rule.name}`, noise: known.get(rule.id)}));
}

/** One rule: its text, what it cost, its newest alerts, and silence for it. */
function Rule({id}: {id: string}) {
  const {data: text, error} = usePoll<{id: string; file?: string; text?: string}>(`rules/${encodeURIComponent(id)}`, 0);
  const {data: noise} = usePoll<{rules: NoiseJson[]}>('rules/noise', 15_000);
  const cost = noise?.rules.find(one => one.rule === id || one.name === id);
  const q = cost ? `rule.id : "${cost.rule.replace(/["\\*]/g, '\\$&')}"` : `rule.id : "${id.replace(/["\\*]/g, '\\$&')}" or rule.name : "${id.replace(/["\\*]/g, '\\$&')}"`;
  const {data: alerts} = usePoll<AlertPage>('alerts' + parameters({q, limit: 20}), 15_000);
  const [asking, setAsking] = useState(false);
  const newest = alerts?.alerts[0];
  const about: AlertJson = {'@timestamp': '', event: {id: ''}, rule: {id: cost?.rule ?? newest?.rule?.id ?? id, name: cost?.name ?? newest?.rule?.name ?? id}};
  return (
    <main id="main" tabIndex={-1}>
      <p><a href={address('rules')}>← {say('rules')}</a></p>
      <h1><Text of={about.rule?.name} /> <small><Text of={about.rule?.id} /></small></h1>
      {cost ? <div class="figures">
        <Figure value={number(cost.alerts)} label={say('fired_24h_times')} /><Figure value={number(Math.round(cost.alerts_an_hour * 100) / 100)} label={say('per_hour')} />
        <Figure value={cost.share === null ? '–' : percent(100 * cost.share, 0)} label={say('false_share')} /><Figure value={number(cost.suppressed)} label={say('suppressed')} />
      </div> : null}
      {cost?.suggestion ? <p><Text of={adviceOf(cost)} /></p> : null}
      {may('rules') ? <p class="buttons"><button type="button" onClick={() => setAsking(true)}>{say('snooze_rule')}</button></p> : null}
      <Panel title={say('rule_text')} extra={text?.file ? <small><Text of={text.file} /></small> : null}>
        {text ? <pre class="rule" tabIndex={0}>{visibleLines(text.text)}</pre>
          : error ? <p class="quiet">{error instanceof ApiError && error.status === 404 ? say('rule_built_in') : <Text of={(error as Error).message} />}</p> : <Loading />}
      </Panel>
      <Panel title={say('alerts')} extra={<a href={address('inbox', '', {q, view: 'all'})}>{say('related_all')}</a>}>
        {!alerts ? <Loading /> : !alerts.alerts.length ? <p class="quiet">{say('none')}</p> : (
          <ul class="related">{alerts.alerts.map(one => (
            <li key={one.event.id}><Severity name={severityOf(one)} /> <Time of={one['@timestamp']} /> <a href={address('alert', one.event.id)}><Text of={one.kentongan?.entity || one.rule?.name} /></a> <State of={one} /></li>
          ))}</ul>
        )}
      </Panel>
      {asking ? <SnoozeForm alerts={[about]} leave={() => setAsking(false)} /> : null}
    </main>
  );
}

export function Rules() {
  const {argument, parameters: asked} = route.value;
  if (asked.show === 'silence') return <Silence />;
  return argument ? <Rule key={argument} id={argument} /> : <RuleList />;
}

function RuleList() {
  const {data, error, again} = usePoll<{rules: RuleJson[]}>('rules', 30_000);
  const {data: noise} = usePoll<{rules: NoiseJson[]}>('rules/noise', 15_000);
  const [words, setWords] = useState('');
  const rows = useMemo(() => rowsOf(data?.rules ?? [], noise?.rules ?? []), [data, noise]);
  const shown = useMemo(() => {
    const wanted = words.toLowerCase();
    const list = wanted ? rows.filter(r => `${r.noise?.rule ?? ''} ${r.file} ${r.name} ${r.engine} ${r.status}`.toLowerCase().includes(wanted)) : rows;
    const trouble = (r: RuleRow) => (r.status === 'failed' ? 2 : r.status === 'ok' ? 0 : 1);
    return [...list].sort((a, b) => trouble(b) - trouble(a) || (b.noise?.alerts ?? 0) - (a.noise?.alerts ?? 0) || a.name.localeCompare(b.name));
  }, [rows, words]);
  const count = (name: string) => rows.filter(r => r.status === name).length;
  return (
    <main id="main" class="inbox" tabIndex={-1}>
      <h1>{say('rules')}</h1>
      <p class="tools"><a href={address('rules', '', {show: 'silence'})}>{say('silence')}</a></p>
      <div class="figures">
        <Figure value={number(count('ok'))} label={say('loaded')} />
        <Figure value={number(count('unsupported'))} label={say('unsupported')} tone={count('unsupported') ? 'medium' : ''} />
        <Figure value={number(count('failed'))} label={say('rule_failed')} tone={count('failed') ? 'critical' : ''} />
        <Figure value={number(rows.filter(r => r.noise).length)} label={say('fired_24h')} />
        <Figure value={number(rows.filter(r => r.status === 'ok' && !r.noise).length)} label={say('silent')} />
      </div>
      <label class="line narrow">{say('search_rules')} <input type="search" value={words} onInput={e => setWords(e.currentTarget.value)} /></label>
      {error ? <Trouble error={error} again={again} /> : null}
      {!data && !error ? <Loading /> : null}
      <div class="row head rulerow" aria-hidden="true"><span>{say('rule')}</span><span>{say('engine')}</span><span>{say('status')}</span>
        <span class="count">{say('fired')}</span><span class="count">{say('per_hour')}</span><span class="count">{say('false_share')}</span><span>{say('suggestion')}</span></div>
      <VirtualList items={shown} height={3.2} keyOf={r => r.key} cursor={-1} label={say('rules')} role="list" render={rule => (
        <div class="row rulerow" role="listitem" data-rule={rule.name}>
          <span class="cut"><a href={address('rules', rule.noise?.rule ?? rule.name)}><Text of={rule.name} title /></a></span>
          <span class="cut"><Text of={rule.engine} /></span>
          <span class={'cut ' + (rule.status === 'failed' ? 'critical' : rule.status === 'ok' ? 'quiet' : 'medium')}>{sayOr('rule_' + rule.status, visible(rule.status))} <Text of={rule.reason} title /></span>
          <span class="count">{rule.noise?.alerts ? <a href={address('inbox', '', {q: `rule.id : "${rule.noise.rule}"`, view: 'all'})}>{number(rule.noise.alerts)}</a> : 0}</span><span class="count">{rule.noise ? number(Math.round(rule.noise.alerts_an_hour * 100) / 100) : '–'}</span>
          <span class="count">{rule.noise && rule.noise.share !== null ? percent(100 * rule.noise.share, 0) : '–'}</span>
          <span class="cut"><Text of={[rule.noise?.budget === 'over' ? say('over_budget') : '', adviceOf(rule.noise)].filter(Boolean).join(': ')} title /></span>
        </div>
      )} />
    </main>
  );
}

export function Sensors() {
  const {data, error, again} = usePoll<{sensors: SensorRow[]}>('sensors', 5000);
  return (
    <main id="main" tabIndex={-1}>
      <h1>{say('sensors')}</h1>
      {error ? <Trouble error={error} again={again} /> : null}
      {!data ? (error ? null : <Loading />) : (
        <table class="wide">
          <thead><tr><th scope="col">{say('source')}</th><th scope="col">{say('status')}</th><th scope="col" class="n">{say('events')}</th><th scope="col" class="n">{say('per_second')}</th>
            <th scope="col" class="n">{say('drops')}</th><th scope="col" class="n">{say('lag')}</th><th scope="col">{say('last_event_ago')}</th><th scope="col">{say('blind')}</th></tr></thead>
          <tbody>{[...data.sensors].sort((a, b) => Number(a.alive !== false) - Number(b.alive !== false)).map(one => (
            <tr key={one.source}>
              <th scope="row"><Text of={one.source} /></th>
              <td class={one.alive === false ? 'critical' : ''}>{one.alive === false ? <><Shape name="critical" /> {say('dead')}</> : <><Shape name="ok" /> {say('alive')}</>}</td>
              <td class="n">{number(one.events)}</td><td class="n">{one.per_second === undefined ? '–' : number(Math.round(one.per_second * 10) / 10)}</td>
              <td class={'n ' + ((one.drop_ratio ?? 0) > 0.001 ? 'high' : '')}>{one.kind === 'packet' ? `${number(one.dropped)} (${percent(100 * (one.drop_ratio ?? 0), 2)})` : '–'}</td>
              <td class="n">{one.lag_seconds === undefined ? '–' : span(one.lag_seconds)}</td><td>{one.last_event ? <Age of={one.last_event} /> : <span class="quiet">{say('never_yet')}</span>}</td>
              <td><Text of={blindness(one) || '–'} /></td>
            </tr>
          ))}</tbody>
        </table>
      )}
    </main>
  );
}

const STATES = ['any', 'pending', 'dead', 'delivered'] as const;

/** The newest messages: what was sent to whom, and what came back. */
function Messages() {
  const [state, setState] = useState<string>('any');
  const {data, error, again} = usePoll<{messages: MessageJson[]}>('messages' + parameters({state, limit: 50}), 5000);
  return (
    <Panel title={say('latest_messages')} extra={<label>{say('status')} <select value={state} onChange={e => setState(e.currentTarget.value)}>
      {STATES.map(name => <option key={name} value={name}>{sayOr(name === 'dead' ? 'given_up' : name, name)}</option>)}</select></label>}>
      {error ? <Trouble error={error} again={again} /> : !data ? <Loading /> : data.messages.length === 0 ? <p class="quiet">–</p> : (
        <table>
          <thead><tr><th scope="col">{say('col_time')}</th><th scope="col">{say('destination_col')}</th><th scope="col">{say('message')}</th><th scope="col">{say('status')}</th>
            <th scope="col" class="n">{say('attempts')}</th><th scope="col">{say('receipt')}</th></tr></thead>
          <tbody>{data.messages.map(one => (
            <tr key={one.sequence}>
              <td><Time of={one.committed} /></td><td><Text of={one.destination} /></td>
              <td>{one.type.startsWith('alert.') ? <a href={address('alert', one.alert)}>{sayOr('type_' + one.type, visible(one.type))}</a> : sayOr('type_' + one.type, visible(one.type))}</td>
              <td class={one.state === 'dead' ? 'critical' : one.state === 'delivered' ? '' : 'high'}>{sayOr(one.state === 'dead' ? 'given_up' : one.state, visible(one.state))}</td>
              <td class="n">{number(one.attempts)}</td><td><Text of={one.detail || '–'} /></td>
            </tr>
          ))}</tbody>
        </table>
      )}
    </Panel>
  );
}

export function Deliveries() {
  const {data, error, again} = usePoll<{deliveries: DeliveryRow[]}>('deliveries', 5000);
  const agencies = new Map((status.value?.agencies ?? []).map(one => [one.destination, one]));
  async function retry(name: string) {
    try {
      const body = await post<{revived: number}>(`deliveries/${encodeURIComponent(name)}:retry`, {});
      toast(`${number(body.revived)} ${say('revived')}`);
      again();
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <main id="main" tabIndex={-1}>
      <h1>{say('deliveries')}</h1>
      {error ? <Trouble error={error} again={again} /> : null}
      {!data ? (error ? null : <Loading />) : data.deliveries.length === 0 ? <p class="empty">{say('no_destinations')}</p> : (
        <table class="wide">
          <thead><tr><th scope="col">{say('destination_col')}</th><th scope="col">{say('channel')}</th><th scope="col">{say('status')}</th><th scope="col" class="n">{say('delivered')}</th>
            <th scope="col" class="n">{say('waiting')}</th><th scope="col" class="n">{say('given_up')}</th>
            <th scope="col">{say('oldest')}</th><th scope="col">{say('last_delivered')}</th><th scope="col">{say('last_human')}</th><th scope="col">{say('last_error')}</th><th scope="col"><span class="hearing">{say('actions')}</span></th></tr></thead>
          <tbody>{data.deliveries.map(one => {
            const agency = agencies.get(one.destination);
            const kept = one.pending > 0 || one.dead > 0 || agency?.attention;
            return (
              <tr key={one.destination}>
                <th scope="row"><Text of={one.destination} /></th><td><Text of={agency?.kind ?? '–'} /></td>
                <td class={agency?.attention || one.dead ? 'critical' : kept ? 'high' : ''}>{agency?.attention ? <><Shape name="critical" /> <Text of={said('delivery', agency.state_code, agency.state)} /></>
                  : one.dead ? <><Shape name="critical" /> {say('given_up')}</> : one.pending ? <><Shape name="high" /> {say('waiting')}</> : <><Shape name="ok" /> {say('all_delivered')}</>}</td>
                <td class="n">{number(one.delivered)}</td><td class={'n ' + (one.pending ? 'high' : '')}>{number(one.pending)}</td><td class={'n ' + (one.dead ? 'critical' : '')}>{number(one.dead)}</td>
                <td><Age of={one.oldest_pending} /></td><td><Time of={one.last_delivered} /></td><td><Time of={one.last_human ?? null} /></td><td><Text of={one.last_error || '–'} /></td>
                <td>{one.dead && may('delivery') ? <button type="button" onClick={() => void retry(one.destination)}>{say('retry_dead')}</button> : null}</td>
              </tr>
            );
          })}</tbody>
        </table>
      )}
      <Messages />
    </main>
  );
}

interface DrillRow {
  scenario: string;
  title: string;
  benign: boolean;
  state: string;
  begins: string;
  why?: string;
  detected_after_seconds: number | null;
  told_after_seconds: Record<string, number>;
  alerts: {id: string; name: string}[];
}
interface DrillJson {
  running: boolean;
  time: string;
  alerts: number;
  false_alarms: {id: string; name: string; severity: string; message: string}[];
  scenarios: DrillRow[];
}
const DRILL_TONE: Record<string, string> = {missed: 'critical', alarm: 'critical', detected: 'ok', quiet: 'ok', running: 'high', upcoming: 'quiet'};
const DRILL_SHAPE: Record<string, string> = {missed: 'critical', alarm: 'critical', detected: 'ok', quiet: 'ok', running: 'medium', upcoming: 'info'};

/** The score that the drill itself keeps while its night goes on: the same by which it is judged at the end. */
export function Drill() {
  const {data, error} = usePoll<DrillJson>('drill', 2000);
  if (!data) return <main id="main" tabIndex={-1}><h1>{say('drill')}</h1>{error ? <p class="empty">{say('no_drill')}</p> : <Loading />}</main>;
  const inOrder = [...data.scenarios].sort((a, b) => a.begins.localeCompare(b.begins));
  const attacks = data.scenarios.filter(one => !one.benign);
  const harmless = data.scenarios.filter(one => one.benign);
  const begun = (list: DrillRow[]) => list.filter(one => one.state !== 'upcoming').length;
  const are = (list: DrillRow[], state: string) => list.filter(one => one.state === state).length;
  const agencies = [...new Set(data.scenarios.flatMap(one => Object.keys(one.told_after_seconds)))].sort();
  const missed = are(attacks, 'missed');
  const taken = are(harmless, 'alarm');
  return (
    <main id="main" tabIndex={-1}>
      <h1>{say('drill')} <small>{say(data.running ? 'drill_running' : 'drill_over')}, <Time of={data.time} /></small></h1>
      <div class="figures">
        <Figure value={<span id="drill-detected">{number(are(attacks, 'detected'))}/{number(begun(attacks))}</span>} label={say('attacks_detected')} />
        <Figure value={number(missed)} label={say('missed')} tone={missed ? 'critical' : ''} />
        <Figure value={`${number(begun(harmless) - taken)}/${number(begun(harmless))}`} label={say('harmless_quiet')} tone={taken ? 'critical' : ''} />
        <Figure value={number(data.false_alarms.length)} label={say('false_alarms')} tone={data.false_alarms.length ? 'high' : ''} />
        <Figure value={number(data.alerts)} label={say('alerts_so_far')} />
        <Figure value={number(data.scenarios.length - begun(data.scenarios))} label={say('upcoming')} />
      </div>
      <table class="wide drill">
        <thead><tr><th scope="col">{say('begins')}</th><th scope="col">{say('scenario')}</th><th scope="col">{say('kind')}</th><th scope="col">{say('status')}</th><th scope="col" class="n">{say('latency')}</th>
          {agencies.map(name => <th key={name} scope="col" class="n">{name.toUpperCase()}</th>)}<th scope="col">{say('alert')}</th></tr></thead>
        <tbody>{inOrder.map(one => (
          <tr key={one.scenario} data-state={one.state}>
            <td><Time of={one.begins} short /></td>
            <th scope="row"><Text of={said('scenario', one.scenario, one.title)} /> <small><Text of={one.scenario} /></small></th>
            <td class="quiet">{say(one.benign ? 'kind_benign' : 'kind_attack')}</td>
            <td class={DRILL_TONE[one.state] ?? ''}><span class="mark"><Shape name={DRILL_SHAPE[one.state] ?? 'info'} />{sayOr('drill_' + one.state, visible(one.state))}</span></td>
            <td class="n">{one.detected_after_seconds === null ? '–' : span(one.detected_after_seconds)}</td>
            {agencies.map(name => <td key={name} class="n">{one.told_after_seconds[name] === undefined ? '' : span(one.told_after_seconds[name])}</td>)}
            <td>{one.alerts[0] ? <a href={address('alert', one.alerts[0].id)}><Text of={one.alerts[0].name} /></a> : null}{one.alerts.length > 1 ? <small> +{number(one.alerts.length - 1)}</small> : null}</td>
          </tr>
        ))}</tbody>
      </table>
      {data.false_alarms.length ? (
        <Panel title={say('false_alarms')}>
          <ul class="related">{data.false_alarms.map(one => (
            <li key={one.id}><Severity name={one.severity as SeverityName} /> <a href={address('alert', one.id)}><Text of={one.name} /></a> <small><Text of={one.message} /></small></li>
          ))}</ul>
        </Panel>
      ) : null}
    </main>
  );
}
