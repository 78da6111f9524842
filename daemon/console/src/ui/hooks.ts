// Asking again and again, for as long as a part is on the screen.
import {useEffect, useRef, useState} from 'preact/hooks';
import {get} from '../api';
import {heartbeatAge, setClock} from '../state';
import type {StatusJson} from '../types';
import {signal} from '@preact/signals';

export interface Polled<T> {
  data: T | null;
  error: unknown;
  again: () => void;
}

/** GET now and every `period` ms; null asks nothing. The last good answer stays while one fails. */
export function usePoll<T>(path: string | null, period = 5000): Polled<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const kick = useRef<() => void>(() => undefined);
  useEffect(() => {
    setData(null);
    setError(null);
    if (path === null) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    async function ask() {
      clearTimeout(timer);
      try {
        const body = await get<T>(path!, stop.signal);
        if (stop.signal.aborted) return;
        setData(body);
        setError(null);
      } catch (problem) {
        if (stop.signal.aborted) return;
        setError(problem);
      }
      if (period > 0) timer = setTimeout(ask, period);
    }
    kick.current = () => void ask();
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, period]);
  return {data, error, again: () => kick.current()};
}

const remNow = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The root's font size, pixels: larger on a larger screen. */
export function useRem(): number {
  const [rem, setRem] = useState(remNow);
  useEffect(() => {
    const measure = () => setRem(remNow());
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return rem;
}

/** How many boxes of this size (rem) fit into an element: whole ones only. */
export function useFit(width: number, height: number, gap: number): [(element: HTMLElement | null) => void, number] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [count, setCount] = useState(12);
  const rem = useRem();
  useEffect(() => {
    if (!element) return undefined;
    const measure = () => {
      const along = (room: number, size: number) => Math.max(1, Math.floor((room + gap * rem) / ((size + gap) * rem)));
      setCount((width ? along(element.clientWidth, width) : 1) * along(element.clientHeight, height));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [element, rem]);
  return [setElement, count];
}

/** The daemon's state, asked for by the frame and read by every page. */
export const status = signal<StatusJson | null>(null);
export function takeStatus(next: StatusJson) {
  status.value = next;
  const speed = next.clock_speed ?? 1;
  const beat = Date.parse(next.heartbeat ?? '');
  heartbeatAge.value = isNaN(beat) ? 0 : Math.max(0, Date.parse(next.now) - beat) / speed;
  setClock(Date.parse(next.now), speed);
}
