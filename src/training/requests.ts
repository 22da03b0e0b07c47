// What somebody asked of a run, by a signal or through the run's folder: to stop, to wait, to go on.

import { takeRequest } from '../run/control.ts';

export class Requests {
  private readonly folder: string;
  private readonly signal: AbortSignal;
  private stops = false;
  private pauses = false;

  constructor(folder: string, signal: AbortSignal) {
    this.folder = folder;
    this.signal = signal;
  }

  /** Looks for a new request; why the run is to stop, when it is. */
  stop(): string | null {
    const command = takeRequest(this.folder)?.command;
    this.stops ||= this.signal.aborted || command === 'stop';
    if (command === 'pause' || command === 'continue') this.pauses = command === 'pause';
    return this.stops ? 'It was asked to stop.' : null;
  }

  /** Looks for a new request; whether the run is to wait. */
  pause(): boolean {
    return this.stop() === null && this.pauses;
  }

  /** Nobody has to be heard any more of a wait that has ended. */
  waited(): void {
    this.pauses = false;
  }
}

export function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
