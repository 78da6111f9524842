// The API's answers, as far as the console reads them. Everything may be missing.
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type SeverityName = (typeof SEVERITIES)[number];

export interface Endpoint {
  ip?: string;
  port?: number;
}
export interface EvidenceJson {
  kind?: string;
  source?: string;
  offset?: number;
  sha256?: string;
  excerpt?: string;
}
/** What the record of a stop of uploads says of it. */
export interface StallJson {
  begin?: string;
  cause?: string;
  state?: string;
}
export interface AlertJson {
  '@timestamp': string;
  event: {id: string; severity?: number; created?: string; category?: string[]};
  rule?: {id?: string; name?: string; ruleset?: string; version?: string; author?: string[]; description?: string};
  message?: string;
  observer?: {hostname?: string};
  source?: Endpoint;
  destination?: Endpoint;
  user?: {name?: string};
  host?: {hostname?: string};
  url?: {original?: string} | string;
  file?: {path?: string; hash?: {sha256?: string}};
  related?: {ip?: string[]; user?: string[]; hosts?: string[]; hash?: string[]};
  threat?: {technique?: {id?: string[]}};
  labels?: {severity?: string; tlp?: string; exercise?: string};
  kentongan?: {
    count?: number;
    first_seen?: string;
    last_seen?: string;
    entity?: string;
    agencies?: string[];
    sirekap?: {tps?: string; area?: string};
    evidence?: EvidenceJson[];
    stall?: StallJson;
    state?: string;
    reason?: string;
    assignee?: string;
    case?: string;
    revision?: number;
    suppressed?: string;
    severity_reasons?: string[];
  };
}
export interface AlertPage {
  alerts: AlertJson[];
  next_cursor: string | null;
  partial?: boolean;
  reason?: string;
}
export interface HistogramJson {
  interval: string;
  bars: {begin: string; count: number}[];
}
export interface MessageJson {
  sequence: number;
  alert: string;
  destination: string;
  type: string;
  state: string;
  attempts: number;
  committed: string;
  settled: string | null;
  detail: string;
}
export interface CoverageRow {
  area: string;
  name: string;
  expected: number;
  received: number;
  percent: number;
  /** What should be there by now on the way to the target. */
  due_percent?: number;
  complete: number;
  pages: number;
  reuploads: number;
  rate_per_hour?: number;
  target?: {time: string; percent: number};
  forecast?: {percent: number; low: number; high: number; target_met: number};
  flag?: string;
}
export interface CoverageJson {
  time: string;
  whole: CoverageRow;
  areas: CoverageRow[];
  /** Of a kelurahan. */
  tps?: {tps: string; first: string | null}[];
}
export interface SeriesJson {
  times: string[];
  received: number[];
  due: number[];
  ahead: {times: string[]; due: number[]; forecast: number[]; low: number[]; high: number[]};
}
export interface ServiceJson {
  service: string;
  requests_per_second: number;
  error_share: number;
  p95_seconds?: number | null;
  usual_per_second?: number | null;
  peak_per_second?: number | null;
  minutes?: number[];
}
export interface DeliveryRow {
  destination: string;
  delivered: number;
  pending: number;
  dead: number;
  oldest_pending: string | null;
  last_delivered: string | null;
  last_human?: string | null;
  last_error: string;
}
export interface SensorRow {
  source: string;
  kind?: string;
  alive?: boolean;
  events?: number;
  per_second?: number;
  last_event?: string | null;
  dropped?: number;
  drop_ratio?: number;
  lag_seconds?: number;
  blind?: string[];
  blind_codes?: {code: string; value?: number}[];
}
export interface StatusJson {
  name: string;
  version: string;
  started: string;
  heartbeat: string | null;
  now: string;
  ready: boolean;
  reasons: string[];
  reason_codes?: string[];
  exercise: boolean;
  clock_speed?: number;
  phase?: {name: string; what: string; ends: string} | null;
  open_alerts: number;
  alerts: {stored: number; raised: Record<string, number>};
  sources: {source: string; events: number}[];
  rules: {engine: string; ok: number; unsupported: number}[];
  changes?: {time: string; what: string[]; second_person: boolean; why?: string}[];
  certificates?: {name: string; ends: string | null}[];
  agencies: {agency: string; destination: string; kind: string; state: string; state_code?: string; attention: boolean}[];
}
export interface CaseJson {
  id: string;
  title: string;
  severity?: string;
  state?: string;
  owner?: string;
  tlp?: string;
  discovered?: string;
  opened?: string;
  closed?: string | null;
  reported?: string | null;
  notified?: string | null;
  description?: string;
  impact?: string;
  breach?: boolean;
  alerts?: number | string[];
  summary?: string;
  clocks?: {name: string; due: string; met?: string | null}[];
  revision?: number;
}
export interface ActionJson {
  at: string;
  who: string;
  action: string;
  from?: string;
  to?: string;
  why?: string;
  comment?: string;
}
