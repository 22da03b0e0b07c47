// The panel's side of the line to the extension host. Messages are checked both ways by the schemas of messages.ts;
// one that does not fit is reported in the console and dropped. zod's compiled validators need `eval`, which the
// panels' content security policy forbids, so they are switched off here, before the first check.

import { config, type z } from 'zod';
import { element } from './element.ts';

config({ jitless: true });

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The line to the host: say, listen, and a state that survives a reload of the window. */
export interface Host<To, From, State> {
  send(message: From): void;
  receive(listener: (message: To) => void): void;
  state(): State | null;
  keep(state: State): void;
}

/** Connects to the extension host with the panel's message and state schemas. */
export function connect<To, From, State>(to: z.ZodType<To>, state: z.ZodType<State>): Host<To, From, State> {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    receive: (listener) => {
      window.addEventListener('message', (event) => {
        const message = to.safeParse(event.data);
        if (message.success) guarded(() => listener(message.data));
        else console.error('MeRF: a message that does not fit was dropped', message.error.message);
      });
    },
    state: () => {
      const kept = state.safeParse(api.getState());
      return kept.success ? kept.data : null;
    },
    keep: (value) => api.setState(value),
  };
}

/** What cannot be drawn (a run file that was tampered with, a defect) is said in the panel, not only in its console. */
function guarded(draw: () => void): void {
  try {
    draw();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    document.body.prepend(element('p', { class: 'failure', role: 'alert' }, words));
    throw error;
  }
}
