// Checks for itself, in the browser, that an entry is in the history: RFC 6962's hashes, and the
// check of an inclusion proof as RFC 9162, section 2.1.3.2, spells it out.

export interface ProofJson {
  index: number;
  leaf: string;
  entry?: string;
  tree_size: number;
  root?: string;
  hashes?: string[];
  checkpoint: string;
  cosigned?: string[];
}
/** unable: this page has no cryptography, for it did not come by HTTPS nor from this machine. */
export type Verdict = 'verified' | 'unable' | 'entry_missing' | 'entry_other' | 'checkpoint_wrong' | 'path_wrong';

type Bytes = Uint8Array<ArrayBuffer>;
const LONGEST_PATH = 64;

function fromHex(text: string): Bytes | null {
  if (!/^[0-9a-f]{64}$/.test(text)) return null;
  return Uint8Array.from({length: 32}, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
const toHex = (bytes: Bytes) => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');

async function sha256(subtle: SubtleCrypto, ...parts: Bytes[]): Promise<Bytes> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await subtle.digest('SHA-256', whole));
}
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Size and root of a checkpoint (C2SP tlog-checkpoint); null when it is none. */
export function headOf(checkpoint: string): {size: number; root: string} | null {
  const [origin, size, root, ...rest] = checkpoint.split('\n');
  if (!origin || !size || !/^(0|[1-9]\d{0,15})$/.test(size) || !root || !/^[A-Za-z0-9+/]{43}=$/.test(root) || rest.length < 2) return null;
  return {size: Number(size), root: toHex(Uint8Array.from(atob(root), c => c.charCodeAt(0)))};
}

/** The root that a leaf and its path lead to; null when the path is no path of such a tree. */
async function rootOf(subtle: SubtleCrypto, leaf: Bytes, index: number, size: number, path: Bytes[]): Promise<Bytes | null> {
  if (index < 0 || index >= size || path.length > LONGEST_PATH) return null;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const beside of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await sha256(subtle, NODE, beside, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = await sha256(subtle, NODE, hash, beside);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : null;
}

/** Whether an entry names an alert: as its own, or among those that only grew. */
function names(entry: string, alert: string): boolean {
  try {
    const body = JSON.parse(entry) as {alert?: unknown; object?: unknown; updated?: Record<string, unknown>};
    return body.alert === alert || body.object === 'alert:' + alert || Object.hasOwn(body.updated ?? {}, alert);
  } catch {
    return false;
  }
}

/** What the proof shows of an alert. The signatures under the checkpoint are not looked at. */
export async function verify(proof: ProofJson, alert: string, subtle = globalThis.crypto?.subtle): Promise<Verdict> {
  if (!proof.entry) return 'entry_missing';
  if (!names(proof.entry, alert)) return 'entry_other';
  if (!subtle) return 'unable';
  const head = headOf(proof.checkpoint);
  if (!head || head.size !== proof.tree_size || !Number.isSafeInteger(proof.index)) return 'checkpoint_wrong';
  const path = (proof.hashes ?? []).map(fromHex);
  if (path.includes(null)) return 'path_wrong';
  const leaf = await sha256(subtle, LEAF, new TextEncoder().encode(proof.entry) as Bytes);
  const root = await rootOf(subtle, leaf, proof.index, head.size, path as Bytes[]);
  return root && toHex(root) === head.root ? 'verified' : 'path_wrong';
}
