// A `merf prompt --serve` that lives as long as the preview is open: the host asks, the child renders, so that neither
// the extension host nor the language server waits for rows and tokenizers. One that ends by itself is started again
// by the next question.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PromptAnswer, type PromptQuestion } from '../../spec/prompt_view.ts';
import { environment, type MerfCommand } from '../merf_command.ts';

export class PromptChild {
  private child: ChildProcessWithoutNullStreams | null = null;
  private readonly command: () => MerfCommand;
  private readonly answered: (answer: PromptAnswer) => void;
  private asked = 0;

  /** Of several questions only the newest is sure to be answered. */
  constructor(command: () => MerfCommand, answered: (answer: PromptAnswer) => void) {
    this.command = command;
    this.answered = answered;
  }

  ask(question: Omit<PromptQuestion, 'id'>): void {
    this.child ??= this.start();
    const id = ++this.asked;
    this.child.stdin.write(`${JSON.stringify({ ...question, id })}\n`);
  }

  dispose(): void {
    const { child } = this;
    this.child = null;
    child?.stdin.end();
    child?.kill();
  }

  private start(): ChildProcessWithoutNullStreams {
    const command = this.command();
    const child = spawn(command.node, [command.script, 'prompt', '--serve'], { env: environment(command) });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = `${errors}${text}`.slice(-2000);
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.receive(line));
    child.stdin.on('error', () => {}); // it has ended: `close` tells
    const over = (message: string): void => {
      if (this.child !== child) return;
      this.child = null;
      this.answered({ kind: 'trouble', id: this.asked, message, line: null });
    };
    child.once('error', (error) => over(error.message));
    child.once('close', (code) => over(errors.trim() || `merf prompt ended with ${code ?? 'a signal'}.`));
    return child;
  }

  /** Answers to questions that a newer one has replaced are dropped. */
  private receive(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return;
    }
    const answer = PromptAnswer.safeParse(json);
    if (answer.success && answer.data.id === this.asked) this.answered(answer.data);
  }
}
