// Asking the Hugging Face hub, with the person's settings from the environment; where it does not answer, why, in a
// sentence. The token is sent to the hub alone.

import { HubApiError } from '@huggingface/hub';
import { MerfError } from '../spec/error.ts';
import type { Environment } from './hub_cache.ts';

export interface DownloadProgress {
  readonly file: string;
  /** Of all files together. */
  readonly doneBytes: number;
  readonly bytes: number;
}

export interface DownloadOptions {
  /** A branch, a tag or a commit. Default "main". */
  readonly revision?: string;
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** How often a connection that breaks off is taken up again without a byte more. Default 5. */
  readonly retries?: number;
  /** Milliseconds before the first new try; doubled with each. Default 1000. */
  readonly pause?: number;
}

export interface Hub {
  readonly access: { readonly hubUrl: string; readonly fetch: typeof fetch; readonly accessToken?: string };
  readonly options: DownloadOptions;
  /** Asks the hub, and says in a sentence why it did not answer. */
  ask<T>(question: () => Promise<T>): Promise<T>;
}

export function hubOf(id: string, options: DownloadOptions): Hub {
  const { environment = process.env, signal } = options;
  const { HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN } = environment;
  const hubUrl = (HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  if (HF_HUB_OFFLINE && !['0', 'false', 'no', 'off'].includes(HF_HUB_OFFLINE.toLowerCase())) {
    throw new MerfError(`HF_HUB_OFFLINE is set, so ${id} is not downloaded.`, 'Unset it, and try again.');
  }
  const token = HF_TOKEN?.trim();
  const access = {
    hubUrl,
    // a redirect to another host loses the Authorization header: fetch sees to that
    fetch: (input: Parameters<typeof fetch>[0], given?: RequestInit) =>
      fetch(input, { ...given, ...(signal && { signal }) }),
    ...(token && { accessToken: token }),
  };
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      return await question();
    } catch (error) {
      signal?.throwIfAborted();
      throw explained(id, hubUrl, token !== undefined && token !== '', error);
    }
  };
  return { access, options, ask };
}

function explained(id: string, hubUrl: string, hasToken: boolean, error: unknown): MerfError {
  if (error instanceof MerfError) return error;
  const page = `${hubUrl}/${id}`;
  if (error instanceof HubApiError) {
    const { statusCode: status } = error;
    if (status === 401 || status === 403) {
      const remedy = hasToken
        ? `Ask for access on ${page}, with the account that HF_TOKEN belongs to (in VS Code: MeRF: Set Hugging Face Token).`
        : `Check the name; if it is right, ask for access on ${page} and put a token into HF_TOKEN (in VS Code: MeRF: Set Hugging Face Token).`;
      return new MerfError(`The hub does not give out ${id} (${status}).`, remedy, { cause: error });
    }
    if (status === 404) {
      return new MerfError(`There is no model ${id} on the hub, or no such revision.`, `Look for it on ${hubUrl}.`, {
        cause: error,
      });
    }
    return new MerfError(`The hub answered ${status} when it was asked for ${id}.`, 'Try again later.', {
      cause: error,
    });
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy = 'Check the connection (and HF_ENDPOINT, HF_TOKEN); what has arrived is kept.';
  return new MerfError(`${id} could not be downloaded from ${hubUrl} (${reason}).`, remedy, { cause: error });
}

export function unexpected(id: string, what: string): MerfError {
  return new MerfError(`The hub's answer about ${id} is not understood: ${what}.`, 'Try again later.');
}
