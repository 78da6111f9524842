// Rules, sensors, deliveries and the drill: the machinery behind the alerts.
import {useMemo, useState} from 'preact/hooks';
import {post} from '../api';
import {may, toast} from '../state';
import {address} from '../route';
import {say, sayOr} from '../text';
import {number, percent, span, visible} from '../format';
import {usePoll} from '../ui/hooks';
import {VirtualList} from '../ui/list';
import {Age, Figure, Loading, Severity, Shape, Text, Time, Trouble} from '../ui/parts';
import type {DeliveryRow, SensorRow, SeverityName} from '../types';

interface RuleRow {
  id: string;
  name: string;
  engine: string;
  status: string;
  reason?: string;
  severity?: string;
  fired?: number;
  per_hour?: number;
  false_share?: number | null;
  budget?: string;
  suggestion?: string;
}

export function Rules() {
  const {data, error, again} = usePoll<{rules: RuleRow[]}>('rules', 15_000);
  const [words, setWords] = useState('');
  const [cursor] = useState(-1);
  const rules = data?.rules ?? [];
  const shown = useMemo(() => {
    const wanted = words.toLowerCase();
    const list = wanted ? rules.filter(r => `${r.id} ${r.name} ${r.engine} ${r.status}`.toLowerCase().includes(wanted)) : rules;
    return [...list].sort((a, b) => (b.per_hour ?? 0) - (a.per_hour ?? 0) || (b.fired ?? 0) - (a.fired ?? 0));
  }, [rules, words]);
  const count = (name: string) => rules.filter(r => r.status === name).length;
  return (
    <main id="main" class="inbox" tabIndex={-1}>
      <h1>{say('rules')}</h1>
      <div class="figures">
        <Figure value={number(count('ok'))} label={say('loaded')} />
        <Figure value={number(count('unsupported'))} label={say('unsupported')} tone={count('unsupported') ? 'medium' : ''} />
        <Figure value={number(count('failed'))} label={say('rule_failed')} tone={count('failed') ? 'critical' : ''} />
        <Figure value={number(rules.filter(r => r.status === 'ok' && !r.fired).length)} label={say('silent')} />
      </div>
      <label class="line">{say('search_rules')} <input type="search" value={words} onInput={e => setWords(e.currentTarget.value)} /></label>
      {error ? <Trouble error={error} again={again} /> : null}
      {!data && !error ? <Loading /> : null}
      <div class="row head rulerow" aria-hidden="true"><span>{say('col_severity')}</span><span>{say('rule')}</span><span>{say('engine')}</span><span>{say('status')}</span>
        <span class="count">{say('fired')}</span><span class="count">{say('per_hour')}</span><span class="count">{say('false_share')}</span><span>{say('suggestion')}</span></div>
      <VirtualList items={shown} height={44} keyOf={r => r.engine + r.id} cursor={cursor} label={say('rules')} render={rule => (
        <div class="row rulerow" role="option" aria-selected={false}>
          {rule.severity ? <Severity name={rule.severity as SeverityName} /> : <span />}
          <span class="cut"><a href={address('inbox', '', {q: `rule.id : "${rule.id}"`, view: 'all'})}><Text of={rule.name} title /></a></span>
          <span><Text of={rule.engine} /></span>
          <span class={rule.status === 'failed' ? 'critical' : rule.status === 'ok' ? 'quiet' : 'medium'}><Text of={rule.status} /> <span class="cut quiet"><Text of={rule.reason} title /></span></span>
          <span class="count">{number(rule.fired)}</span><span class="count">{rule.per_hour === undefined ? '–' : number(Math.round(rule.per_hour * 10) / 10)}</span>
          <span class="count">{rule.false_share === undefined || rule.false_share === null ? '–' : percent(100 * rule.false_share, 0)}</span>
          <span class="cut"><Text of={[rule.budget, rule.suggestion].filter(Boolean).join(' ')} title /></span>
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
            <th scope="col" class="n">{say('drops')}</th><th scope="col" class="n">{say('lag')}</th><th scope="col">{say('last_event')}</th><th scope="col">{say('blind')}</th></tr></thead>
          <tbody>{data.sensors.map(one => (
            <tr key={one.source}>
              <th scope="row"><Text of={one.source} /></th>
              <td class={one.alive === false ? 'critical' : ''}>{one.alive === false ? <><Shape name="critical" /> {say('dead')}</> : <><Shape name="ok" /> {say('alive')}</>}</td>
              <td class="n">{number(one.events)}</td><td class="n">{one.per_second === undefined ? '–' : number(Math.round(one.per_second * 10) / 10)}</td>
              <td class={'n ' + ((one.drop_ratio ?? 0) > 0.001 ? 'high' : '')}>{number(one.dropped)} {one.drop_ratio === undefined ? '' : `(${percent(100 * one.drop_ratio, 2)})`}</td>
              <td class="n">{one.lag_seconds === undefined ? '–' : span(one.lag_seconds)}</td><td><Age of={one.last_event} /></td>
              <td><Text of={(one.blind ?? []).join('; ') || '–'} /></td>
            </tr>
          ))}</tbody>
        </table>
      )}
    </main>
  );
}

export function Deliveries() {
  const {data, error, again} = usePoll<{deliveries: DeliveryRow[]}>('deliveries', 5000);
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
      {!data ? (error ? null : <Loading />) : (
        <table class="wide">
          <thead><tr><th scope="col">{say('destination_col')}</th><th scope="col" class="n">{say('delivered')}</th><th scope="col" class="n">{say('waiting')}</th><th scope="col" class="n">{say('given_up')}</th>
            <th scope="col">{say('oldest')}</th><th scope="col">{say('last_delivered')}</th><th scope="col">{say('heartbeat')}</th><th scope="col">{say('last_error')}</th><th scope="col"><span class="hearing">{say('actions')}</span></th></tr></thead>
          <tbody>{data.deliveries.map(one => (
            <tr key={one.destination}>
              <th scope="row"><Text of={one.destination} /> <small><Text of={one.kind} /></small></th>
              <td class="n">{number(one.delivered)}</td><td class={'n ' + (one.pending ? 'high' : '')}>{number(one.pending)}</td><td class={'n ' + (one.dead ? 'critical' : '')}>{number(one.dead)}</td>
              <td><Age of={one.oldest_pending} /></td><td><Time of={one.last_delivered} /></td><td><Age of={one.last_heartbeat} /></td><td><Text of={one.last_error || '–'} /></td>
              <td>{one.dead && may('delivery') ? <button type="button" onClick={() => void retry(one.destination)}>{say('retry_dead')}</button> : null}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
    </main>
  );
}

interface DrillJson {
  running: boolean;
  began?: string;
  detected?: number;
  total?: number;
  false_alarms?: number;
  scenarios: {name: string; title?: string; state: string; latency_seconds?: number | null; rule?: string}[];
}

export function Drill() {
  const {data, error} = usePoll<DrillJson>('drill', 3000);
  const none = !data || (!data.running && data.scenarios.length === 0);
  return (
    <main id="main" tabIndex={-1}>
      <h1>{say('drill')}</h1>
      {error && none ? <p class="empty">{say('no_drill')}</p> : none ? (data ? <p class="empty">{say('no_drill')}</p> : <Loading />) : <>
        <div class="figures">
          <Figure value={`${number(data.detected)}/${number(data.total ?? data.scenarios.length)}`} label={say('detected')} />
          <Figure value={number(data.false_alarms)} label={say('false_alarms')} tone={data.false_alarms ? 'high' : ''} />
          {data.began ? <Figure value={<Age of={data.began} />} label={say('opened')} /> : null}
        </div>
        <table class="wide">
          <thead><tr><th scope="col">{say('scenario')}</th><th scope="col">{say('status')}</th><th scope="col" class="n">{say('latency')}</th><th scope="col">{say('rule')}</th></tr></thead>
          <tbody>{data.scenarios.map(one => (
            <tr key={one.name}>
              <th scope="row"><Text of={one.title ?? one.name} /></th>
              <td class={one.state === 'missed' ? 'critical' : one.state === 'detected' ? 'ok' : 'quiet'}>{sayOr(one.state, visible(one.state))}</td>
              <td class="n">{one.latency_seconds === undefined || one.latency_seconds === null ? '–' : span(one.latency_seconds)}</td><td><Text of={one.rule} /></td>
            </tr>
          ))}</tbody>
        </table>
      </>}
    </main>
  );
}
