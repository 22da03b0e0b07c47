// Programs by shape bucket: made on first use, the least recently used given back when there are too many (each
// holds its own scratch memory).

import type { Program } from './program.ts';

export class ProgramCache<P extends { dispose(): Promise<void> } = Program> {
  private readonly programs = new Map<string, Promise<P>>();
  private readonly limit: number;
  /** How many programs were made so far: making one takes tenths of a second. */
  made = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** The program of a bucket. A program must not be used after asking for another one. */
  async get(key: string, make: () => Promise<P>): Promise<P> {
    const program = this.programs.get(key) ?? this.start(make);
    this.programs.delete(key);
    this.programs.set(key, program);
    for (const [oldest, old] of this.programs) {
      if (this.programs.size <= this.limit) break;
      this.programs.delete(oldest);
      await (await old).dispose();
    }
    return program;
  }

  async dispose(): Promise<void> {
    const all = [...this.programs.values()];
    this.programs.clear();
    for (const program of all) await (await program).dispose();
  }

  private start(make: () => Promise<P>): Promise<P> {
    this.made++;
    return make();
  }
}
