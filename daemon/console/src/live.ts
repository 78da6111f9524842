// The live tail: server-sent events over fetch (EventSource cannot send a token), resumed where it
// broke off, so that no alert is lost between two connections.
import {signal} from '@preact/signals';
import {identity, query} from './api';
import {heard} from './state';
import type {AlertJson} from './types';

export type TailState = 'connecting' | 'open' | 'broken' | 'lagged';

export interface Tail {
  state: {readonly value: TailState};
  close(): void;
}

interface Frame {
  id: string;
  event: string;
  data: string;
}

/** Splits a stream of text into frames. */
export class FrameReader {
  private rest = '';

  take(text: string): Frame[] {
    this.rest += text.replace(/\r\n?/g, '\n');
    const out: Frame[] = [];
    for (;;) {
      const end = this.rest.indexOf('\n\n');
      if (end < 0) return out;
      const frame: Frame = {id: '', event: 'message', data: ''};
      let any = false;
      for (const line of this.rest.slice(0, end).split('\n')) {
        const colon = line.indexOf(':');
        if (colon === 0) continue;
        const key = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (key === 'id') frame.id = value;
        else if (key === 'event') frame.event = value;
        else if (key === 'data') frame.data += (frame.data ? '\n' : '') + value;
        any = any || key === 'id' || key === 'event' || key === 'data';
      }
      this.rest = this.rest.slice(end + 2);
      if (any) out.push(frame);
    }
  }
}

const QUIET = 40_000;  // the daemon sends a sign of life every 15 s

/**
 * `take` gets alerts in order; `lagged` is called when the daemon says that some were left out. `begun` is called once,
 * when the daemon has said where the tail begins (or cannot): what is asked for from then on meets it without a gap.
 */
export function follow(q: string, take: (alerts: AlertJson[]) => void, lagged: () => void, begun: () => void = () => undefined): Tail {
  const state = signal<TailState>('connecting');
  const stop = new AbortController();
  let last = '';
  let pause = 1000;
  let waiting = true;
  function begin() {
    if (waiting && !stop.signal.aborted) begun();
    waiting = false;
  }

  async function once() {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), QUIET);
    try {
      const reply = await fetch('api/v1/alerts/stream' + query({q}), {
        headers: {...identity(), Accept: 'text/event-stream', ...(last ? {'Last-Event-ID': last} : {})},
        cache: 'no-store', credentials: 'same-origin', redirect: 'error',
        signal: AbortSignal.any([stop.signal, silence.signal]),
      });
      if (!reply.ok || !reply.body) throw new Error(String(reply.status));
      state.value = 'open';
      pause = 1000;
      begin();
      const frames = new FrameReader();
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const {done, value} = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), QUIET);
        heard.value = Date.now();
        const alerts: AlertJson[] = [];
        for (const frame of frames.take(value)) {
          if (frame.id) last = frame.id;
          if (frame.event === 'lagged') {
            state.value = 'lagged';
            lagged();
          } else if (frame.event === 'alert') {
            try {
              alerts.push(JSON.parse(frame.data) as AlertJson);
            } catch {
              console.warn('a frame of the live tail is not JSON');
            }
          }
        }
        if (alerts.length) {
          if (state.value === 'lagged') state.value = 'open';
          take(alerts);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  void (async () => {
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch {
        // told by the state
      }
      if (stop.signal.aborted) return;
      begin();
      state.value = 'broken';
      await new Promise(wake => setTimeout(wake, pause + Math.random() * 500));
      pause = Math.min(pause * 2, 15_000);
      state.value = 'connecting';
    }
  })();
  return {state, close: () => stop.abort()};
}
