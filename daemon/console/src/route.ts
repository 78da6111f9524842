// Where one is: #/page/argument?name=value, so that every view has an address.
import {signal} from '@preact/signals';

export interface Route {
  page: string;
  argument: string;
  parameters: Record<string, string>;
}

function read(): Route {
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/');
  let argument = '';
  try {
    argument = decodeURIComponent(rest.join('/'));
  } catch {
    // not an address of ours
  }
  return {page: page || 'inbox', argument, parameters: Object.fromEntries(new URLSearchParams(search))};
}

export const route = signal<Route>(read());
window.addEventListener('hashchange', () => (route.value = read()));

export function address(page: string, argument = '', parameters: Record<string, string> = {}): string {
  const kept = Object.entries(parameters).filter(([, value]) => value !== '');
  const search = new URLSearchParams(kept).toString();
  return `#/${page}${argument ? '/' + encodeURIComponent(argument) : ''}${search ? '?' + search : ''}`;
}

export function go(page: string, argument = '', parameters: Record<string, string> = {}) {
  location.hash = address(page, argument, parameters);
}
