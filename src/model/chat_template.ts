// Messages to the text a chat model reads: the model's own Jinja template (chat_template.jinja or the entry in
// tokenizer_config.json), or ChatML where it has none. A template is a program from outside: it has two seconds and may
// write a bounded text. It sees no clock, so the same messages give the same text on any day (Llama's templates then
// write their fixed date). Left out: tools, images.

import { createContext, Script } from 'node:vm';
import { Template } from '@huggingface/jinja';
import { MerfError } from '../spec/error.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatTemplate {
  readonly source: string;
  /** `generationPrompt` ends the text where the assistant's answer begins (default true). */
  render(messages: readonly Message[], options?: { readonly generationPrompt?: boolean }): string;
}

export interface TemplateOptions {
  /** What the template may name: `bos_token`, `eos_token`, … */
  readonly variables?: Readonly<Record<string, string>>;
  /** Milliseconds a rendering may take. Default 2000. */
  readonly timeout?: number;
}

/** Qwen's format. */
export const CHATML = `{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`;

/** Characters of a template, and of a text beyond what the messages hold. */
const LONGEST_SOURCE = 1_000_000;
const LONGEST_TEXT = 1_000_000;

export function createChatTemplate(
  source = CHATML,
  where = 'the chat template',
  { variables = {}, timeout = 2000 }: TemplateOptions = {},
): ChatTemplate {
  const refuse = (reason: string, cause?: unknown): MerfError =>
    new MerfError(
      `${where} cannot be rendered (${reason}).`,
      'Download the model again, or correct the template.',
      cause === undefined ? undefined : { cause },
    );
  if (source.length > LONGEST_SOURCE) throw refuse(`it is ${source.length} characters long`);
  const guarded = <T>(work: () => T): T => {
    try {
      return interruptible(work, timeout);
    } catch (error) {
      const slow = error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
      const reason = error instanceof Error ? error.message : String(error);
      throw refuse(slow ? `it takes longer than ${timeout / 1000} seconds` : reason, error);
    }
  };
  const template = guarded(() => new Template(source));
  return {
    source,
    render: (messages, options) => {
      const given = { ...variables, messages, add_generation_prompt: options?.generationPrompt ?? true };
      const text = guarded(() => template.render(given));
      const room = LONGEST_TEXT + 4 * messages.reduce((sum, { content }) => sum + content.length, 0);
      if (text.length > room) throw refuse(`it writes ${text.length} characters`);
      return text;
    },
  };
}

const box = { run: () => {} };
const context = createContext(box);
const script = new Script('run()');

/** Runs it to its end, or throws when the time is over: V8 stops whatever runs under a script with a time limit. */
function interruptible<T>(work: () => T, timeout: number): T {
  const results: T[] = [];
  box.run = () => {
    results.push(work());
  };
  script.runInContext(context, { timeout });
  for (const result of results) return result;
  throw new Error('it gave no text');
}
