// How we know: each piece of evidence in the form that suits it, and a log line among its neighbours.
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {ApiError, query as parameters} from '../api';
import {changeOf, exchangeOf, type Exchange, type FileChange} from '../evidence';
import {number, parseTime, visibleLines, type Zone} from '../format';
import {say, sayOr, type TextKey} from '../text';
import {usePoll} from '../ui/hooks';
import {Loading, Text, When} from '../ui/parts';
import type {EvidenceJson} from '../types';

interface Line {
  text: string;
  cut: boolean;
}
interface ContextJson {
  state: 'same' | 'rotated' | 'changed' | 'missing';
  file: string;
  before: Line[];
  record: Line[];
  after: Line[];
}

/** An excerpt with what it says of the alert (an address, an account) marked. */
function Excerpt({text, marks}: {text: string; marks: string[]}) {
  const found = marks.filter(mark => mark.length > 2 && text.includes(mark)).sort((a, b) => b.length - a.length)[0];
  if (!found) return <>{visibleLines(text)}</>;
  const parts = text.split(found);
  return <>{parts.map((part, i) => [visibleLines(part), i < parts.length - 1 ? <mark key={i}>{visibleLines(found)}</mark> : null])}</>;
}

const Lines = ({of, marks}: {of: Line[]; marks: string[]}) => (
  <>{of.map((line, i) => <span key={i}><Excerpt text={line.text} marks={marks} />{line.cut ? <small> {say('line_cut')}</small> : null}</span>)}</>
);

/** Whether a log may hold it: what came by the wire, of a file's own or was counted has no line. */
const mayBeLine = (one: EvidenceJson) => one.kind !== 'file' && one.kind !== 'aggregate' && !!one.source && !/^(pcap|packet|integrity|report):/.test(one.source);

/** The line where it stands in its log, if it still does; its excerpt where it does not. */
function InContext({id, index, one, marks}: {id: string; index: number; one: EvidenceJson; marks: string[]}) {
  const {data, error} = usePoll<ContextJson>(mayBeLine(one) ? `alerts/${encodeURIComponent(id)}/context` + parameters({evidence: index}) : null, 0);
  const box = useRef<HTMLPreElement>(null);
  const here = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {  // the line in the middle of its box, its start at least; the page stays where it is
    if (!box.current || !here.current) return;
    const [around, line] = [box.current.getBoundingClientRect(), here.current.getBoundingClientRect()];
    box.current.scrollTop += line.top - around.top - Math.max(0, (around.height - line.height) / 2);
  }, [data]);
  const own = one.excerpt ? <pre tabIndex={0}><Excerpt text={one.excerpt} marks={marks} /></pre> : null;
  if (!mayBeLine(one) || (error instanceof ApiError && error.status === 404)) return own;
  if (error) return <>{own}<p class="quiet"><Text of={(error as Error).message} /></p></>;
  if (!data) return <>{own}<Loading /></>;
  if (!data.record.length) return <>{own}<p class="high">{say(data.state === 'missing' ? 'context_missing' : 'context_changed')}</p></>;
  return (
    <>
      <pre class="lines" ref={box} tabIndex={0} aria-label={say('context')}>
        <span class="around"><Lines of={data.before} marks={[]} /></span>
        <span class="here" ref={here}><Lines of={data.record} marks={marks} /></span>
        <span class="around"><Lines of={data.after} marks={[]} /></span>
      </pre>
      <p class="quiet">{say(data.state === 'same' ? 'context_same' : 'context_rotated')}{data.state === 'rotated' ? <> <Text of={data.file} /></> : null}</p>
    </>
  );
}

const EXCHANGE: [keyof Exchange, TextKey][] = [
  ['host', 'host'], ['client', 'source'], ['user', 'user'], ['agent', 'user_agent'], ['referrer', 'referrer'], ['status', 'http_status'], ['size', 'http_size'],
];

function HttpExchange({of}: {of: Exchange}) {
  const tone = /^5/.test(of.status ?? '') ? 'critical' : /^4/.test(of.status ?? '') ? 'high' : '';
  return (
    <section class="exchange" aria-label={say('http_exchange')}>
      <p class="request"><b><Text of={of.method} /></b> <Text of={of.target} /> <small><Text of={of.version} /></small></p>
      <dl class="facts">{EXCHANGE.map(([name, label]) => of[name]
        ? [<dt key={name}>{say(label)}</dt>, <dd key={name + ' v'} class={name === 'status' ? tone : ''}><Text of={of[name]} /></dd>] : null)}
        {of.headers ? [<dt key="h">{say('http_headers')}</dt>, <dd key="hv">{of.headers.map((line, i) => <div key={i}><Text of={line} /></div>)}</dd>] : null}</dl>
      {of.body ? <><p class="quiet">{say('http_body')}</p><pre tabIndex={0}>{visibleLines(of.body)}</pre></> : null}
    </section>
  );
}

function Part({name, of, zone}: {name: string; of?: string | undefined; zone: Zone}) {
  if (of === undefined) return <span class="quiet">–</span>;
  if (name === 'mtime' && parseTime(of)) return <When of={of} zone={zone} />;
  return name === 'size' ? <>{number(of)} B</> : <span class={name === 'hash' ? 'hash' : ''}><Text of={of} /></span>;
}

function FileTable({of, zone}: {of: FileChange; zone: Zone}) {
  return (
    <>
      <table class="change">
        <caption>{sayOr('file_' + of.action, of.action)}: <Text of={of.path} /></caption>
        <thead><tr><th scope="col"><span class="hearing">{say('file')}</span></th><th scope="col">{say('before')}</th><th scope="col">{say('after')}</th></tr></thead>
        <tbody>{of.parts.map(part => (
          <tr key={part.name} class={part.changed ? 'changed' : ''}>
            <th scope="row">{say(`part_${part.name}`)}{part.changed ? <span class="high"> ≠ <span class="hearing">{say('part_changed')}</span></span> : null}</th>
            <td><Part name={part.name} of={part.before} zone={zone} /></td><td><Part name={part.name} of={part.after} zone={zone} /></td>
          </tr>
        ))}</tbody>
      </table>
      <p class="quiet">{say('contents_not_kept')}</p>
    </>
  );
}

function Piece({id, index, one, marks, zone, open}: {id: string; index: number; one: EvidenceJson; marks: string[]; zone: Zone; open: boolean}) {
  const [shown, setShown] = useState(open);
  const change = changeOf(one);
  const exchange = change ? null : exchangeOf(one);
  const raw = shown ? <InContext id={id} index={index} one={one} marks={marks} /> : one.excerpt ? <pre tabIndex={0}><Excerpt text={one.excerpt} marks={marks} /></pre> : null;
  return (
    <li>
      <p><b>{sayOr('of_' + one.kind, one.kind ?? '')}</b> <Text of={one.source} /> @ {number(one.offset)}
        {!shown && mayBeLine(one) ? <button type="button" class="plain" onClick={() => setShown(true)}>{say('context_show')}</button> : null}</p>
      {change ? <FileTable of={change} zone={zone} /> : null}
      {exchange ? <HttpExchange of={exchange} /> : null}
      {change ? <details><summary>{say('as_recorded')}</summary>{raw}</details> : raw}
      {one.sha256 ? <p class="quiet hash">sha256 <Text of={one.sha256} /></p> : null}
    </li>
  );
}

/** The first is shown in its log at once, the others when they are asked for. */
export function Evidence({id, list, marks, zone}: {id: string; list: EvidenceJson[]; marks: string[]; zone: Zone}) {
  if (!list.length) return <p class="quiet">{say('no_data')}</p>;
  return <ol class="evidence">{list.map((one, i) => <Piece key={i} id={id} index={i} one={one} marks={marks} zone={zone} open={i === 0} />)}</ol>;
}
