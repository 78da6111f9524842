// One alert: what happened, how we know, what was done, who was told, and the proof that it stands
// in the history.
import {useEffect, useLayoutEffect, useState} from 'preact/hooks';
import {ApiError, call, query as parameters} from '../api';
import {stringsFound} from '../evidence';
import {verify, type ProofJson, type Verdict} from '../proof';
import {dismiss, may, session, toast, toasts} from '../state';
import {address, go, route} from '../route';
import {say, sayOr} from '../text';
import {number, parseTime, visible, visibleLines, zoneOf, type Zone} from '../format';
import {onChanged, perform, seen} from '../triage';
import {bind} from '../ui/keys';
import {usePoll} from '../ui/hooks';
import {Acts, Buttons, type Asked} from '../ui/acts';
import {Exercise, Loading, Panel, sentence, Severity, severityOf, Shape, State, Text, Time, Tlp, Trouble, When} from '../ui/parts';
import {Evidence} from './evidence';
import type {ActionJson, AlertJson, AlertPage, MessageJson} from '../types';

interface RuleJson {
  id: string;
  text?: string;
  file?: string;
}

async function download(id: string) {
  try {
    const reply = await call(`alerts/${encodeURIComponent(id)}/packets`);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await reply.blob());
    link.download = `kentongan-${id}.pcapng`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (problem) {
    toast(visible((problem as Error).message), {bad: true});
  }
}

const endpoint = (one?: {ip?: string; port?: number}) => (one?.ip ? one.ip + (one.port ? ` : ${one.port}` : '') : '');
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? String((value as {original?: unknown}).original ?? '') : String(value ?? '');

/** Name and value pairs; those without a value are left out. */
function Facts({alert, zone}: {alert: AlertJson; zone: Zone}) {
  const own = alert.kentongan ?? {};
  const sirekap = [own.sirekap?.area, own.sirekap?.tps].filter(Boolean).join(' / ');
  const facts: [string, unknown][] = [
    [say('rule'), [alert.rule?.id, alert.rule?.version].filter(Boolean).join('  v')],
    [say('authors'), (alert.rule?.author ?? []).join(', ')],
    [say('technique'), (alert.threat?.technique?.id ?? []).join(', ')],
    [say('source'), endpoint(alert.source)], [say('destination'), endpoint(alert.destination)],
    [say('col_entity'), own.entity], [say('user'), alert.user?.name], [say('host'), alert.host?.hostname], [say('url'), textOf(alert.url)], [say('file'), alert.file?.path],
    [say('area_tps'), sirekap], [say('sensor'), alert.observer?.hostname], [say('assignee'), own.assignee],
    [say('severity_why'), (own.severity_reasons ?? []).join('; ')], [say('suppressed_by'), own.suppressed],
    [say('told'), (own.agencies ?? []).join(', ') || say('nobody')], [say('id'), alert.event.id],
  ];
  return (
    <dl class="facts">
      {facts.filter(([, value]) => value).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={name + ' v'}><Text of={value} /></dd>])}
      <dt>{say('first_seen')}</dt><dd><When of={own.first_seen} zone={zone} /></dd>
      <dt>{say('last_seen')}</dt><dd><When of={own.last_seen} zone={zone} /></dd>
    </dl>
  );
}

interface Moment {
  at: string;
  who?: string;
  what: string;
  to?: string | undefined;
  why?: string | undefined;
  more?: string;
}
const MOST_GROWTHS = 20;

/** What was sent within one second is one moment, with those it has reached. */
function tellings(messages: MessageJson[]): Moment[] {
  const by = new Map<string, {at: string; type: string; reached: string[]; waiting: string[]}>();
  for (const one of messages) {
    const key = one.committed.slice(0, 19) + one.type;
    const known = by.get(key) ?? {at: one.committed, type: one.type, reached: [], waiting: []};
    (one.state === 'delivered' ? known.reached : known.waiting).push(one.destination);
    by.set(key, known);
  }
  return [...by.values()].map(({at, type, reached, waiting}) => ({
    at, what: sayOr('type_' + type, type),
    more: [reached.length ? `${say('delivered_to')} ${reached.sort().join(', ')}` : '', waiting.length ? `${say('not_yet_to')} ${waiting.sort().join(', ')}` : ''].filter(Boolean).join('; '),
  }));
}

function Timeline({alert, messages, zone}: {alert: AlertJson; messages: MessageJson[]; zone: Zone}) {
  const id = alert.event.id;
  const own = alert.kentongan ?? {};
  const {data, error} = usePoll<{actions: ActionJson[]}>(`alerts/${encodeURIComponent(id)}/actions`, 10_000);
  const told = tellings(messages).sort((a, b) => a.at.localeCompare(b.at));
  const left = Math.max(0, told.length - MOST_GROWTHS);
  const moments: Moment[] = [
    ...told.slice(0, 1), ...told.slice(Math.max(1, left + 1)),
    ...(data?.actions ?? []).map(one => ({
      at: one.at, who: one.who, what: sayOr('done_' + one.action, one.action), to: one.to ? sayOr('state_' + one.to, one.to) : undefined, why: one.comment || one.why,
    })),
  ];
  if (own.first_seen) moments.push({at: own.first_seen, what: say('first_seen')});
  if (own.last_seen && own.last_seen !== own.first_seen) moments.push({at: own.last_seen, what: say('last_seen'), more: `${number(own.count)} ${say('count_times')}`});
  const order = (one: Moment) => parseTime(one.at)?.getTime() ?? 0;
  moments.sort((a, b) => order(a) - order(b));
  return (
    <>
      {error ? <Trouble error={error} /> : null}
      <ol class="timeline">
        {moments.map((one, i) => (
          <li key={i}>
            <When of={one.at} zone={zone} /> {one.who ? <b><Text of={one.who} /></b> : null} <span><Text of={one.what} /></span>
            {one.to ? <span class="quiet"> → <Text of={one.to} /></span> : null}{one.more ? <span class="quiet"> <Text of={one.more} /></span> : null}
            {one.why ? <blockquote><Text of={one.why} /></blockquote> : null}
          </li>
        ))}
      </ol>
      {left ? <p class="quiet">+{number(left)} {say('growths_left_out')}</p> : null}
    </>
  );
}

const VERDICTS: Record<Verdict, [tone: string, shape: string]> = {
  verified: ['good', 'ok'], unable: ['medium', 'medium'], entry_missing: ['critical', 'critical'], entry_other: ['critical', 'critical'],
  checkpoint_wrong: ['critical', 'critical'], path_wrong: ['critical', 'critical'],
};

function Proof({id}: {id: string}) {
  const {data, error} = usePoll<ProofJson>(`alerts/${encodeURIComponent(id)}/proof`, 30_000);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  useEffect(() => {
    if (!data) return undefined;
    let left = false;
    void verify(data, id).catch((): Verdict => 'path_wrong').then(found => { if (!left) setVerdict(found); });
    return () => { left = true; };
  }, [data]);
  if (error instanceof ApiError && error.status === 404) return <p class="quiet">{say('proof_none')}: <Text of={error.detail} /></p>;
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  return (
    <div class="proof">
      {verdict ? <p class={VERDICTS[verdict][0]} data-verdict={verdict}><Shape name={VERDICTS[verdict][1]} /> {say(`proof_${verdict}`)}</p> : <Loading />}
      <p>{say('leaf')} {number(data.index)}, {say('tree_size')} {number(data.tree_size)}</p>
      <p class="hash">{say('leaf')} <Text of={data.leaf} /></p>
      {(data.cosigned ?? []).length ? <p>{say('cosigned')}: {data.cosigned!.map(name => <Text key={name} of={name + ' '} />)}</p> : null}
      <details><summary>{say('checkpoint')}</summary><pre tabIndex={0}>{visibleLines(data.checkpoint)}</pre>
        {data.entry ? <pre tabIndex={0}>{visibleLines(data.entry)}</pre> : null}</details>
      <p class="quiet">{say('proof_command')}</p>
      <pre tabIndex={0}>kentongan evidence export {id} --why "…" --to bukti.zip{'\n'}kentongan evidence verify --keys agencies.keys bukti.zip</pre>
    </div>
  );
}

/** A destination hears of an alert again whenever it grows: its newest message, and how many came before. */
function Told({messages, error}: {messages: MessageJson[] | null; error: unknown}) {
  if (error) return <Trouble error={error} />;
  if (!messages) return <Loading />;
  if (!messages.length) return <p class="quiet">{say('nobody')}</p>;
  const by = new Map<string, MessageJson[]>();
  for (const one of messages) by.set(one.destination, [...(by.get(one.destination) ?? []), one]);
  return (
    <table class="told">
      <thead><tr><th scope="col">{say('destination_col')}</th><th scope="col">{say('status')}</th><th scope="col">{say('receipt')}</th>
        <th scope="col">{say('first_told')}</th><th scope="col">{say('last_told')}</th><th scope="col" class="n">{say('messages')}</th></tr></thead>
      <tbody>{[...by].sort(([a], [b]) => a.localeCompare(b)).map(([name, list]) => {
        const newest = list[0]!;
        const first = list.filter(one => one.state === 'delivered').at(-1);
        return (
          <tr key={name}>
            <th scope="row"><Text of={name} /></th>
            <td class={newest.state === 'dead' ? 'critical' : newest.state === 'delivered' ? '' : 'high'}>{sayOr(newest.state === 'dead' ? 'given_up' : newest.state, visible(newest.state))}</td>
            <td><Text of={newest.detail || '–'} /></td><td><Time of={first?.settled} short /></td><td><Time of={newest.settled ?? newest.committed} short /></td><td class="n">{number(list.length)}</td>
          </tr>
        );
      })}</tbody>
    </table>
  );
}

/** A text as a value of the query language: itself, whatever stands in it. */
const quoted = (text: string) => `"${text.replace(/["\\*]/g, '\\$&')}"`;

/** Alerts about the same: what it is about, who did it, whose account, machine, file, TPS. */
function Related({alert}: {alert: AlertJson}) {
  const own = alert.kentongan ?? {};
  const about: [string, string | undefined][] = [
    ['entity', own.entity], ['related.ip', alert.source?.ip], ['related.user', alert.user?.name], ['related.hosts', alert.host?.hostname],
    ['file.path', alert.file?.path], ['related.hash', alert.file?.hash?.sha256], ['tps', own.sirekap?.tps],
  ];
  const parts = about.filter(([, value]) => value && value.length <= 300).map(([field, value]) => `${field} : ${quoted(value!)}`);
  const q = parts.length ? `(${parts.join(' or ')}) and not id : ${alert.event.id}` : null;
  const {data, error} = usePoll<AlertPage>(q ? 'alerts' + parameters({q, limit: 20}) : null, 20_000);
  if (!q) return <p class="quiet">–</p>;
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  if (!data.alerts.length) return <p class="quiet">–</p>;
  return (
    <>
    <ul class="related">
      {data.alerts.map(one => (
        <li key={one.event.id}><Severity name={severityOf(one)} /> <Time of={one['@timestamp']} /> <a href={address('alert', one.event.id)}><Text of={one.rule?.name} /></a> <small><Text of={one.kentongan?.entity} /></small> <State of={one} /></li>
      ))}
    </ul>
    {data.next_cursor ? <p><a href={address('inbox', '', {q, view: 'all'})}>{say('related_all')}</a></p> : null}
    </>
  );
}

function RuleText({alert}: {alert: AlertJson}) {
  const id = alert.rule?.id;
  const {data, error} = usePoll<RuleJson>(id ? `rules/${encodeURIComponent(id)}` : null, 0);
  if (error) return <p class="quiet">{error instanceof ApiError && error.status === 404 ? say('rule_built_in') : <Text of={(error as Error).message} />}</p>;
  if (!data) return <Loading />;
  const list = (alert.kentongan?.evidence ?? []).map(one => one.excerpt ?? '');
  const strings = stringsFound(list);
  const excerpts = list.join('\n').toLowerCase();
  return (
    <>
    <p class="quiet">{say(strings.size ? 'marked_strings' : 'marked_words')}</p>
    <pre class="rule" tabIndex={0} aria-label={say('rule_text')}>
      {(data.text ?? '').split('\n').map((line, i) => {
        const words = [...line.matchAll(/['"]([^'"]{4,})['"]|-\s+([^\s'"].{3,})$/g)].map(m => (m[1] ?? m[2] ?? '').replaceAll('*', '').toLowerCase());
        const name = /^\s*(\$\w*)\s*=/.exec(line)?.[1];
        const hit = strings.size ? !!name && strings.has(name) : words.some(word => word.length > 3 && excerpts.includes(word));
        return <span key={i} class={hit ? 'hit' : ''}>{hit ? <mark>{visible(line)}</mark> : visible(line)}{'\n'}</span>;
      })}
    </pre>
    </>
  );
}

export function AlertPageView() {
  const id = route.value.argument;
  const {data: alert, error, again} = usePoll<AlertJson>(`alerts/${encodeURIComponent(id)}`, 5000);
  const {data: sent, error: unsent} = usePoll<{messages: MessageJson[]}>('messages' + parameters({alert: id, limit: 1000}), 10_000);
  const [dialog, setDialog] = useState<Asked>(null);
  const show = route.value.parameters.show ?? '';
  useEffect(() => onChanged(() => again()), [id]);
  useEffect(() => {
    if (show === 'packets' && alert) void download(id);
    if (show) document.getElementById(show)?.scrollIntoView();
  }, [show, alert === null]);
  useLayoutEffect(() => {
    const list = alert ? [alert] : [];
    const ask = (what: Asked) => () => { if (may('triage') && alert) setDialog(what); };
    return bind({
      'a': () => void (may('triage') && perform(list, 'ack')), 't': () => void (may('triage') && perform(list, 'assign')),
      'e': ask('close'), 's': ask('escalate'), 'Shift+S': ask('escalate-close'), 'c': ask('comment'), 'm': ask('snooze'), '.': ask('menu'),
      'z': () => {
        const last = [...toasts.value].reverse().find(one => one.undo);
        if (last) { dismiss(last.id); void last.undo!(); }
      },
      'p': () => void download(id), 'v': () => document.getElementById('proof')?.scrollIntoView(), 'Escape': () => history.back(),
    });
  });
  if (error && !alert) return <main id="main" tabIndex={-1}><h1>{say('alert')}</h1><Trouble error={error} again={again} /><p><a href={address('inbox')}>{say('inbox')}</a></p></main>;
  if (!alert) return <main id="main" tabIndex={-1}><h1>{say('alert')}</h1><Loading /></main>;
  const own = alert.kentongan ?? {};
  const zone = zoneOf(own.sirekap?.area || own.sirekap?.tps);
  const marks = [textOf(alert.url), alert.user?.name ?? '', alert.file?.path ?? '', alert.source?.ip ?? ''];
  return (
    <main id="main" class="alert" tabIndex={-1}>
      <header class="what">
        <p><Severity name={severityOf(alert)} /> <State of={alert} /> <Tlp of={alert.labels?.tlp} /> <Exercise on={alert.labels?.exercise === 'true'} />
          <span class="quiet"> {number(own.count)} {say('count_times')}</span></p>
        <h1><Text of={alert.rule?.name} /></h1>
        <p class="sentence"><Text of={sentence(alert)} /></p>
      </header>
      {session.value?.agency ? <p class="buttons"><button type="button" onClick={() => void seen(alert)}>{say('seen')}</button></p> : null}
      <Buttons alerts={[alert]} ask={setDialog} />
      <div class="columns">
        <div>
          <Panel title={say('evidence')} id="evidence"><Evidence id={id} list={own.evidence ?? []} marks={marks} zone={zone} />
            <p id="packets"><button type="button" onClick={() => void download(id)}>{say('download_packets')} <kbd>p</kbd></button></p></Panel>
          <Panel title={say('rule_text')} extra={alert.rule?.id ? <a href={address('rules', alert.rule.id)}>{say('rule')}</a> : null}><RuleText alert={alert} /></Panel>
        </div>
        <div>
          <Panel title={say('col_what')}><Facts alert={alert} zone={zone} /></Panel>
          <Panel title={say('timeline')}><Timeline key={own.revision} alert={alert} messages={sent?.messages ?? []} zone={zone} /></Panel>
          <Panel title={say('related')}><Related alert={alert} /></Panel>
          <Panel title={say('deliveries')}><Told messages={sent?.messages ?? null} error={sent ? null : unsent} /></Panel>
          <Panel title={say('proof')} id="proof"><Proof id={id} /></Panel>
        </div>
      </div>
      <p><button type="button" onClick={() => go('inbox')}>← {say('inbox')}</button></p>
      <Acts asked={dialog} alerts={[alert]} leave={() => setDialog(null)} ask={setDialog} />
    </main>
  );
}
