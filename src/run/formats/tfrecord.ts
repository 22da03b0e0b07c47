// TFRecord, the framing of TensorBoard's event files: length (8 bytes), masked CRC32C of the length, payload, masked
// CRC32C of the payload, all little-endian (tensorflow/core/lib/io/record_writer.h). CRC32C is Castagnoli's polynomial,
// reflected: 0x82f63b78. A record that is cut off at the end is a writer at work and is left.

import { MerfError } from '../../spec/error.ts';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A checksum as it is stored: rotated and moved, so that a checksum of checksums is not zero. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function recordOf(payload: Uint8Array): Uint8Array {
  const record = new Uint8Array(16 + payload.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(payload.length), true);
  view.setUint32(8, masked(crc32c(record.subarray(0, 8))), true);
  record.set(payload, 12);
  view.setUint32(12 + payload.length, masked(crc32c(payload)), true);
  return record;
}

/** The payloads of a file's complete records. @throws MerfError where a checksum is wrong; `name` is the file's. */
export function* payloads(file: Uint8Array, name: string): Generator<Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 12 <= file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== masked(crc32c(file.subarray(at, at + 8)))) throw damaged(name, at);
    const end = at + 12 + length;
    if (end + 4 > file.length) return;
    const payload = file.subarray(at + 12, end);
    if (view.getUint32(end, true) !== masked(crc32c(payload))) throw damaged(name, at);
    yield payload;
    at = end + 4;
  }
}

function damaged(name: string, at: number): MerfError {
  return new MerfError(
    `${name} is not a TensorBoard event file, or it is damaged (a checksum is wrong at byte ${at}).`,
    'Copy the file again from where it was written.',
  );
}
