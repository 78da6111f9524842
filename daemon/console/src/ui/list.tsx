// A list of any length of which only what is on the screen is in the page.
import type {ComponentChildren} from 'preact';
import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';
import {useRem} from './hooks';

export interface Items<T> {
  length: number;
  at(index: number): T | undefined;
}

interface Props<T> {
  items: Items<T>;
  /** Of items that are changed in place: another one with each change. */
  version?: number;
  height: number;  // of a row, rem
  keyOf: (item: T) => string;
  render: (item: T, index: number) => ComponentChildren;
  cursor: number;
  label: string;
  /** A box of options that keys choose from (their role is option), or a plain list (listitem). */
  role?: 'listbox' | 'list';
  /** Is told the keys of what is in the page. */
  drawn?: {current: string[]};
  /** Called when the end comes near. */
  more?: () => void;
}

const SPARE = 12;
const MOST_AT_ONCE = 10_000;  // rows that come in above in one go

export function VirtualList<T>({items, version, height: tall, keyOf, render, cursor, label, drawn, more, role = 'listbox'}: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const height = Math.round(tall * useRem());
  const [view, setView] = useState({top: 0, rows: 40});
  const first = useRef<string | null>(null);

  useEffect(() => {
    const element = box.current!;
    const measure = () => setView({top: element.scrollTop, rows: Math.ceil(element.clientHeight / height)});
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    element.addEventListener('scroll', measure, {passive: true});
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [height]);

  // Rows that came in above must not move those that somebody reads.
  useLayoutEffect(() => {
    const element = box.current!;
    const before = first.current;
    first.current = items.length ? keyOf(items.at(0)!) : null;
    if (before === null || before === first.current || element.scrollTop < height) return;
    for (let moved = 1; moved < Math.min(items.length, MOST_AT_ONCE); ++moved) {
      if (keyOf(items.at(moved)!) !== before) continue;
      element.scrollTop += moved * height;
      return;
    }
  }, [items, version]);

  useLayoutEffect(() => {
    const element = box.current!;
    const top = cursor * height;
    if (cursor < 0) return;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight;
  }, [cursor, height]);

  const from = Math.max(0, Math.floor(view.top / height) - SPARE);
  const to = Math.min(items.length, from + view.rows + 2 * SPARE);
  const shown = Array.from({length: Math.max(0, to - from)}, (_, i) => items.at(from + i)!);
  if (drawn) drawn.current = shown.map(keyOf);
  useEffect(() => {
    if (more && to >= items.length - SPARE) more();
  }, [to, items.length]);

  return (
    <div class="rows" ref={box} tabIndex={0} role={role} aria-label={label} aria-multiselectable={role === 'listbox' ? 'true' : undefined}
      aria-activedescendant={cursor >= 0 && items.at(cursor) ? 'row-' + keyOf(items.at(cursor)!) : undefined}>
      <div class="tall" role="presentation" style={{height: `${items.length * height}px`}}>
        {shown.map((item, i) => (
          <div class="place" role="presentation" key={keyOf(item)} style={{transform: `translateY(${(from + i) * height}px)`, height: `${height}px`}}>
            {render(item, from + i)}
          </div>
        ))}
      </div>
    </div>
  );
}
