// The query box: completes fields and values, points at the character that is wrong, keeps searches.
import {useEffect, useRef, useState} from 'preact/hooks';
import {ApiError, get, put, remove} from '../api';
import {toast} from '../state';
import {say} from '../text';
import {visible} from '../format';
import {complete, counted, fieldAt, learn} from '../completion';

export interface Fault {
  text: string;
  at: number | null;
}

/** What a refused query says, and where in what was asked: the daemon counts bytes of UTF-8. */
export function faultOf(problem: unknown, asked: string): Fault | null {
  if (!(problem instanceof ApiError) || problem.status !== 400) return null;
  const found = problem.errors.find(one => one.field === 'q') ?? problem.errors[0];
  const at = found?.position;
  return {
    text: found?.detail ?? problem.detail,
    at: at === undefined ? null : new TextDecoder().decode(new TextEncoder().encode(asked).subarray(0, at)).length,
  };
}

interface Props {
  value: string;
  fault: Fault | null;
  run: (text: string) => void;
  box: {current: HTMLInputElement | null};
}

export function QueryBox({value, fault, run, box}: Props) {
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => setText(value), [value]);
  const [, learned] = useState(0);
  const field = open ? fieldAt(text, caret) : null;
  useEffect(() => {
    if (field) void learn(field).then(fresh => { if (fresh) learned(n => n + 1); });
  }, [field]);
  const {from, until, choices} = complete(text, caret, counted);
  const shown = open && choices.length > 0;

  function take(choice: string) {
    const next = text.slice(0, from) + choice + ' ' + text.slice(until).trimStart();
    setText(next);
    setOpen(false);
    setAt(-1);
    const place = from + choice.length + 1;
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(place, place);
      setCaret(place);
    });
  }
  function onKey(event: KeyboardEvent) {
    if (shown && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((at + step + choices.length) % choices.length);
    } else if (shown && at >= 0 && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      take(choices[at]!);
    } else if (event.key === 'Escape') {
      if (shown) setOpen(false);
      else box.current?.blur();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      setOpen(false);
      run(text.trim());
    }
  }
  return (
    <form class="query" role="search" onSubmit={e => { e.preventDefault(); run(text.trim()); }}>
      <div class="field">
        <input ref={box} type="text" role="combobox" aria-expanded={shown} aria-controls="choices" aria-label={say('query')}
          aria-invalid={fault !== null} aria-describedby={fault ? 'fault' : undefined} autocomplete="off" spellcheck={false}
          placeholder={say('query_hint')} value={text} maxLength={4000} onKeyDown={onKey}
          onInput={e => { setText(e.currentTarget.value); setCaret(e.currentTarget.selectionStart ?? 0); setOpen(true); setAt(-1); }}
          onClick={e => setCaret(e.currentTarget.selectionStart ?? 0)} onBlur={() => setTimeout(() => setOpen(false), 150)} />
        <ul id="choices" role="listbox" aria-label={say('query')} hidden={!shown}>
          {choices.map((choice, i) => (
            <li key={choice} role="option" aria-selected={i === at} onMouseDown={e => { e.preventDefault(); take(choice); }}>{visible(choice)}</li>
          ))}
        </ul>
        {fault ? (
          <p class="fault" id="fault" role="alert">
            {fault.at === null ? null : <code aria-hidden="true">{visible(value.slice(0, fault.at))}<mark>{visible(value.slice(fault.at, fault.at + 1)) || '␣'}</mark></code>}
            {visible(fault.text)}
          </p>
        ) : null}
      </div>
      <button type="submit">{say('run')} <kbd>/</kbd></button>
      <Saved text={text} run={run} />
    </form>
  );
}

interface SavedSearch {
  name: string;
  query: string;
  owner?: string;
}

function Saved({text, run}: {text: string; run: (text: string) => void}) {
  const [list, setList] = useState<SavedSearch[]>([]);
  const [name, setName] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const load = () => get<{searches: SavedSearch[]}>('searches').then(body => setList(body.searches ?? []), () => setList([]));
  useEffect(() => void load(), []);
  useEffect(() => input.current?.focus(), [name !== null]);
  async function change(work: Promise<unknown>) {
    try {
      await work;
      setName(null);
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
    await load();
  }
  const current = list.find(one => one.query === text.trim());
  return (
    <span class="saved">
      <select aria-label={say('saved')} value={current?.name ?? ''} onChange={e => {
        const chosen = list.find(one => one.name === e.currentTarget.value);
        if (chosen) run(chosen.query);
      }}>
        <option value="">{say('saved')}</option>
        {list.map(one => <option key={one.name} value={one.name}>{visible(one.name)}</option>)}
      </select>
      {current ? <button type="button" class="plain" title={say('delete_search')} aria-label={say('delete_search')}
        onClick={() => void change(remove('searches/' + encodeURIComponent(current.name)))}>✕</button>
        : name === null ? <button type="button" class="plain" title={say('save_search')} aria-label={say('save_search')} disabled={!text.trim()}
          onClick={() => setName('')}>+</button>
          : <span><input ref={input} aria-label={say('search_name')} placeholder={say('search_name')} value={name} maxLength={80}
            onInput={e => setName(e.currentTarget.value)}
            onKeyDown={e => {
              if (e.key === 'Escape') setName(null);
              if (e.key === 'Enter' && name.trim()) {
                e.preventDefault();
                void change(put('searches/' + encodeURIComponent(name.trim()), {query: text.trim()}));
              }
            }} /></span>}
    </span>
  );
}
