// Small parts that every page uses.
import type {ComponentChildren, JSX} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {language, now, toast} from '../state';
import {clock, fullMoment, moment, number, parseTime, span, utc, visible, ZONES, type Zone} from '../format';
import {say, sayOr} from '../text';
import {SEVERITIES, type AlertJson, type SeverityName} from '../types';

const SHAPES: Record<string, JSX.Element> = {
  critical: <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />,
  high: <path d="M8 1l7.5 14H.5z" />,
  medium: <path d="M8 .5L15.5 8 8 15.5 .5 8z" />,
  low: <circle cx="8" cy="8" r="6.5" />,
  info: <circle cx="8" cy="8" r="3" />,
  ok: <path d="M2 8.5l4 4 8-9" fill="none" stroke="currentColor" stroke-width="2.5" />,
};

export const Shape = ({name}: {name: string}) => (
  <svg class={'shape ' + name} viewBox="0 0 16 16" aria-hidden="true">{SHAPES[name]}</svg>
);

export function severityOf(alert: AlertJson): SeverityName {
  const found = alert.labels?.severity as SeverityName;
  return SEVERITIES.includes(found) ? found : 'info';
}

/** Shape, word and colour together. */
export const Severity = ({name}: {name: SeverityName}) => (
  <span class={'mark ' + name}><Shape name={name} />{say(name)}</span>
);

/** Text from outside: never markup, never able to turn the text around it. */
export const Text = ({of, title}: {of: unknown; title?: boolean}) => {
  const text = visible(of);
  return <bdi title={title ? text : undefined}>{text}</bdi>;
};

export const Time = ({of, short}: {of: unknown; short?: boolean}) => {
  const at = parseTime(of);
  void language.value;
  if (!at) return <span class="quiet">–</span>;
  const title = `${utc(at)}\n` + ZONES.map(z => `${clock(at, z.zone)} ${z.name}`).join('  ');
  return <time dateTime={at.toISOString()} title={title}>{short ? clock(at, 'Asia/Jakarta') : moment(at)}</time>;
};

/** With year and zone, and UTC beside it: where a record is read, not a list. */
export const When = ({of, zone = ZONES[0]}: {of: unknown; zone?: Zone}) => {
  const at = parseTime(of);
  void language.value;
  if (!at) return <span class="quiet">–</span>;
  const full = fullMoment(at, zone);
  return <time class="when" dateTime={at.toISOString()} title={ZONES.map(z => `${clock(at, z.zone)} ${z.name}`).join('  ')}>{full.local} <small>{full.utc}</small></time>;
};

/** How long ago, counting on. */
export const Age = ({of}: {of: unknown}) => {
  const at = parseTime(of);
  if (!at) return <span class="quiet">–</span>;
  return <time dateTime={at.toISOString()} title={`${moment(at)} WIB\n${utc(at)}`}>{span((now.value - at.getTime()) / 1000)}</time>;
};

export const State = ({of}: {of: AlertJson}) => {
  const own = of.kentongan ?? {};
  const state = own.state ?? 'new';
  return (
    <span class={'state ' + state}>
      {sayOr('state_' + state, visible(state))}
      {own.reason ? ': ' + sayOr('reason_' + own.reason, visible(own.reason)) : ''}
      {own.assignee ? <small><Text of={own.assignee} /></small> : null}
    </span>
  );
};

export const Tlp = ({of}: {of?: string}) =>
  of ? <span class={'tlp ' + of.toLowerCase().replace(/[^a-z]/g, '-')}>TLP:{visible(of)}</span> : null;

/** The daemon puts a mark of the exercise before each message; where a badge says so, it is not said twice. */
export const sentence = (alert: AlertJson) => (alert.message ?? '').replace(/^LATIHAN \(exercise\): /, '');

export const Exercise = ({on}: {on?: boolean}) => (on ? <span class="exercise">{say('exercise')}</span> : null);

export const Figure = ({value, label, tone}: {value: ComponentChildren; label: ComponentChildren; tone?: string}) => (
  <div class={'figure ' + (tone ?? '')}><b>{value}</b><span>{label}</span></div>
);

export const Panel = ({title, children, extra, id}: {title: string; children: ComponentChildren; extra?: ComponentChildren; id?: string}) => (
  <section class="panel" aria-label={title} id={id}>
    <header><h2>{title}</h2>{extra}</header>
    {children}
  </section>
);

export const Trouble = ({error, again}: {error: unknown; again?: () => void}) => (
  <p class="trouble" role="alert">
    <Shape name="critical" /> <Text of={error instanceof Error ? error.message : error} />
    {again ? <button type="button" onClick={again}>{say('retry')}</button> : null}
  </p>
);

export const Loading = () => <p class="quiet">{say('loading')}</p>;

export function Bar({share, target, tone}: {share: number; target?: number; tone?: string}) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <div class={'bar ' + (tone ?? '')} aria-hidden="true">
      <i style={{width}} />
      {target === undefined ? null : <u style={{left: `${Math.min(1, target) * 100}%`}} />}
    </div>
  );
}

/** A line through the counts, without axes. */
export function Sparkline({values, label}: {values: number[]; label: string}) {
  const most = Math.max(1, ...values);
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  const points = values.map((v, i) => `${(i * step).toFixed(1)},${(30 - (28 * v) / most).toFixed(1)}`).join(' ');
  return (
    <svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={`${label}: ${number(values.at(-1) ?? 0)}`}>
      <polyline points={points} />
    </svg>
  );
}

/** A dialog that holds the focus until it is left; Escape leaves it. */
export function Dialog({title, leave, children}: {title: string; leave: () => void; children: ComponentChildren}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = box.current;
    const before = document.activeElement as HTMLElement | null;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      element?.close();
      before?.focus?.();
    };
  }, []);
  return (
    <dialog ref={box} aria-label={title} onCancel={e => { e.preventDefault(); leave(); }}
      onClick={e => { if (e.target === box.current) leave(); }}>
      <div class="dialog">
        <header><h2>{title}</h2><button type="button" class="plain" aria-label={say('close_dialog')} onClick={leave}>✕</button></header>
        {children}
      </div>
    </dialog>
  );
}

/** A dialog that asks for one text, and is left once it is done. */
export function Ask({title, label, leave, done}: {title: string; label: string; leave: () => void; done: (text: string) => Promise<void>}) {
  const [text, setText] = useState('');
  async function send(event: Event) {
    event.preventDefault();
    try {
      await done(text.trim());
      leave();
    } catch (problem) {
      toast(`${say('failed')}: ${visible((problem as Error).message)}`, {bad: true});
    }
  }
  return (
    <Dialog title={title} leave={leave}>
      <form onSubmit={send}>
        <label class="line">{label}<textarea rows={3} maxLength={2000} data-first value={text} onInput={e => setText(e.currentTarget.value)} /></label>
        <p class="buttons"><button type="submit" class="main" disabled={!text.trim()}>{say('save')}</button><button type="button" onClick={leave}>{say('cancel')}</button></p>
      </form>
    </Dialog>
  );
}
