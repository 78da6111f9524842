// One alert: what happened, how we know, what was done, who was told, and the proof that it stands
// in the history.
import {useEffect, useLayoutEffect, useState} from 'preact/hooks';
import {ApiError, call, query as parameters} from '../api';
import {may, toast} from '../state';
import {address, go, route} from '../route';
import {say, sayOr} from '../text';
import {number, visible, visibleLines} from '../format';
import {onChanged, perform} from '../triage';
import {bind} from '../ui/keys';
import {usePoll} from '../ui/hooks';
import {Acts, Buttons, type Asked} from '../ui/acts';
import {Exercise, Loading, Panel, sentence, Severity, severityOf, Shape, State, Text, Time, Tlp, Trouble} from '../ui/parts';
import type {ActionJson, AlertJson, AlertPage, EvidenceJson, MessageJson} from '../types';

interface ProofJson {
  index: number;
  leaf: string;
  entry?: string;
  tree_size: number;
  hashes?: string[];
  checkpoint: string;
  cosigned?: string[];
}
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
function Facts({alert}: {alert: AlertJson}) {
  const own = alert.kentongan ?? {};
  const sirekap = [own.sirekap?.area, own.sirekap?.tps].filter(Boolean).join(' / ');
  const facts: [string, unknown][] = [
    [say('rule'), [alert.rule?.id, alert.rule?.version].filter(Boolean).join('  v')],
    [say('authors'), (alert.rule?.author ?? []).join(', ')],
    [say('technique'), (alert.threat?.technique?.id ?? []).join(', ')],
    [say('source'), endpoint(alert.source)], [say('destination'), endpoint(alert.destination)],
    [say('user'), alert.user?.name], [say('host'), alert.host?.hostname], [say('url'), textOf(alert.url)], [say('file'), alert.file?.path],
    [say('area_tps'), sirekap], [say('sensor'), alert.observer?.hostname], [say('assignee'), own.assignee],
    [say('severity_why'), (own.severity_reasons ?? []).join('; ')], [say('suppressed_by'), own.suppressed],
    [say('told'), (own.agencies ?? []).join(', ') || say('nobody')], [say('id'), alert.event.id],
  ];
  return (
    <dl class="facts">
      {facts.filter(([, value]) => value).map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={name + ' v'}><Text of={value} /></dd>])}
      <dt>{say('first_seen')}</dt><dd><Time of={own.first_seen} /></dd>
      <dt>{say('last_seen')}</dt><dd><Time of={own.last_seen} /></dd>
    </dl>
  );
}

/** An excerpt with the words of the message that are in it marked, for they are what matched. */
function Excerpt({text, marks}: {text: string; marks: string[]}) {
  const found = marks.filter(mark => mark.length > 2 && text.includes(mark)).sort((a, b) => b.length - a.length)[0];
  if (!found) return <pre tabIndex={0}>{visibleLines(text)}</pre>;
  const parts = text.split(found);
  return <pre tabIndex={0}>{parts.map((part, i) => [visibleLines(part), i < parts.length - 1 ? <mark key={i}>{visibleLines(found)}</mark> : null])}</pre>;
}

function Evidence({list, marks}: {list: EvidenceJson[]; marks: string[]}) {
  if (!list.length) return <p class="quiet">{say('no_data')}</p>;
  return (
    <ol class="evidence">
      {list.map((one, i) => (
        <li key={i}>
          <p><b><Text of={one.kind} /></b> <Text of={one.source} /> @ {number(one.offset)}</p>
          {one.excerpt ? <Excerpt text={one.excerpt} marks={marks} /> : null}
          {one.sha256 ? <p class="quiet hash">sha256 <Text of={one.sha256} /></p> : null}
        </li>
      ))}
    </ol>
  );
}

function Timeline({id, version}: {id: string; version: number | undefined}) {
  const {data, error} = usePoll<{actions: ActionJson[]}>(`alerts/${encodeURIComponent(id)}/actions`, 10_000);
  void version;
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  if (!data.actions.length) return <p class="quiet">–</p>;
  return (
    <ol class="timeline">
      {data.actions.map((one, i) => (
        <li key={i}>
          <Time of={one.at} /> <b><Text of={one.who} /></b> <span>{sayOr('done_' + one.action, visible(one.action))}</span>
          {one.to ? <span class="quiet"> → {sayOr('state_' + one.to, visible(one.to))}</span> : null}
          {one.why || one.comment ? <blockquote><Text of={one.comment || one.why} /></blockquote> : null}
        </li>
      ))}
    </ol>
  );
}

function Proof({id}: {id: string}) {
  const {data, error} = usePoll<ProofJson>(`alerts/${encodeURIComponent(id)}/proof`, 30_000);
  if (error instanceof ApiError && error.status === 404) return <p class="quiet">{say('proof_none')}: <Text of={error.detail} /></p>;
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  return (
    <div class="proof">
      <p class="good"><Shape name="ok" /> {say('proof_ok')}: {say('leaf')} {number(data.index)}, {say('tree_size')} {number(data.tree_size)}</p>
      <p class="hash">{say('leaf')} <Text of={data.leaf} /></p>
      {(data.cosigned ?? []).length ? <p>{say('cosigned')}: {data.cosigned!.map(name => <Text key={name} of={name + ' '} />)}</p> : null}
      <details><summary>{say('checkpoint')}</summary><pre tabIndex={0}>{visibleLines(data.checkpoint)}</pre>
        {data.entry ? <pre tabIndex={0}>{visibleLines(data.entry)}</pre> : null}</details>
      <p class="quiet">kentongan evidence verify</p>
    </div>
  );
}

/** A destination hears of an alert again whenever it grows: its newest message, and how many came before. */
function Told({id}: {id: string}) {
  const {data, error} = usePoll<{messages: MessageJson[]}>('messages' + parameters({alert: id, limit: 1000}), 10_000);
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  if (!data.messages.length) return <p class="quiet">{say('nobody')}</p>;
  const by = new Map<string, MessageJson[]>();
  for (const one of data.messages) by.set(one.destination, [...(by.get(one.destination) ?? []), one]);
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

function Related({alert}: {alert: AlertJson}) {
  const parts: string[] = [];
  if (alert.source?.ip) parts.push(`related.ip : ${alert.source.ip}`);
  if (alert.user?.name && /^[\w.@-]+$/.test(alert.user.name)) parts.push(`related.user : "${alert.user.name}"`);
  if (alert.kentongan?.sirekap?.tps) parts.push(`tps : ${alert.kentongan.sirekap.tps}`);
  const q = parts.length ? `(${parts.join(' or ')}) and not id : ${alert.event.id}` : null;
  const {data, error} = usePoll<AlertPage>(q ? 'alerts' + parameters({q, limit: 20}) : null, 20_000);
  if (!q) return <p class="quiet">–</p>;
  if (error) return <Trouble error={error} />;
  if (!data) return <Loading />;
  if (!data.alerts.length) return <p class="quiet">–</p>;
  return (
    <ul class="related">
      {data.alerts.map(one => (
        <li key={one.event.id}><Severity name={severityOf(one)} /> <Time of={one['@timestamp']} short /> <a href={address('alert', one.event.id)}><Text of={one.rule?.name} /></a> <State of={one} /></li>
      ))}
    </ul>
  );
}

function RuleText({alert}: {alert: AlertJson}) {
  const id = alert.rule?.id;
  const {data, error} = usePoll<RuleJson>(id ? `rules/${encodeURIComponent(id)}` : null, 0);
  if (error) return <p class="quiet">{error instanceof ApiError && error.status === 404 ? say('rule_built_in') : <Text of={(error as Error).message} />}</p>;
  if (!data) return <Loading />;
  const excerpts = (alert.kentongan?.evidence ?? []).map(one => one.excerpt ?? '').join('\n').toLowerCase();
  return (
    <pre class="rule" tabIndex={0} aria-label={say('rule_text')}>
      {(data.text ?? '').split('\n').map((line, i) => {
        const words = [...line.matchAll(/['"]([^'"]{4,})['"]|-\s+([^\s'"].{3,})$/g)].map(m => (m[1] ?? m[2] ?? '').replaceAll('*', '').toLowerCase());
        const hit = words.some(word => word.length > 3 && excerpts.includes(word));
        return <span key={i} class={hit ? 'hit' : ''}>{hit ? <mark>{visible(line)}</mark> : visible(line)}{'\n'}</span>;
      })}
    </pre>
  );
}

export function AlertPageView() {
  const id = route.value.argument;
  const {data: alert, error, again} = usePoll<AlertJson>(`alerts/${encodeURIComponent(id)}`, 5000);
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
      'p': () => void download(id), 'v': () => document.getElementById('proof')?.scrollIntoView(), 'Escape': () => history.back(),
    });
  });
  if (error && !alert) return <main id="main" tabIndex={-1}><h1>{say('alert')}</h1><Trouble error={error} again={again} /><p><a href={address('inbox')}>{say('inbox')}</a></p></main>;
  if (!alert) return <main id="main" tabIndex={-1}><h1>{say('alert')}</h1><Loading /></main>;
  const own = alert.kentongan ?? {};
  const marks = [textOf(alert.url), alert.user?.name ?? '', alert.file?.path ?? '', alert.source?.ip ?? ''];
  return (
    <main id="main" class="alert" tabIndex={-1}>
      <header class="what">
        <p><Severity name={severityOf(alert)} /> <State of={alert} /> <Tlp of={alert.labels?.tlp} /> <Exercise on={alert.labels?.exercise === 'true'} />
          <span class="quiet"> {number(own.count)} {say('count_times')}</span></p>
        <h1><Text of={alert.rule?.name} /></h1>
        <p class="sentence"><Text of={sentence(alert)} /></p>
      </header>
      <Buttons alerts={[alert]} ask={setDialog} />
      <div class="columns">
        <div>
          <Panel title={say('evidence')} id="evidence"><Evidence list={own.evidence ?? []} marks={marks} />
            <p id="packets"><button type="button" onClick={() => void download(id)}>{say('download_packets')} <kbd>p</kbd></button></p></Panel>
          <Panel title={say('rule_text')} extra={<span class="quiet">{say('matched')}</span>}><RuleText alert={alert} /></Panel>
        </div>
        <div>
          <Panel title={say('col_what')}><Facts alert={alert} /></Panel>
          <Panel title={say('timeline')}><Timeline id={id} version={own.revision} /></Panel>
          <Panel title={say('related')}><Related alert={alert} /></Panel>
          <Panel title={say('deliveries')}><Told id={id} /></Panel>
          <Panel title={say('proof')} id="proof"><Proof id={id} /></Panel>
        </div>
      </div>
      <p><button type="button" onClick={() => go('inbox')}>← {say('inbox')}</button></p>
      <Acts asked={dialog} alerts={[alert]} leave={() => setDialog(null)} ask={setDialog} />
    </main>
  );
}
