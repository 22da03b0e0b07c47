// Messages to the text a chat model reads: the model's own Jinja template (chat_template.jinja or the entry in
// tokenizer_config.json), or ChatML where it has none. Left out: tools, images.

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

/** Qwen's format. */
export const CHATML = `{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`;

export function createChatTemplate(source = CHATML, where = 'the chat template'): ChatTemplate {
  const refuse = (error: unknown): MerfError => {
    const reason = error instanceof Error ? error.message : String(error);
    return new MerfError(
      `${where} cannot be rendered (${reason}).`,
      'Download the model again, or correct the template.',
      {
        cause: error,
      },
    );
  };
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    throw refuse(error);
  }
  return {
    source,
    render: (messages, options) => {
      try {
        return template.render({ messages, add_generation_prompt: options?.generationPrompt ?? true });
      } catch (error) {
        throw refuse(error);
      }
    },
  };
}
