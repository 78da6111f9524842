// The keyboard: single keys and two-key sequences, never while somebody types.
import {shortcuts} from '../state';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const stack: KeyMap[] = [];
let prefix = '';
let timer: ReturnType<typeof setTimeout> | undefined;

function typing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return !!target && (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable);
}

/** What a link or a button does with a key by itself. */
function pressing(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return (event.key === 'Enter' || event.key === ' ') && !!target?.closest('a, button, summary');
}

function nameOf(event: KeyboardEvent): string {
  const name = event.key;
  if (event.ctrlKey) return 'Ctrl+' + name;
  if (event.shiftKey && /^[A-Z]$/.test(name)) return 'Shift+' + name;
  return name;
}

function onKey(event: KeyboardEvent) {
  if (event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (typing(event) || pressing(event) || document.querySelector('dialog[open]')) return;
  const name = nameOf(event);
  if (!shortcuts.value && /^(Shift\+)?.$/.test(name)) return;
  const wanted = prefix ? `${prefix} ${name}` : name;
  for (let i = stack.length - 1; i >= 0; --i) {
    const map = stack[i]!;
    if (map[wanted]) {
      prefix = '';
      event.preventDefault();
      map[wanted](event);
      return;
    }
    if (!prefix && Object.keys(map).some(key => key.startsWith(name + ' '))) {
      prefix = name;
      clearTimeout(timer);
      timer = setTimeout(() => (prefix = ''), 1500);
      event.preventDefault();
      return;
    }
  }
  prefix = '';
}
document.addEventListener('keydown', onKey);

/** Keys that hold until the answer is called; those added last come first. */
export function bind(map: KeyMap): () => void {
  stack.push(map);
  return () => {
    const at = stack.indexOf(map);
    if (at >= 0) stack.splice(at, 1);
  };
}
