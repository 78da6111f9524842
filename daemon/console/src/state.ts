// What the whole console shares: who is here, in which language, and what was last heard.
import {signal, computed} from '@preact/signals';

export type Language = 'id' | 'en';
export type Theme = 'auto' | 'dark' | 'light';

function kept<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const found = localStorage.getItem(key) as T | null;
  return found && allowed.includes(found) ? found : otherwise;
}

export const language = signal<Language>(kept('language', ['id', 'en'], 'id'));
export const theme = signal<Theme>(kept('theme', ['auto', 'dark', 'light'], 'auto'));

export function speak(next: Language) {
  language.value = next;
  localStorage.setItem('language', next);
  document.documentElement.lang = next;
}

export function dress(next: Theme) {
  theme.value = next;
  localStorage.setItem('theme', next);
  document.documentElement.dataset.theme = next;
}

/** Keys of a single character; who speaks to the machine, or presses keys by accident, turns them off. */
export const shortcuts = signal(kept('shortcuts', ['on', 'off'], 'on') === 'on');
export function listenToKeys(on: boolean) {
  shortcuts.value = on;
  localStorage.setItem('shortcuts', on ? 'on' : 'off');
}

export interface Session {
  name: string;
  role: string;
  may: string[];
  /** Whose person it is, with the role agency. */
  agency?: string;
  csrf?: string;
}
/** undefined: not asked yet; null: nobody is logged in. */
export const session = signal<Session | null | undefined>(undefined);
export const may = (what: string) => session.value?.may.includes(what) ?? false;
/** Why the last login was refused, or why it has ended. */
export const refusal = signal('');

/** This machine's clock, once a second: the age of the data counts by it. */
const tick = signal(Date.now());
/** The daemon's clock, which every time that it tells is of: an exercise has one of its own, and faster. */
export const now = signal(Date.now());
let clock = {here: Date.now(), there: Date.now(), speed: 1};
function turn() {
  tick.value = Date.now();
  now.value = clock.there + (tick.value - clock.here) * clock.speed;
}
export function setClock(there: number, speed: number) {
  if (isNaN(there)) return;
  clock = {here: Date.now(), there, speed};
  turn();
}
setInterval(turn, 1000);

/** When the daemon last answered, and how old what it said was by its own clock. */
export const heard = signal(0);
export const heartbeatAge = signal(0);
export const STALE = 15_000;
export const dataAge = computed(() => (heard.value === 0 ? 0 : Math.max(0, tick.value - heard.value) + heartbeatAge.value));
export const stale = computed(() => heard.value !== 0 && dataAge.value > STALE);

export interface Toast {
  id: number;
  text: string;
  bad?: boolean;
  undo?: () => Promise<void>;
  until: number;
}
export const toasts = signal<Toast[]>([]);
let serial = 0;
export function toast(text: string, more: {bad?: boolean; undo?: () => Promise<void>} = {}) {
  const life = more.undo ? 30_000 : more.bad ? 12_000 : 5_000;
  const made = {id: ++serial, text, ...more, until: Date.now() + life};
  toasts.value = [...toasts.value.slice(-3), made];
  setTimeout(() => dismiss(made.id), life);
}
export const dismiss = (id: number) => (toasts.value = toasts.value.filter(one => one.id !== id));

/** Says a thing to those who listen instead of looking. */
export function announce(text: string, urgent = false) {
  const box = document.getElementById(urgent ? 'urgent' : 'polite');
  if (box) box.textContent = text;
}
