// A hub on the loopback interface: the API's answers about one model, and its files with ranges. It can break off in
// the middle of an answer, ignore ranges, send damaged bytes, ask for a token, or redirect large files elsewhere.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

export interface HubBehaviour {
  /** Break off each answer about a large file after so many bytes, as many times. */
  breakAfter?: number;
  breaks?: number;
  ignoresRanges?: boolean;
  /** Damage the large files. */
  damaged?: boolean;
  token?: string;
  /** Where large files are redirected to. */
  elsewhere?: string;
}

export interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

export class HubServer {
  readonly asked: Asked[] = [];
  /** Bytes sent of large files. */
  sent = 0;
  behaviour: HubBehaviour = {};
  private readonly server: Server;
  private readonly id: string;
  private readonly files: ReadonlyMap<string, Buffer>;

  constructor(id: string, files: ReadonlyMap<string, Buffer>) {
    this.id = id;
    this.files = files;
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('it has no port');
    return `http://127.0.0.1:${address.port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://hub');
    const { range, authorization } = request.headers;
    this.asked.push({ path: url.pathname, range, authorization });
    const { token } = this.behaviour;
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (token !== undefined && authorization !== `Bearer ${token}`) {
      json(401, { error: 'Access to this model is restricted' });
    } else if (url.pathname === `/api/models/${this.id}/revision/main`) {
      const more = { private: false, gated: false, likes: 0, downloads: 0, lastModified: '2026-01-01T00:00:00.000Z' };
      json(200, { _id: '1', id: this.id, sha: COMMIT, ...more });
    } else if (url.pathname === `/api/models/${this.id}/tree/${COMMIT}`) {
      json(
        200,
        [...this.files].map(([path, content]) => entryOf(path, content)),
      );
    } else {
      const path = url.pathname.split(`/${this.id}/resolve/${COMMIT}/`)[1];
      const content = path === undefined ? undefined : this.files.get(path);
      if (path === undefined || content === undefined) json(404, { error: 'Repository not found' });
      else this.sendFile(response, path, content, range);
    }
  }

  private sendFile(response: ServerResponse, path: string, whole: Buffer, range: string | undefined): void {
    const { breakAfter, breaks = 0, ignoresRanges, damaged, elsewhere } = this.behaviour;
    const large = isLarge(path);
    if (large && elsewhere !== undefined) {
      const location = `${elsewhere}/${this.id}/resolve/${COMMIT}/${path}`;
      response.writeHead(302, { Location: location, 'X-Linked-ETag': '"x"' }).end();
      return;
    }
    const content = large && damaged ? Buffer.from(whole).fill(1, 10, 20) : whole;
    const [from = 0, to = content.length - 1] =
      /^bytes=(\d+)-(\d*)$/
        .exec(range ?? '')
        ?.slice(1)
        .map(Number) ?? [];
    const part = ignoresRanges && range !== 'bytes=0-0' ? content : content.subarray(from, to + 1);
    const partial = range !== undefined && part !== content;
    response.writeHead(partial ? 206 : 200, {
      'Content-Length': part.length,
      ETag: '"x"',
      ...(partial && { 'Content-Range': `bytes ${from}-${to}/${content.length}` }),
    });
    if (large && breakAfter !== undefined && breaks > 0 && part.length > breakAfter) {
      this.behaviour.breaks = breaks - 1;
      this.sent += breakAfter;
      response.write(part.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
      return;
    }
    if (large) this.sent += part.length;
    response.end(part);
  }
}

function isLarge(path: string): boolean {
  return path.endsWith('.safetensors');
}

function entryOf(path: string, content: Buffer): object {
  const oid = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  const lfs = { oid: createHash('sha256').update(content).digest('hex'), size: content.length, pointerSize: 130 };
  return { type: 'file', path, size: content.length, oid, ...(isLarge(path) && { lfs }) };
}
