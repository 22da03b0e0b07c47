// `merf prompt --serve`: answers an editor's questions about prompts, a JSON line in, a JSON line out, until the input
// ends. While one is answered newer ones may have come: only the newest is answered then, as the others are of older
// texts.

import { PromptQuestion } from '../spec/prompt_view.ts';
import { linesOf } from './json_lines.ts';
import { print } from './output.ts';
import { PromptViews } from './prompt_view.ts';

export async function servePrompts(): Promise<void> {
  const views = new PromptViews();
  let newest: PromptQuestion | null = null;
  let answering: Promise<void> | null = null;
  const answerAll = async (): Promise<void> => {
    // A turn of the loop first: questions that have come together are one.
    await new Promise((resolve) => setImmediate(resolve));
    while (newest !== null) {
      const question: PromptQuestion = newest;
      newest = null;
      await print(`${JSON.stringify(await views.answer(question))}\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    answering = null;
  };
  for await (const { text } of linesOf(process.stdin)) {
    const question = questionOf(text);
    if (question === null) continue;
    newest = question;
    answering ??= answerAll();
  }
  await answering;
}

/** null: the line is no question; an editor that asks so is told nothing. */
function questionOf(line: string | null): PromptQuestion | null {
  try {
    return PromptQuestion.safeParse(JSON.parse(line ?? '')).data ?? null;
  } catch {
    return null;
  }
}
