// Reads the PNG files that a browser writes: 8 bits a channel, RGB or RGBA, not interlaced (PNG, third edition, 9.2).

import { inflateSync } from 'node:zlib';

export interface Image {
  readonly width: number;
  readonly height: number;
  /** Rows of RGB or RGBA bytes. */
  readonly bytes: Uint8Array;
  readonly channels: 3 | 4;
}

export function readPng(file: Buffer): Image {
  const data: Buffer[] = [];
  let [width, height, channels]: [number, number, 3 | 4] = [0, 0, 4];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      const [depth, colour, , , interlaced] = body.subarray(8);
      if (depth !== 8 || (colour !== 2 && colour !== 6) || interlaced !== 0) throw new Error('not a PNG of a browser');
      channels = colour === 2 ? 3 : 4;
    }
    if (type === 'IDAT') data.push(body);
    at += 12 + length;
  }
  return { width, height, channels, bytes: unfilter(inflateSync(Buffer.concat(data)), width * channels, channels) };
}

/** Each row starts with the number of the filter that predicts a byte from its left, upper and upper left neighbours. */
function unfilter(rows: Uint8Array, stride: number, channels: number): Uint8Array {
  const height = rows.length / (stride + 1);
  const bytes = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= channels ? (bytes[at - channels] ?? 0) : 0;
      const up = y > 0 ? (bytes[at - stride] ?? 0) : 0;
      const corner = x >= channels && y > 0 ? (bytes[at - stride - channels] ?? 0) : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      bytes[at] = (rows[y * (stride + 1) + 1 + x] ?? 0) + predicted;
    }
  }
  return bytes;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
