// The prompt preview panel: the prompt of a row under an arm, as the model will read it, fed by the extension host while
// the person types. What cannot be rendered is said above the last prompt that could.

import './theme.css';
import './preview.css';
import type { PromptAnswer } from '../spec/prompt_view.ts';
import { button, element } from './element.ts';
import { connect } from './host.ts';
import { listenForKeys } from './keys.ts';
import { type FromPreview, PreviewState, ToPreview } from './messages.ts';
import { chatOf } from './preview/chat.ts';
import { type Controls, controls } from './preview/controls.ts';
import { type Text, textOf } from './text.ts';

const host = connect<ToPreview, FromPreview, PreviewState>(ToPreview, PreviewState);
const head = element('div', { class: 'preview-head' });
const trouble = element('div', { class: 'trouble', role: 'status' });
const chat = element('div', { class: 'chat' });
const main = element('main', {}, head, trouble, chat);
document.body.append(main);
const file = element('h1');
const tokens = element('p', { class: 'tokens quiet', 'aria-live': 'polite' });
let bar: Controls | null = null;
let uri = '';

host.receive((message) => {
  if (message.kind === 'error') {
    trouble.replaceChildren(element('p', { class: 'failure', role: 'alert' }, message.text));
    return;
  }
  document.documentElement.lang = message.language;
  const text = textOf(message.language);
  if (message.kind === 'nothing') {
    showNothing(text);
    return;
  }
  host.keep(message.state);
  const { answer } = message;
  bar ??= controls(
    text,
    (state) => host.send({ kind: 'choose', state }),
    () => host.send({ kind: 'copyLink' }),
  );
  if (!bar.element.isConnected) head.replaceChildren(file, bar.element, tokens);
  file.textContent = message.file;
  if (uri !== message.state.uri) chat.replaceChildren();
  uri = message.state.uri;
  if (answer.kind === 'trouble') showTrouble(answer, text);
  else showPrompt(message.state, answer, text);
});

listenForKeys(document, {
  ArrowLeft: () => bar?.move(-1),
  ArrowRight: () => bar?.move(1),
  r: () => bar?.random(),
  l: () => bar?.lock(),
});

function showNothing(text: Text): void {
  head.replaceChildren();
  trouble.replaceChildren();
  const { nothing, nothingHint } = text.preview;
  chat.replaceChildren(
    element('div', { class: 'notice' }, element('h1', {}, nothing), element('span', {}, nothingHint)),
  );
}

function showTrouble({ message, line }: Extract<PromptAnswer, { kind: 'trouble' }>, text: Text): void {
  const reveal =
    line === null ? null : button(text.preview.showInEditor, {}, () => host.send({ kind: 'reveal', line }));
  const last = chat.childElementCount > 0 ? element('p', { class: 'quiet' }, text.preview.outdated) : null;
  trouble.replaceChildren(element('div', { class: 'failure' }, element('p', {}, message), reveal, last));
  chat.classList.add('outdated');
  tokens.replaceChildren();
}

function showPrompt(state: PreviewState, prompt: Extract<PromptAnswer, { kind: 'prompt' }>, text: Text): void {
  trouble.replaceChildren();
  chat.classList.remove('outdated');
  bar?.show(state, prompt);
  tokens.replaceChildren(tokensOf(prompt, text));
  const copy = (content: string): void => host.send({ kind: 'copy', text: content });
  chat.replaceChildren(...chatOf(prompt.shown, prompt.other, text, copy));
}

/** `312 tokens, 96 of them the motivation · bundled:tiny` */
function tokensOf({ shown, other }: Extract<PromptAnswer, { kind: 'prompt' }>, { preview }: Text): string {
  if (shown.tokens === null) return shown.noTokens ?? '';
  const own = preview.tokens(shown.tokens.all, shown.tokens.motivation);
  if (!other?.tokens) return `${own} · ${shown.model}`;
  return `${preview.tokensBeside(shown.tokens.all, shown.tokens.all - other.tokens.all)} ${other.arm} · ${shown.model}`;
}

host.send({ kind: 'ready' });
