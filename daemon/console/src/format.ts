// How values become text. Alerts hold bytes an attacker chose: everything here returns plain
// strings, in which characters that could pose as something else are spelled out.
import {language} from './state';

/** Control, invisible and direction-changing characters as \uNNNN. */
export function visible(value: unknown): string {
  return String(value ?? '').replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g,
    c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

/** The same, with line breaks kept: for raw records shown as blocks. */
export function visibleLines(value: unknown): string {
  return String(value ?? '').split('\n').map(visible).join('\n');
}

const locale = () => (language.value === 'id' ? 'id-ID' : 'en-GB');

export const ZONES = [
  {name: 'WIB', zone: 'Asia/Jakarta'},
  {name: 'WITA', zone: 'Asia/Makassar'},
  {name: 'WIT', zone: 'Asia/Jayapura'},
] as const;

export type Zone = (typeof ZONES)[number];

// By the first two digits of a region's code (daemon/alert/province.cpp): Bali, Nusa Tenggara, the south, east and north
// of Kalimantan, and Sulawesi keep WITA; Maluku and Papua WIT.
const WITA = /^(5[123]|6[345]|7[1-6])/;
const WIT = /^(8[12]|9[1-6])/;
/** The zone in which the people of an area (its code, or a TPS's) live; without one, WIB. */
export const zoneOf = (area?: string): Zone => ZONES[area && WITA.test(area) ? 1 : area && WIT.test(area) ? 2 : 0];

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, withDay: boolean, seconds: boolean): Intl.DateTimeFormat {
  const key = `${locale()} ${zone} ${withDay} ${seconds}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale(), {
      timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
      ...(seconds ? {second: '2-digit'} : {}),
      ...(withDay ? {day: '2-digit', month: 'short', year: 'numeric'} : {}),
    });
    formats.set(key, found);
  }
  return found;
}

function pieces(at: Date, zone: string, withDay: boolean, seconds: boolean): string {
  const parts: Record<string, string> = {};
  for (const part of format(zone, withDay, seconds).formatToParts(at)) parts[part.type] = part.value;
  const clock = `${parts.hour}:${parts.minute}${seconds ? ':' + parts.second : ''}`;
  return withDay ? `${parts.day} ${parts.month} ${clock}` : clock;
}

/** "27 Nov 16:31:05", election time (WIB). */
export const moment = (at: Date) => pieces(at, 'Asia/Jakarta', true, true);
export const clock = (at: Date, zone: string, seconds = true) => pieces(at, zone, false, seconds);
/** "27 Nov 2024 16:31:05 WIB", and the same in UTC: its day only where that is another. */
export function fullMoment(at: Date, zone: Zone): {local: string; utc: string} {
  const parts: Record<string, string> = {};
  for (const part of format(zone.zone, true, true).formatToParts(at)) parts[part.type] = part.value;
  const there = at.toISOString();
  const clocked = there.slice(11, 19) + ' UTC';
  return {
    local: `${parts.day} ${parts.month} ${parts.year} ${parts.hour}:${parts.minute}:${parts.second} ${zone.name}`,
    utc: Number(there.slice(8, 10)) === Number(parts.day) ? clocked : `${there.slice(0, 10)} ${clocked}`,
  };
}
export const utc = (at: Date) => at.toISOString().replace('T', ' ').slice(0, 19) + ' UTC';

export function parseTime(text: unknown): Date | null {
  if (typeof text !== 'string' && typeof text !== 'number') return null;
  const at = new Date(text);
  return isNaN(at.getTime()) ? null : at;
}

export const number = (value: unknown) => Number(value ?? 0).toLocaleString(locale());
export function percent(value: number, digits = 1): string {
  return value.toLocaleString(locale(), {minimumFractionDigits: digits, maximumFractionDigits: digits}) + ' %';
}

/** A length of time in at most two units: "3 j 12 m", "45 dtk". */
export function span(seconds: number): string {
  const [d, h, m, s] = language.value === 'id' ? ['h', 'j', 'm', 'dtk'] : ['d', 'h', 'm', 's'];
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} ${s}`;
  if (whole < 3600) return `${Math.floor(whole / 60)} ${m} ${whole % 60} ${s}`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} ${h} ${Math.floor((whole % 3600) / 60)} ${m}`;
  return `${Math.floor(whole / 86400)} ${d} ${Math.floor((whole % 86400) / 3600)} ${h}`;
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return `${value.toLocaleString(locale(), {maximumFractionDigits: 1})} ${units[unit]}`;
}
