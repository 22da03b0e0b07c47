// The prompt of a text as it stands in an editor, saved or not: the same messages as training gives the model, with the
// motivation marked and the tokens of the plan's model counted. Rows and tokenizers are kept between questions.

import { checkText } from '../language/check.ts';
import { isRefusal, PENDING } from '../language/surroundings.ts';
import { readChatTemplate, readTokenizer } from '../model/folder.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { type Message, renderPrompt } from '../motivation/prompt.ts';
import { motivationText } from '../motivation/render.ts';
import { explain, isForPerson } from '../spec/error.ts';
import type { ArmPrompt, PromptAnswer, PromptMessage, PromptQuestion } from '../spec/prompt_view.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import { loadTask, type Row, type TaskRows } from '../task/registry.ts';
import { modelFolder } from './model_folder.ts';
import { diskWorld } from './world.ts';

export class PromptViews {
  private readonly world = diskWorld();
  private rows: { key: string; rows: TaskRows } | null = null;
  private readonly tokenizers = new Map<string, Tokenizer>();

  /** Bad texts, rows and models are answered with what is wrong; nothing is thrown. */
  async answer(question: PromptQuestion): Promise<PromptAnswer> {
    try {
      return await this.promptOf(question);
    } catch (error) {
      const message = isForPerson(error) ? explain(error) : error instanceof Error ? error.message : String(error);
      return { kind: 'trouble', id: question.id, message, line: null };
    }
  }

  private async promptOf({ id, text, path, arm, other, split, row }: PromptQuestion): Promise<PromptAnswer> {
    const { specification: spec, diagnostics } = await checkText(text, this.world(path));
    if (spec === null) {
      const first = diagnostics.find(({ severity }) => severity === 'error');
      const line = first?.range.start.line ?? null;
      return { kind: 'trouble', id, message: first?.message ?? 'The text cannot be read.', line };
    }
    const named = (name: string | null) => spec.arms.find((one) => one.name === name);
    const shown = named(arm) ?? spec.arms[0];
    if (!shown)
      return {
        kind: 'trouble',
        id,
        message: 'The file has no arm. Add one: `arm merf { motivation full }`.',
        line: null,
      };
    const rows = await this.rowsOf(spec, path);
    const chosen = rows[split].length > 0 ? split : 'train';
    const index = Math.min(row, rows[chosen].length - 1);
    const asked = rows[chosen].at(index);
    if (!asked) return { kind: 'trouble', id, message: 'The task has no row.', line: null };
    const compared = named(other);
    return {
      kind: 'prompt',
      id,
      arms: spec.arms.map(({ name, motivation }) => ({ name, motivation })),
      split: chosen,
      row: index,
      rows: { train: rows.train.length, test: rows.test.length },
      shown: this.armPrompt(spec, shown, asked, path),
      other: compared && compared !== shown ? this.armPrompt(spec, compared, asked, path) : null,
    };
  }

  /** Kept until the task changes, or the data file it is from. */
  private async rowsOf({ task }: Specification, path: string): Promise<TaskRows> {
    const data = task.source === null ? null : this.world(path).data(task.source);
    const stamp = data === null || data === PENDING || isRefusal(data) ? null : data.hash;
    const key = JSON.stringify([path, task, stamp]);
    if (this.rows?.key !== key) this.rows = { key, rows: await loadTask(task, path) };
    return this.rows.rows;
  }

  private armPrompt(spec: Specification, arm: Arm, row: Row, path: string): ArmPrompt {
    const messages = renderPrompt(spec, arm.name, row);
    const motivation = motivationText(spec, arm.motivation);
    const { model } = arm.train;
    const counted = this.countTokens(model, path, messages, renderPrompt(spec, { motivation: null }, row));
    return {
      arm: arm.name,
      motivation: arm.motivation,
      model,
      messages: messages.map((message) => marked(message, motivation)),
      ...counted,
    };
  }

  private countTokens(
    model: string,
    path: string,
    messages: readonly Message[],
    bare: readonly Message[],
  ): Pick<ArmPrompt, 'tokens' | 'noTokens'> {
    const folder = modelFolder(model, path);
    if (folder === null) return { tokens: null, noTokens: `The model ${model} is not on this machine.` };
    try {
      const tokenizer = this.tokenizers.get(folder) ?? readTokenizer(folder);
      this.tokenizers.set(folder, tokenizer);
      const template = readChatTemplate(folder);
      const count = (chat: readonly Message[]): number => tokenizer.encode(template.render(chat)).length;
      const all = count(messages);
      return { tokens: { all, motivation: all - count(bare) }, noTokens: null };
    } catch (error) {
      if (isForPerson(error)) return { tokens: null, noTokens: explain(error) };
      throw error;
    }
  }
}

/** The message cut at every place where it carries the motivation. */
function marked({ role, content }: Message, motivation: string): PromptMessage {
  if (motivation === '') return { role, parts: [{ text: content, motivation: false }] };
  const parts = content
    .split(motivation)
    .flatMap((text, i) => [
      ...(i === 0 ? [] : [{ text: motivation, motivation: true }]),
      ...(text === '' ? [] : [{ text, motivation: false }]),
    ]);
  return { role, parts };
}
