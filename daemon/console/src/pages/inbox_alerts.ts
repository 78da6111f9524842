// The alerts of one question: read a page at a time, followed live, and asked for again.
import {useCallback, useEffect, useMemo, useRef, useState} from 'preact/hooks';
import {get, query as parameters} from '../api';
import {AlertList} from '../alerts';
import {visible} from '../format';
import {bucketsOf, type Buckets} from '../histogram';
import {follow, type Tail} from '../live';
import {announce} from '../state';
import {say} from '../text';
import {onChanged} from '../triage';
import {severityOf} from '../ui/parts';
import type {AlertJson, AlertPage, HistogramJson} from '../types';

const PAGE = 200;
const MOST = 200_000;
const AGAIN = 10_000;           // ms
const HISTOGRAM_AGAIN = 15_000;  // ms

export interface Alerts {
  list: AlertList;
  version: number;  // another one with each change of the list
  round: number;    // another one each time the list is begun anew
  problem: unknown;
  partial: string;
  tail: Tail | null;
  unread: boolean;  // there are more, further down
  unseen: number;
  paused: boolean;
  drawn: {current: string[]};  // ids on the screen, kept by the one who draws
  again: () => void;
  more: () => void;
  pause: (on: boolean) => void;
  seen: () => void;
}

/** With `closed`, those that are closed stay in the list. */
export function useAlerts(asked: string, closed: boolean): Alerts {
  const list = useMemo(() => new AlertList(MOST), []);
  const [version, setVersion] = useState(0);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [partial, setPartial] = useState('');
  const [unseen, setUnseen] = useState(0);
  const [paused, setPaused] = useState(false);
  const [tail, setTail] = useState<Tail | null>(null);
  const [round, setRound] = useState(0);
  const loading = useRef(false);
  const held = useRef<AlertJson[] | null>(null);  // what came while it is paused
  const left = useRef(new Map<string, number>());
  const acts = useRef(0);
  const drawn = useRef<string[]>([]);
  const touched = useCallback(() => setVersion(n => n + 1), []);
  const again = useCallback(() => setRound(n => n + 1), []);

  const take = useCallback((fresh: AlertJson[]) => {
    const made = list.prepend(fresh);
    setUnseen(count => count + made);
    touched();
  }, []);

  // A new question: from the start.
  useEffect(() => {
    const stop = new AbortController();
    list.clear();
    left.current.clear();
    if (held.current) held.current = [];
    touched();
    setNext(null);
    setProblem(null);
    setUnseen(0);
    const load = () => get<AlertPage>('alerts' + parameters({q: asked, limit: PAGE}), stop.signal).then(page => {
      list.append(page.alerts);
      touched();
      setNext(page.next_cursor);
      setPartial(page.partial ? page.reason ?? say('partial') : '');
    }, wrong => {
      if (!stop.signal.aborted) setProblem(wrong);
    });
    // First live, then the page: an alert that comes in between is in both, and shown once.
    const made = follow(asked, fresh => {
      if (held.current) {
        held.current.push(...fresh);
        setUnseen(count => count + fresh.length);
        return;
      }
      take(fresh);
      const worst = fresh.find(alert => severityOf(alert) === 'critical') ?? fresh[0];
      if (worst) announce(`${fresh.length} ${say('fresh')}: ${say(severityOf(worst))} ${visible(worst.rule?.name)}`, severityOf(worst) === 'critical');
    }, again, () => void load());
    setTail(made);
    return () => {
      stop.abort();
      made.close();
    };
  }, [asked, round]);

  // The tail tells what is new. What others have done since, and what has grown until it belongs here, is asked for:
  // the newest ones, and those on the screen, of which those that are not answered have left.
  useEffect(() => {
    const stop = new AbortController();
    async function look() {
      if (held.current) return;
      const before = acts.current;
      const first = await get<AlertPage>('alerts' + parameters({q: asked, limit: PAGE}), stop.signal);
      const seen = drawn.current.filter(id => list.get(id));
      const mine = seen.length ? `id : (${seen.join(' or ')})` : '';
      const here = !mine ? null : await get<AlertPage>('alerts' + parameters({q: asked ? `(${asked}) and ${mine}` : mine, limit: PAGE}), stop.signal);
      // What was asked before an act was done is older than what the act told.
      if (held.current || stop.signal.aborted || acts.current !== before) return;
      list.merge(first.alerts, first.next_cursor === null && !first.partial);
      if (here && !here.partial) {
        list.update(here.alerts);
        const still = new Set(here.alerts.map(alert => alert.event.id));
        list.remove(new Set(seen.filter(id => !still.has(id))));
      }
      touched();
    }
    const timer = setInterval(() => void look().catch(() => undefined), AGAIN);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [asked, round]);

  useEffect(() => onChanged(changed => {
    ++acts.current;
    list.update(changed);
    const over = (alert: AlertJson) => !closed && alert.kentongan?.state === 'closed';
    for (const alert of changed) {
      const was = left.current.get(alert.event.id);
      if (was === undefined || over(alert)) continue;
      list.insert(alert, was);
      left.current.delete(alert.event.id);
    }
    for (const [id, was] of list.remove(new Set(changed.filter(over).map(alert => alert.event.id)))) left.current.set(id, was);
    touched();
  }), [closed]);

  const more = useCallback(() => {
    if (!next || loading.current || list.length >= MOST) return;
    loading.current = true;
    get<AlertPage>('alerts' + parameters({q: asked, limit: PAGE, cursor: next})).then(page => {
      list.append(page.alerts);
      touched();
      setNext(page.next_cursor);
    }, setProblem).finally(() => (loading.current = false));
  }, [next, asked]);

  function pause(on: boolean) {
    const waiting = held.current;
    held.current = on ? [] : null;
    setPaused(on);
    if (waiting?.length) {
      setUnseen(count => Math.max(0, count - waiting.length));
      take(waiting);
    }
  }
  function seen() {
    pause(false);
    setUnseen(0);
  }
  return {list, version, round, problem, partial, tail, unread: next !== null, unseen, paused, drawn, again, more, pause, seen};
}

/** How many over time, of the same question. */
export function useBuckets(asked: string, round: number): Buckets | null {
  const [buckets, setBuckets] = useState<Buckets | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    async function load() {
      try {
        setBuckets(bucketsOf(await get<HistogramJson>('alerts/histogram' + parameters({q: asked}), stop.signal)));
      } catch {
        if (!stop.signal.aborted) setBuckets(null);
      }
      if (!stop.signal.aborted) timer = setTimeout(load, HISTOGRAM_AGAIN);
    }
    void load();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [asked, round]);
  return buckets;
}
