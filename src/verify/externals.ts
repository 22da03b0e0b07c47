// All verifiers and judges of a specification, ready to be asked. Scripts and endpoints are used only where the person
// trusts the file: a script is a program, and a judge is given the person's key. What a verifier's script sees of the
// environment has no judge's key in it, and not the hub's token.

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ExternalCall } from '../reward/score.ts';
import { MerfError } from '../spec/error.ts';
import type { Judge, Specification, Verifier } from '../spec/specification.ts';
import { fitting } from './answer.ts';
import { AnswerCache } from './answer_cache.ts';
import { type Failure, failed, type Reply } from './host.ts';
import { startJavaScript } from './javascript_host.ts';
import { JudgeClient, type Usage } from './judge.ts';
import { HostPool } from './pool.ts';
import { startPython } from './python_host.ts';

export interface ExternalsOptions {
  /** The folder of the .merf file, from which scripts are found. */
  folder: string;
  /** False: nothing is run and nothing is sent; every call is invalid, cause `untrusted`. */
  trusted: boolean;
  /** Where judges' answers are kept; null: nowhere. */
  cacheFolder: string | null;
  environment: NodeJS.ProcessEnv;
  /** Hosts of one script at once; otherwise one a core. */
  hosts?: number;
}

/** A reply with the time it took. */
export interface Asked {
  reply: Reply;
  seconds: number;
}

type AskOne = (given: readonly unknown[], signal?: AbortSignal) => Promise<Asked>;

export class Externals {
  private readonly asking = new Map<string, AskOne>();
  private readonly pools = new Map<string, HostPool>();
  private readonly judges = new Map<string, JudgeClient>();
  private readonly checks: (() => Promise<Reply | null>)[] = [];

  constructor(spec: Pick<Specification, 'verifiers' | 'judges'>, options: ExternalsOptions) {
    for (const verifier of spec.verifiers) this.addVerifier(verifier, spec.judges, options);
    const cache = options.cacheFolder === null ? null : new AnswerCache(options.cacheFolder);
    for (const judge of spec.judges) this.addJudge(judge, cache, options);
  }

  /** Whether there is anything to ask. */
  get any(): boolean {
    return this.asking.size > 0;
  }

  /** Never rejects. */
  async ask({ name, arguments: given }: ExternalCall, signal?: AbortSignal): Promise<Asked> {
    const ask = this.asking.get(name);
    if (ask === undefined)
      return { reply: failed('missing', `There is no verifier or judge \`${name}\`.`), seconds: 0 };
    return ask(given, signal);
  }

  /**
   * Loads every script and looks for every key, so that a run does not begin that could only make invalid samples.
   * @throws MerfError with what is missing.
   */
  async check(): Promise<void> {
    for (const check of this.checks) {
      const failure = await check();
      if (failure?.kind === 'failed') {
        throw new MerfError(failure.message, 'Without it every response would be invalid; see docs/verifiers.md.');
      }
    }
  }

  /** What the judges were asked, by name. */
  usage(): Record<string, Usage> {
    return Object.fromEntries([...this.judges].map(([name, { usage }]) => [name, { ...usage }]));
  }

  async end(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  private addVerifier(verifier: Verifier, judges: readonly Judge[], options: ExternalsOptions): void {
    const { name, parameters, result, timeoutSeconds } = verifier;
    const script = scriptPath(verifier, options.folder);
    const refusal = refused(verifier, script, options);
    if (refusal !== null) {
      this.refuse(name, refusal);
      return;
    }
    const pool = this.poolOf(verifier, script, withoutKeys(options.environment, judges), options.hosts);
    this.checks.push(() => pool.check());
    this.asking.set(name, async (given, signal) => {
      const request = { function: name, arguments: Object.fromEntries(parameters.map((each, i) => [each, given[i]])) };
      const { reply, seconds } = await pool.ask(request, timeoutSeconds, signal);
      return { reply: fitting(name, result, reply), seconds };
    });
  }

  private addJudge(judge: Judge, cache: AnswerCache | null, { trusted, environment }: ExternalsOptions): void {
    if (!trusted) {
      this.refuse(judge.name, untrusted(judge.name));
      return;
    }
    const client = new JudgeClient(judge, { environment, cache });
    this.judges.set(judge.name, client);
    this.checks.push(async () => client.check());
    this.asking.set(judge.name, async (given, signal) => {
      const began = performance.now();
      const reply = await client.ask(given, signal);
      return { reply, seconds: (performance.now() - began) / 1000 };
    });
  }

  private refuse(name: string, failure: Failure): void {
    this.checks.push(async () => failure);
    this.asking.set(name, async () => ({ reply: failure, seconds: 0 }));
  }

  /** Verifiers of one script with one memory limit share their hosts. */
  private poolOf(
    { memoryMegabytes }: Verifier,
    script: string,
    environment: NodeJS.ProcessEnv,
    size?: number,
  ): HostPool {
    const key = JSON.stringify([script, memoryMegabytes]);
    const start = /\.py$/i.test(script) ? startPython : startJavaScript;
    const pool = this.pools.get(key) ?? new HostPool(() => start({ script, memoryMegabytes, environment }), size);
    this.pools.set(key, pool);
    return pool;
  }
}

/** A script's absolute path; that of an imported verifier counts from the imported file. */
export function scriptPath({ script, place }: Pick<Verifier, 'script' | 'place'>, folder: string): string {
  return resolve(folder, place.file === undefined ? '' : dirname(place.file), script);
}

function refused({ name, script: written }: Verifier, script: string, { trusted }: ExternalsOptions): Failure | null {
  if (!trusted) return untrusted(name);
  return existsSync(script) ? null : failed('missing', `There is no script ${written} for \`${name}\` (${script}).`);
}

function untrusted(name: string): Failure {
  return failed('untrusted', `\`${name}\` is not asked, because the folder is not trusted.`);
}

function withoutKeys(environment: NodeJS.ProcessEnv, judges: readonly Judge[]): NodeJS.ProcessEnv {
  const keys = new Set(['HF_TOKEN', ...judges.map(({ key }) => key)]);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !keys.has(name)));
}
