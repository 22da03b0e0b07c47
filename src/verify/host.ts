// A place where a verifier's script runs and can be asked, one request at a time: a child process for Python, a worker
// thread for JavaScript. A host that failed to answer in time is ended, not reused.

/** A request to a function of the script; arguments by parameter, as JSON. */
export interface Request {
  function: string;
  arguments: Record<string, unknown>;
}

/** What came of it. A value is not checked against the specification yet. */
export type Reply = { kind: 'value'; value: boolean | number | string } | Failure;

export interface Failure {
  kind: 'failed';
  cause: Cause;
  /** A sentence for a person. */
  message: string;
}

/** Why there is no usable answer, in one word: what invalid samples are counted by. docs/verifiers.md explains each. */
export const CAUSES = [
  // verifiers and judges
  'untrusted',
  'timeout',
  'unfit',
  'cancelled',
  'too_many',
  // verifiers
  'missing',
  'raised',
  'memory',
  'crashed',
  // judges
  'key',
  'refused',
  'busy',
  'unreachable',
  'garbled',
] as const;
export type Cause = (typeof CAUSES)[number];

export function failed(cause: Cause, message: string): Failure {
  return { kind: 'failed', cause, message };
}

export interface Host {
  /** Never rejects. */
  ask(request: Request): Promise<Reply>;
  /** False: it has ended, or will not answer any more. */
  readonly alive: boolean;
  /** Ends it with everything that it started. */
  end(): Promise<void>;
}

export interface HostOptions {
  /** Absolute path. */
  script: string;
  memoryMegabytes: number;
  /** What the script sees of the environment. */
  environment: NodeJS.ProcessEnv;
}

/** Starts a host; a failure says why the script cannot be asked at all. Never rejects. */
export type StartHost = (options: HostOptions) => Promise<Host | Failure>;

/** Characters of the longest text that a script may answer. */
export const LONGEST_TEXT = 1 << 20;
