// The keys of a panel: single letters and signs that act wherever the focus is, but not while somebody types, holds a
// modifier or has a sheet open. And the sheet that lists them, on `?`: a dialog, which Escape closes by itself.

import { button, element } from './element.ts';
import type { Text } from './text.ts';

/** What a panel does on which keys. */
export type KeyActs = Readonly<Record<string, () => void>>;

/** Listens below `place`; whoever has handled a key before has said so. */
export function listenForKeys(place: EventTarget, acts: KeyActs): void {
  place.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') || (isPress(event.key) && isPressable(event.target))) return;
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isPress(key: string): boolean {
  return key === 'Enter' || key === ' ';
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, summary, input, a') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'range', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** A line of the sheet: the keys, and the name of what they do. */
export type KeyLine = readonly [keys: readonly string[], what: keyof Text['keys']['acts']];

/** The button that opens the sheet, which lies beside it in the page. `?` opens it from everywhere. */
export function keysButton(lines: readonly KeyLine[], text: Text): HTMLElement {
  const words = text.keys;
  const title = element('h2', {}, words.title);
  const list = element(
    'dl',
    {},
    ...lines.map(([keys, what]) =>
      element(
        'div',
        {},
        element('dt', {}, ...keys.map((key) => element('kbd', {}, key))),
        element('dd', {}, words.acts[what]),
      ),
    ),
  );
  const sheet = element('dialog', { class: 'keys', 'aria-label': words.title }, title, list);
  sheet.append(button(words.close, {}, () => sheet.close()));
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet) sheet.close();
  });
  const open = () => sheet.showModal();
  listenForKeys(document, { '?': open });
  const opener = button('?', { class: 'keys-button', 'aria-label': words.title, title: `${words.title} (?)` }, open);
  return element('span', {}, opener, sheet);
}
