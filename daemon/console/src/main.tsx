// The console: who is here, which page, and the frame around it.
import {render} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {ApiError, call, forgetAnswers, get, keepToken, post, token} from './api';
import {dataAge, dismiss, dress, language, listenToKeys, refusal, session, shortcuts, speak, stale, theme, toasts, type Session, type Theme} from './state';
import {address, go, route} from './route';
import {say, type TextKey} from './text';
import {unreadiness} from './said';
import {span, visible} from './format';
import {bind} from './ui/keys';
import {status, takeStatus} from './ui/hooks';
import {Dialog, Shape, Text} from './ui/parts';
import {Inbox} from './pages/inbox';
import {AlertPageView} from './pages/alert';
import {PendingApprovals} from './pages/silence';
import {Wall} from './pages/wall';
import {Areas} from './pages/areas';
import {Case, Cases} from './pages/cases';
import {Deliveries, Drill, Rules, Sensors} from './pages/tables';
import type {StatusJson} from './types';

async function whoAmI() {
  try {
    session.value = await get<Session>('session');
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 404 && token()) {
      // A daemon without accounts: a token may do everything.
      await get('status');
      session.value = {name: 'token', role: 'admin', may: ['triage', 'cases', 'delivery', 'rules']};
      return;
    }
    if (problem instanceof ApiError && token()) refusal.value = problem.detail;
    keepToken('');
    session.value = null;
  }
}

function leave() {
  void call('session', {method: 'DELETE'}).catch(() => undefined);
  keepToken('');
  forgetAnswers();
  session.value = null;
}

function Entry() {
  const [byToken, setByToken] = useState(false);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  async function enter(event: Event) {
    event.preventDefault();
    setBusy(true);
    refusal.value = '';
    try {
      if (byToken) keepToken(secret);
      else await post('session', {name, password: secret, code: code.replace(/\s/g, '')});
      await whoAmI();
      setSecret('');
    } catch (problem) {
      refusal.value = (problem as Error).message;
    }
    setBusy(false);
  }
  return (
    <main id="main" class="entry" tabIndex={-1}>
      <form onSubmit={enter}>
        <h1>{say('entry_title')}</h1>
        <p role="alert" class="critical">{refusal.value ? <><Shape name="critical" /> <Text of={refusal.value} /></> : null}</p>
        {byToken ? <label class="line">{say('entry_token_label')}<input id="token" type="password" autocomplete="off" spellcheck={false} required value={secret} onInput={e => setSecret(e.currentTarget.value)} /></label> : <>
          <label class="line">{say('entry_name')}<input id="name" autocomplete="username" required value={name} onInput={e => setName(e.currentTarget.value)} /></label>
          <label class="line">{say('entry_password')}<input id="password" type="password" autocomplete="current-password" required value={secret} onInput={e => setSecret(e.currentTarget.value)} /></label>
          <label class="line">{say('entry_code')}<input id="code" inputMode="numeric" autocomplete="one-time-code" maxLength={8} value={code} onInput={e => setCode(e.currentTarget.value)} /></label></>}
        <p class="buttons"><button type="submit" class="main" disabled={busy}>{say('entry_go')}</button>
          <button type="button" class="plain" onClick={() => { setByToken(!byToken); setSecret(''); }}>{say(byToken ? 'entry_account' : 'entry_token')}</button></p>
        {byToken ? <p class="quiet">{say('entry_hint')}</p> : null}
      </form>
    </main>
  );
}

const PLACES: TextKey[] = ['wall', 'inbox', 'areas', 'cases', 'rules', 'sensors', 'deliveries', 'drill'];
const THEMES: Theme[] = ['auto', 'dark', 'light'];

function Frame({help}: {help: () => void}) {
  const page = route.value.page;
  const state = status.value;
  return (
    <header class="frame">
      <a class="skip" href="#main" onClick={e => { e.preventDefault(); document.getElementById('main')?.focus(); }}>{say('skip')}</a>
      <span class="brand">Kentongan</span>
      <nav aria-label="Kentongan">
        {PLACES.map(name => <a key={name} href={address(name)} aria-current={page === name || (page === 'alert' && name === 'inbox') ? 'page' : undefined}>{say(name)}</a>)}
      </nav>
      {state?.exercise ? <span class="exercise">{say('exercise')}</span> : null}
      <span class={'ready ' + (!state || stale.value ? 'quiet' : state.ready ? 'ok' : 'critical')} title={visible(state ? unreadiness(state) : '')}>
        {!state || stale.value ? say('unknown') : state.ready ? <><Shape name="ok" /> {say('ready')}</> : <><Shape name="critical" /> {say('not_ready')}</>}</span>
      <span class={'age ' + (stale.value ? 'critical' : 'quiet')} role="status">{stale.value ? `${say('stale')} ${span(dataAge.value / 1000)}` : ''}</span>
      <PendingApprovals />
      <span class="who"><Text of={session.value?.name} /> <small><Text of={session.value?.role} /></small></span>
      <button type="button" class="plain" title={say(`theme_${theme.value}`)} aria-label={say(`theme_${theme.value}`)}
        onClick={() => dress(THEMES[(THEMES.indexOf(theme.value) + 1) % 3]!)}>{theme.value === 'auto' ? '◐' : theme.value === 'dark' ? '●' : '○'}</button>
      <button type="button" class="plain" id="language" lang={language.value === 'id' ? 'en' : 'id'} onClick={() => speak(language.value === 'id' ? 'en' : 'id')}>{say('other_language')}</button>
      <button type="button" class="plain" title={say('help')} aria-label={say('help')} onClick={help}>?</button>
      <button type="button" class="plain" onClick={leave}>{say('logout')}</button>
    </header>
  );
}

const HELP: [string, TextKey][] = [
  ['j k', 'key_move'], ['Enter', 'key_open'], ['x', 'key_select'], ['* a  * n  * 1', 'key_all'], ['a', 'key_ack'], ['t', 'key_assign'], ['e', 'key_close'],
  ['s', 'key_escalate'], ['Shift+S', 'key_escalate_close'], ['c', 'key_comment'], ['m', 'key_snooze'], ['p', 'key_pcap'], ['v', 'key_proof'], ['z', 'key_undo'],
  ['.', 'key_menu'], ['/', 'key_search'], ['Shift+H  Shift+G', 'key_ends'], ['g i  g s  g a', 'key_go'], ['g w  g l  g c', 'key_places'], ['Ctrl+\\', 'key_clear'], ['?', 'key_help'],
];

function Help({leave: close}: {leave: () => void}) {
  return (
    <Dialog title={say('help')} leave={close}>
      <p><button type="button" aria-pressed={!shortcuts.value} onClick={() => listenToKeys(!shortcuts.value)}>{say(shortcuts.value ? 'keys_off' : 'keys_on')}</button></p>
      <dl class="keys">{HELP.map(([keys, text]) => [<dt key={keys}>{keys.split('  ').map(k => <kbd key={k}>{k}</kbd>)}</dt>, <dd key={text}>{say(text)}</dd>])}</dl>
    </Dialog>
  );
}

function Toasts() {
  return (
    <ul class="toasts" aria-live="polite">
      {toasts.value.map(one => (
        <li key={one.id} class={one.bad ? 'bad' : ''}>
          {one.bad ? <Shape name="critical" /> : null}<bdi>{one.text}</bdi>
          {one.undo ? <button type="button" onClick={() => { dismiss(one.id); void one.undo!(); }}>{say('undo')} <kbd>z</kbd></button> : null}
          <button type="button" class="plain" aria-label={say('close_dialog')} onClick={() => dismiss(one.id)}>✕</button>
        </li>
      ))}
    </ul>
  );
}

function Page() {
  const {page, argument} = route.value;
  if (page === 'wall') return <Wall />;
  if (page === 'alert') return <AlertPageView key={argument} />;
  if (page === 'areas') return <Areas />;
  if (page === 'cases') return argument ? <Case key={argument} /> : <Cases />;
  if (page === 'rules') return <Rules />;
  if (page === 'sensors') return <Sensors />;
  if (page === 'deliveries') return <Deliveries />;
  if (page === 'drill') return <Drill />;
  return <Inbox />;
}

function App() {
  const [help, setHelp] = useState(false);
  const here = session.value;
  useEffect(() => {
    if (!here) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    async function ask() {
      try {
        takeStatus(await get<StatusJson>('status'));
      } catch {
        // the age tells
      }
      if (!over) timer = setTimeout(ask, 2000);
    }
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [here]);
  useEffect(() => bind({
    '?': () => setHelp(true), 'g i': () => go('inbox'), 'g s': () => go('inbox', '', {view: 'escalated'}), 'g a': () => go('inbox', '', {view: 'all'}),
    'g l': () => go('areas'), 'g w': () => go('wall'), 'g c': () => go('cases'),
  }), []);
  void language.value;
  if (here === undefined) return <p class="opening">Kentongan</p>;  // as in index.html, until the daemon says who is here
  if (here === null) return <Entry />;
  const wall = route.value.page === 'wall';
  return (
    <>
      {wall && here.role === 'wall' ? null : <Frame help={() => setHelp(true)} />}
      <Page />
      <Toasts />
      {help ? <Help leave={() => setHelp(false)} /> : null}
    </>
  );
}

/** The token of `#token=…`, which leaves the address bar at once. */
function tokenOfAddress() {
  const found = /^#token=([^&]+)(?:&(.*))?$/.exec(location.hash);
  if (!found) return;
  keepToken(decodeURIComponent(found[1]!));
  history.replaceState(null, '', location.pathname + (found[2] ? '#/' + found[2].replace(/^\/?/, '') : ''));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

tokenOfAddress();
window.addEventListener('hashchange', () => {
  if (!location.hash.startsWith('#token=')) return;
  tokenOfAddress();
  void whoAmI();
});
document.documentElement.dataset.theme = theme.value;
speak(language.value);
void whoAmI();
render(<App />, document.getElementById('app')!);
