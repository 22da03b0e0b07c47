// The responses to one prompt: the puzzle open, the rest of the prompt folded, then the responses.

import { messagesOf } from '../../run/chat_text.ts';
import { scoreText } from '../../run/number_text.ts';
import type { Sample } from '../../run/view.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';
import { markedText } from './words.ts';

export function groupSection(
  samples: readonly Sample[],
  cards: readonly HTMLElement[],
  isRight: (sample: Sample) => boolean,
  words: readonly string[],
  text: Text,
): HTMLElement {
  const first = samples[0];
  if (!first) return element('section');
  const rewards = samples.flatMap(({ reward }) => reward ?? []);
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const right = samples.filter(isRight).length;
  const title = text.promptNumber(first.prompt_index + 1);
  return element(
    'section',
    { class: 'group', 'aria-label': title },
    element(
      'header',
      {},
      element('h3', {}, title),
      element('span', { class: 'quiet' }, text.row(first.split, first.row_index)),
      element('span', { class: 'spacer' }),
      element('span', { class: 'quiet' }, text.meanReward(scoreText(mean))),
      element('span', { class: 'quiet' }, text.rightOf(right, samples.length)),
    ),
    promptBlock(first.prompt, words, text),
    ...cards,
  );
}

/** The last message is what was asked; what stands before it is folded. */
function promptBlock(prompt: string, words: readonly string[], text: Text): HTMLElement {
  const messages = messagesOf(prompt);
  const asked = messages.at(-1);
  if (!asked) return fold(text.wholePrompt, prompt, words);
  const before = messages.slice(0, -1).map((message) => {
    const name = message.role === 'system' ? text.systemPrompt : message.role;
    return fold(name, message.text, words);
  });
  return element(
    'div',
    { class: 'prompt' },
    element('p', { class: 'words asked' }, markedText(asked.text, words)),
    ...before,
  );
}

function fold(name: string, content: string, words: readonly string[]): HTMLElement {
  return element(
    'details',
    { class: 'prompt-part' },
    element('summary', {}, name),
    element('div', { class: 'words' }, markedText(content, words)),
  );
}
