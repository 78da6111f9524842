// Talks to the daemon's API: one place for identity, errors, entity tags and timeouts.
import {heard, refusal, session} from './state';

export interface FieldError {
  field?: string;
  detail: string;
  /** Where in a query, in bytes of its UTF-8 from 0. */
  position?: number;
}

export class ApiError extends Error {
  constructor(readonly status: number, readonly detail: string, readonly errors: FieldError[] = []) {
    super(detail);
  }
}

const TIMEOUT = 15_000;
const TOKEN = 'token';

export const token = () => sessionStorage.getItem(TOKEN) ?? '';
export function keepToken(text: string) {
  const clean = text.replace(/[^\x21-\x7e]/g, '');
  if (clean) sessionStorage.setItem(TOKEN, clean);
  else sessionStorage.removeItem(TOKEN);
}

export function identity(): Record<string, string> {
  const own = token();
  const out: Record<string, string> = {};
  if (own) out.Authorization = 'Bearer ' + own;
  else if (session.value?.csrf) out['X-CSRF-Token'] = session.value.csrf;
  return out;
}

async function problemOf(reply: Response): Promise<ApiError> {
  try {
    const body = await reply.json();
    const errors = Array.isArray(body.errors) ? (body.errors as Record<string, unknown>[]) : [];
    return new ApiError(reply.status, String(body.detail ?? body.title ?? reply.status),
      errors.map(one => ({
        field: one.parameter === undefined ? undefined : String(one.parameter),
        detail: String(one.detail ?? ''),
        position: typeof one.offset === 'number' ? one.offset : undefined,
      })));
  } catch {
    return new ApiError(reply.status, `HTTP ${reply.status}`);
  }
}

interface Ask {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The raw answer of a call that went well; ApiError for one that did not. */
export async function call(path: string, ask: Ask = {}): Promise<Response> {
  const headers: Record<string, string> = {...identity(), ...ask.headers};
  if (ask.body !== undefined) headers['Content-Type'] = 'application/json';
  const signals = [AbortSignal.timeout(TIMEOUT)];
  if (ask.signal) signals.push(ask.signal);
  const reply = await fetch('api/v1/' + path, {
    method: ask.method ?? 'GET', headers, cache: 'no-store', redirect: 'error',
    credentials: 'same-origin', signal: AbortSignal.any(signals),
    ...(ask.body === undefined ? {} : {body: JSON.stringify(ask.body)}),
  });
  if (reply.status === 401) {
    const problem = await problemOf(reply);
    if (session.value) {
      refusal.value = problem.detail;
      session.value = null;
    }
    throw problem;
  }
  if (!reply.ok && reply.status !== 304) throw await problemOf(reply);
  heard.value = Date.now();
  return reply;
}

const tagged = new Map<string, {etag: string; body: unknown}>();
const KEPT = 50;

/** GET; an answer that has not changed is not sent again. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const known = tagged.get(path);
  const reply = await call(path, {signal, headers: known ? {'If-None-Match': known.etag} : {}});
  if (reply.status === 304 && known) return known.body as T;
  const body = (await reply.json()) as T;
  const etag = reply.headers.get('ETag');
  tagged.delete(path);
  if (etag) {
    tagged.set(path, {etag, body});
    const oldest = tagged.keys().next().value;
    if (tagged.size > KEPT && oldest !== undefined) tagged.delete(oldest);
  }
  return body;
}

export const forgetAnswers = () => tagged.clear();

export async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const reply = await call(path, {
    method: 'POST', body, headers: {'Idempotency-Key': crypto.randomUUID(), ...headers},
  });
  return reply.status === 204 ? (undefined as T) : ((await reply.json()) as T);
}

export async function remove(path: string): Promise<void> {
  await call(path, {method: 'DELETE'});
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  const reply = await call(path, {method: 'PUT', body});
  return reply.status === 204 ? (undefined as T) : ((await reply.json()) as T);
}

/** Parameters without the empty ones. The daemon takes a plus for a plus, so a space is %20. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const text = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&');
  return text ? '?' + text : '';
}
