// What the query box offers for the word at the caret: fields, words, and the values a field has.
import {get, query as parameters} from './api';

/** What can be asked for (daemon/store/query/field.cpp). */
const FIELDS: readonly string[] = [
  '@timestamp', 'last_seen', 'severity', 'count', 'tlp', 'exercise', 'agency', 'state', 'reason', 'assignee', 'case', 'suppressed',
  'rule.id', 'rule.name', 'ruleset', 'rule.category', 'technique', 'message', 'entity', 'source.ip', 'source.port', 'destination.ip',
  'destination.port', 'user.name', 'host.name', 'sensor', 'file.path', 'file.hash', 'url', 'related.ip', 'related.user',
  'related.hosts', 'related.hash', 'tps', 'area', 'id',
];
const VALUES: Record<string, string[]> = {
  severity: ['critical', 'high', 'medium', 'low', 'info'],
  state: ['new', 'acknowledged', 'assigned', 'escalated', 'closed'],
  reason: ['true', 'benign', 'false', 'duplicate', 'exercise'],
  tlp: ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'],
  ruleset: ['sigma', 'yara', 'signature', 'anomaly', 'sirekap', 'integrity', 'zeek', 'report'],
  exercise: ['true', 'false'],
};
const WORDS = ['and', 'or', 'not'];
/** Of these the daemon counts what there is: fields with few values that are for every role. */
const COUNTED = ['rule.name', 'rule.id', 'severity', 'state', 'agency', 'ruleset'];
const MOST_VALUES = 200;
const MOST_CHOICES = 8;
const FRESH_MS = 60_000;

const known = new Map<string, {at: number; values: string[]}>();

/** The values of a field, those of the most alerts first; as far as they have been learned. */
export const counted = (field: string): string[] => known.get(field)?.values ?? [];

/** Asks the daemon, at most once a minute; whether there is something new. */
export async function learn(field: string): Promise<boolean> {
  if (!COUNTED.includes(field) || Date.now() - (known.get(field)?.at ?? 0) < FRESH_MS) return false;
  known.set(field, {at: Date.now(), values: counted(field)});
  try {
    const {groups} = await get<{groups: {value: string}[]}>('alerts/count' + parameters({by: field, limit: MOST_VALUES}));
    known.set(field, {at: Date.now(), values: groups.map(one => one.value)});
    return true;
  } catch {
    return false;  // then without: the box goes on
  }
}

/** A text as a value of the query language: itself, whatever stands in it. */
export const asValue = (text: string) =>
  (/^[^\s()"*\\]+$/.test(text) && !WORDS.includes(text.toLowerCase()) ? text : `"${text.replace(/["\\*]/g, '\\$&')}"`);

/** Field, and what has been written of its value, perhaps within a quotation mark that is still open. */
const VALUE_AT = /([\w.@]+)\s*(?::|>=|<=|>|<|=)\s*("(?:[^"\\]|\\.)*|[^\s():<>="][^\s()"]*|)$/;

/** The field whose value is being written at the caret. */
export const fieldAt = (text: string, caret: number): string | null => VALUE_AT.exec(text.slice(0, caret))?.[1] ?? null;

/** Those that begin with the word, then those that hold it. */
function matching(all: readonly string[], word: string): string[] {
  const small = word.toLowerCase();
  const starts = all.filter(one => one.toLowerCase().startsWith(small));
  const within = small ? all.filter(one => one.toLowerCase().includes(small) && !starts.includes(one)) : [];
  return [...starts, ...within];
}

/** What is replaced, and what it could become. */
export function complete(text: string, caret: number, values: (field: string) => string[]): {from: number; until: number; choices: string[]} {
  const value = VALUE_AT.exec(text.slice(0, caret));
  if (value) {
    const written = value[2]!;
    const quoted = written.startsWith('"');
    const all = [...new Set([...values(value[1]!), ...(VALUES[value[1]!] ?? [])])];
    const word = quoted ? written.slice(1).replace(/\\(.)/g, '$1') : written;
    const choices = matching(all, word).map(asValue).filter(one => one !== written).slice(0, MOST_CHOICES);
    return {from: caret - written.length, until: quoted && text[caret] === '"' ? caret + 1 : caret, choices};
  }
  let from = caret;
  while (from > 0 && !/[\s():<>=]/.test(text[from - 1]!)) --from;
  const word = text.slice(from, caret).toLowerCase();
  const choices = word ? matching([...FIELDS, ...WORDS], word).filter(name => name.toLowerCase() !== word) : [];
  return {from, until: caret, choices: choices.slice(0, MOST_CHOICES)};
}
