// The chat messages as the model reads them: the motivation marked, or what is different from another arm.

import type { ArmPrompt, PromptMessage } from '../../spec/prompt_view.ts';
import { button, element } from '../element.ts';
import type { Text } from '../text.ts';
import { wordDiff } from '../word_diff.ts';

export type Copy = (text: string) => void;

export function chatOf(shown: ArmPrompt, other: ArmPrompt | null, text: Text, copy: Copy): HTMLElement[] {
  const roles = new Set([...shown.messages, ...(other?.messages ?? [])].map(({ role }) => role));
  return (['system', 'user'] as const)
    .filter((role) => roles.has(role))
    .map((role) => {
      const message = shown.messages.find((one) => one.role === role);
      const content = contentOf(message);
      const body = other
        ? differences(contentOf(other.messages.find((one) => one.role === role)), content, shown, other, text)
        : [element('div', { class: 'content' }, ...(message?.parts ?? []).map((part) => marked(part, text)))];
      const copies = button(text.copy, { 'aria-label': `${text.copy}: ${text.preview.roles[role]}` }, () =>
        copy(content),
      );
      const head = element('header', {}, element('h2', {}, text.preview.roles[role]), copies);
      return element('section', { class: `message ${role}`, 'aria-label': text.preview.roles[role] }, head, ...body);
    });
}

function contentOf(message: PromptMessage | undefined): string {
  return (message?.parts ?? []).map(({ text }) => text).join('');
}

function marked(part: PromptMessage['parts'][number], text: Text): Node {
  if (!part.motivation) return document.createTextNode(part.text);
  return element('mark', { class: 'motivation', title: text.preview.motivation }, part.text);
}

function differences(before: string, after: string, shown: ArmPrompt, other: ArmPrompt, text: Text): HTMLElement[] {
  if (before === after) {
    return [element('p', { class: 'quiet same' }, text.preview.same), element('div', { class: 'content' }, after)];
  }
  const parts = wordDiff(before, after).map(({ kind, text: words }) => {
    if (kind === 'same') return document.createTextNode(words);
    const title = text.preview.onlyIn(kind === 'come' ? shown.arm : other.arm);
    return element(kind === 'come' ? 'ins' : 'del', { title }, words);
  });
  return [element('div', { class: 'content' }, ...parts)];
}
