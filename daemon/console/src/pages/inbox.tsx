// The inbox: what is open, triaged by keyboard alone; searched, brushed, and kept live.
import {useEffect, useLayoutEffect, useMemo, useRef, useState} from 'preact/hooks';
import {may, toasts, dismiss} from '../state';
import {go, route} from '../route';
import {say} from '../text';
import {number} from '../format';
import type {Kept} from '../alerts';
import {onChanged, perform} from '../triage';
import {bind} from '../ui/keys';
import {status} from '../ui/hooks';
import {Acts, Buttons, type Asked} from '../ui/acts';
import {faultOf, QueryBox} from '../ui/query';
import {Histogram} from '../ui/chart';
import {VirtualList, type Items} from '../ui/list';
import {Exercise, sentence, Severity, severityOf, State, Text, Time, Trouble} from '../ui/parts';
import {within} from '../histogram';
import {useAlerts, useBuckets} from './inbox_alerts';
import type {AlertJson} from '../types';

type Grouping = 'none' | 'rule' | 'source';
const OPEN = 'not state : closed and not suppressed : *';

interface Row {
  key: string;
  alert: AlertJson;
  members: AlertJson[];
}

/** What the daemon is asked: the words of the box, within the view. */
function whole(q: string, view: string): string {
  const open = view === 'all' ? '' : view === 'escalated' ? 'state : escalated' : OPEN;
  if (!q) return open;
  return open ? `(${q}) and ${open}` : q;
}

const alone = (alert: AlertJson): Row => ({key: alert.event.id, alert, members: [alert]});

function groupOf(alert: Kept, by: Grouping): string {
  return alert.group ??= `${by} ${severityOf(alert)} ${by === 'rule' ? alert.rule?.id ?? '' : alert.source?.ip ?? alert.kentongan?.entity ?? ''}`;
}

function group(alerts: Iterable<Kept>, by: Grouping, opened: Set<string>): Row[] {
  const groups = new Map<string, Row>();
  for (const alert of alerts) {
    if (alert.group && !alert.group.startsWith(by)) alert.group = undefined;
    const name = groupOf(alert, by);
    const known = groups.get(name);
    if (known) known.members.push(alert);
    else groups.set(name, {key: 'g ' + name, alert, members: [alert]});
  }
  const out: Row[] = [];
  for (const row of groups.values()) {
    out.push(row.members.length === 1 ? alone(row.alert) : row);
    if (row.members.length > 1 && opened.has(row.key)) for (const alert of row.members) out.push(alone(alert));
  }
  return out;
}

export function Inbox() {
  const {q = '', view = 'open'} = route.value.parameters;
  const asked = whole(q, view);
  const alerts = useAlerts(asked, view === 'all');
  const {list, version, round} = alerts;
  const buckets = useBuckets(asked, round);
  const [place, setPlace] = useState<{key: string | null; index: number}>({key: null, index: 0});
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [by, setBy] = useState<Grouping>('none');
  const [opened, setOpened] = useState<Set<string>>(new Set());
  const [dialog, setDialog] = useState<Asked>(null);
  const box = useRef<HTMLInputElement>(null);
  const wrong = faultOf(alerts.problem, asked);
  // The position counts from the start of what was sent: the box holds the part after "(".
  const fault = wrong && wrong.at !== null && asked !== q ? {...wrong, at: Math.max(0, wrong.at - (q ? 1 : 0))} : wrong;
  const error = wrong ? null : alerts.problem;
  const none = () => setChosen(new Set<string>());

  useEffect(() => {
    none();
    setPlace({key: null, index: 0});
  }, [asked, round]);
  useEffect(() => onChanged(none), []);

  const groups = useMemo(() => (by === 'none' ? null : group(list, by, opened)), [version, by, opened]);
  const rows: Items<Row> = useMemo(() => groups ?? {
    length: list.length,
    at: index => {
      const alert = list.at(index);
      return alert && alone(alert);
    },
  }, [groups, version]);
  // The cursor stays with its row whatever comes in above; when the row is gone, the next one has it.
  const found = place.key === null ? -1 : groups ? groups.findIndex(row => row.key === place.key) : list.indexOf(place.key, place.index);
  const at = found >= 0 ? found : Math.min(place.index, rows.length - 1);
  const current = rows.at(at);
  const setCursor = (index: number) => setPlace({key: rows.at(index)?.key ?? null, index});
  useLayoutEffect(() => {
    if (current && (current.key !== place.key || at !== place.index)) setPlace({key: current.key, index: at});
  }, [current?.key, at]);
  const targets = useMemo(() => {
    const picked = [...chosen].map(id => list.get(id)).filter(alert => alert !== undefined);
    return picked.length ? picked : current ? current.members : [];
  }, [version, chosen, current?.key]);

  const run = (text: string) => go('inbox', '', {q: text, view});
  const look = (name: string) => go('inbox', '', {q, view: name});
  const toggle = (row: Row | undefined) => {
    if (!row) return;
    const out = new Set(chosen);
    const all = row.members.every(alert => out.has(alert.event.id));
    for (const alert of row.members) all ? out.delete(alert.event.id) : out.add(alert.event.id);
    setChosen(out);
  };
  const open = (row: Row | undefined) => {
    if (!row) return;
    if (row.members.length > 1) {
      const out = new Set(opened);
      out.has(row.key) ? out.delete(row.key) : out.add(row.key);
      setOpened(out);
    } else {
      go('alert', row.alert.event.id);
    }
  };

  const choose = (which: (alert: AlertJson) => boolean) => setChosen(new Set([...list].filter(which).map(alert => alert.event.id)));
  const selecting = {
    '* a': () => choose(() => true), '* n': none,
    '* 1': () => choose(alert => alert.rule?.id === current?.alert.rule?.id),
  };

  // With the frame, not after it: until then a key would act on the row that was current before.
  useLayoutEffect(() => {
    const act = (what: 'ack' | 'assign') => () => { if (may('triage') && targets.length) void perform(targets, what); };
    const ask = (what: Asked) => () => { if (may('triage') && targets.length) setDialog(what); };
    return bind({
      ...selecting,
      'j': () => setCursor(Math.min(rows.length - 1, at + 1)), 'k': () => setCursor(Math.max(0, at - 1)),
      'ArrowDown': () => setCursor(Math.min(rows.length - 1, at + 1)), 'ArrowUp': () => setCursor(Math.max(0, at - 1)),
      'PageDown': () => setCursor(Math.min(rows.length - 1, at + 20)), 'PageUp': () => setCursor(Math.max(0, at - 20)),
      'Shift+H': () => setCursor(0), 'Shift+G': () => setCursor(rows.length - 1),
      'x': () => { toggle(current); setCursor(Math.min(rows.length - 1, at + 1)); },
      'Enter': () => open(current), 'o': () => open(current),
      'a': act('ack'), 't': act('assign'), 'e': ask('close'), 's': ask('escalate'), 'Shift+S': ask('escalate-close'),
      'c': ask('comment'), 'm': ask('snooze'), '.': ask('menu'),
      'p': () => current && go('alert', current.alert.event.id, {show: 'packets'}),
      'v': () => current && go('alert', current.alert.event.id, {show: 'proof'}),
      'z': () => {
        const last = [...toasts.value].reverse().find(one => one.undo);
        if (last) { dismiss(last.id); void last.undo!(); }
      },
      '/': () => { box.current?.focus(); box.current?.select(); },
      'Escape': none, 'Ctrl+\\': () => { none(); run(''); },
    });
  });

  const brush = (from: Date, to: Date) => run(within(q, from, to));

  return (
    <main id="main" class="inbox" tabIndex={-1}>
      <h1 class="hearing">{say('inbox')}</h1>
      <QueryBox value={q} fault={fault} run={run} box={box} />
      <div class="tools">
        <span class="tabs" role="group" aria-label={say('state')}>
          {([['open', 'open_only'], ['escalated', 'escalated_only'], ['all', 'everything']] as const).map(([name, text]) => (
            <button type="button" key={name} aria-pressed={view === name} onClick={() => look(name)}>{say(text)}</button>
          ))}
        </span>
        <label>{say('group')} <select value={by} onChange={e => { setBy(e.currentTarget.value as Grouping); setCursor(0); }}>
          <option value="none">{say('group_none')}</option><option value="rule">{say('group_rule')}</option><option value="source">{say('group_source')}</option>
        </select></label>
        <span class={'tail ' + (alerts.tail?.state.value ?? '')} role="status">{alerts.tail ? say(`tail_${alerts.tail.state.value}`) : ''}</span>
        <button type="button" aria-pressed={alerts.paused} onClick={() => alerts.pause(!alerts.paused)}>{say(alerts.paused ? 'resume_tail' : 'pause_tail')}</button>
        <span class="buttons">
          <button type="button" onClick={selecting['* a']}>{say('select_all')} <kbd>* a</kbd></button>
          <button type="button" onClick={selecting['* 1']}>{say('select_rule')} <kbd>* 1</kbd></button>
          {chosen.size ? <button type="button" onClick={selecting['* n']}>{say('select_none')} <kbd>* n</kbd></button> : null}
        </span>
        <span class="quiet" data-shown={list.length}>{number(list.length)} {say('shown')}{alerts.unread ? `, ${say('more_exist')}` : ''}{chosen.size ? ` · ${number(chosen.size)} ${say('selected')}` : ''}</span>
        {alerts.unseen ? <button type="button" onClick={() => { alerts.seen(); setCursor(0); }}>{number(alerts.unseen)} {say('fresh')} ↑</button> : null}
        {alerts.partial ? <span class="high" role="status">{say('partial')}: <Text of={alerts.partial} /></span> : null}
      </div>
      {buckets && buckets.times.length > 0 ? <Histogram times={buckets.times} counts={buckets.counts} step={buckets.step} label={say('histogram')} brushed={brush} /> : null}
      {error ? <Trouble error={error} again={alerts.again} /> : null}
      <div class="row head" aria-hidden="true">
        <span /><span>{say('col_severity')}</span><span>{say('col_time')}</span><span>{say('col_rule')}</span><span>{say('col_what')}</span>
        <span>{say('col_entity')}</span><span class="count">{say('col_count')}</span><span>{say('col_state')}</span>
      </div>
      {rows.length === 0 && !error && !fault ? <p class="empty">{q ? say('none') : say('all_quiet')}</p> : null}
      <VirtualList items={rows} height={3.2} keyOf={row => row.key} cursor={at} version={version} label={say('inbox')} more={alerts.more} drawn={alerts.drawn}
        render={(row, i) => <Line row={row} here={i === at} chosen={chosen.size > 0 && row.members.every(alert => chosen.has(alert.event.id))}
          take={() => setCursor(i)} open={() => open(row)} toggle={() => toggle(row)} wide={opened.has(row.key)} />} />
      {targets.length ? <Buttons alerts={targets} ask={setDialog} /> : null}
      <Acts asked={dialog} alerts={targets} leave={() => setDialog(null)} ask={setDialog} />
    </main>
  );
}

interface LineProps {
  row: Row;
  here: boolean;
  chosen: boolean;
  wide: boolean;
  take: () => void;
  open: () => void;
  toggle: () => void;
}

function Line({row, here, chosen, wide, take, open, toggle}: LineProps) {
  const {alert, members} = row;
  const own = alert.kentongan ?? {};
  const many = members.length > 1;
  const count = members.reduce((sum, one) => sum + (one.kentongan?.count ?? 1), 0);
  return (
    <div class={`row ${severityOf(alert)}`} id={'row-' + row.key} role="option" aria-selected={chosen || here} aria-current={here ? 'true' : undefined}
      data-id={alert.event.id} data-chosen={chosen} onClick={take} onDblClick={open}>
      <span class="pick" title={say('key_select')} onClick={e => { e.stopPropagation(); toggle(); }}>{chosen ? '☑' : '☐'}</span>
      <Severity name={severityOf(alert)} />
      <Time of={own.last_seen ?? alert['@timestamp']} />
      <span class="cut"><Text of={alert.rule?.name} title />{many ? <b class="many">{wide ? '▾' : '▸'} {number(members.length)}</b> : null}</span>
      <span class="cut two"><Exercise on={alert.labels?.exercise === 'true' && !status.value?.exercise} /><Text of={sentence(alert)} title /></span>
      <span class="cut"><Text of={many ? '' : own.entity} title /></span>
      <span class="count">{number(count)}</span>
      <State of={alert} />
    </div>
  );
}
