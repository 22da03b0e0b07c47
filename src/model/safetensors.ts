// Safetensors files (https://github.com/huggingface/safetensors#format): an 8-byte header length, a JSON header of
// {name: {dtype, shape, data_offsets}}, then the tensors' bytes, little-endian. F32, F16 and BF16 are read as float32,
// as they are or rounded, straight into the one array that is kept; everything the header claims is checked against the file.
// Writing replaces the file whole. Left out: other element types, memory mapping (Node.js has none).

import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { MerfError } from '../spec/error.ts';
import { type Shape, size } from '../tensor/shape.ts';
import { toBfloat16, toFloat16 } from './float16.ts';
import { floatPieces, floats, isHalf, type StoredParameter, type StoredWeights } from './stored.ts';
import type { Parameter } from './weights.ts';

export type StorageType = 'F32' | 'F16' | 'BF16';

const HEADER_LIMIT = 100_000_000;
const BYTES: Record<StorageType, number> = { F32: 4, F16: 2, BF16: 2 };
const HALVES = { F16: 'float16', BF16: 'bfloat16' } as const;

const length = z.number().int().nonnegative();
const Entry = z.object({ dtype: z.string(), shape: z.array(length), data_offsets: z.tuple([length, length]) });
const Header = z.record(z.string(), z.unknown());

interface Place {
  readonly name: string;
  /** Checked when the tensor is read: a file may hold others beside those that are wanted. */
  readonly type: string;
  readonly shape: Shape;
  readonly start: number;
  readonly end: number;
}

/** The tensors of a file that are wanted, as float32. Throws MerfError where the file is not what its header says. */
export function readSafetensors(path: string, wanted: (name: string) => boolean = () => true): Map<string, Parameter> {
  return readTensors(path, wanted, (parameter) => ({ shape: parameter.shape, data: floats(parameter) }));
}

/** The same as the file has them, matrices of sixteen bits in their type. */
export function readStored(path: string, wanted: (name: string) => boolean): Map<string, StoredParameter> {
  return readTensors(path, wanted, (parameter) => {
    return parameter.shape.length > 1 ? parameter : { shape: parameter.shape, data: floats(parameter) };
  });
}

/** The same, with matrices of float32 rounded to bfloat16 as each is read. */
export function readRounded(path: string, wanted: (name: string) => boolean): Map<string, StoredParameter> {
  return readTensors(path, wanted, (parameter) => {
    const { shape } = parameter;
    if (shape.length < 2) return { shape, data: floats(parameter) };
    return isHalf(parameter) ? parameter : { shape, half: 'bfloat16', data: toBfloat16(parameter.data) };
  });
}

function readTensors<P>(
  path: string,
  wanted: (name: string) => boolean,
  keep: (parameter: StoredParameter) => P,
): Map<string, P> {
  return withFile(path, (file) => {
    const { places, dataStart } = readHeader(file, path);
    const chosen = places.filter(({ name }) => wanted(name));
    return new Map(chosen.map((place) => [place.name, keep(readTensor(file, path, place, dataStart))]));
  });
}

export interface TensorEntry {
  readonly shape: Shape;
  /** As the file names it: `F32`, `BF16`, … */
  readonly type: string;
}

/** What the file holds, without reading it. */
export function listSafetensors(path: string): Map<string, TensorEntry> {
  return withFile(path, (file) => {
    const { places } = readHeader(file, path);
    return new Map(places.map(({ name, shape, type }) => [name, { shape, type }]));
  });
}

function withFile<T>(path: string, use: (file: number) => T): T {
  try {
    const file = openSync(path, 'r');
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const remedy = 'Check that it is a file you may read.';
    throw new MerfError(`${path} cannot be read (${error.code}).`, remedy, { cause: error });
  }
}

function readTensor(file: number, path: string, place: Place, dataStart: number): StoredParameter {
  const { name, type, shape, start } = place;
  if (!isStorageType(type)) {
    throw new MerfError(
      `The tensor "${name}" in ${path} has element type ${type}.`,
      'Use the F32, F16 or BF16 version of the model; quantised weights cannot be trained.',
    );
  }
  const parameter: StoredParameter =
    type === 'F32'
      ? { shape, data: new Float32Array(size(shape)) }
      : { shape, half: HALVES[type], data: new Uint16Array(size(shape)) };
  readFully(file, new Uint8Array(parameter.data.buffer), dataStart + start, path);
  return parameter;
}

function isStorageType(type: string): type is StorageType {
  return type in BYTES;
}

/** Writes the tensors and replaces the file at once: after a crash there is the old file or the new one. */
export function writeSafetensors(
  path: string,
  tensors: StoredWeights,
  { type = 'F32', metadata = { format: 'pt' } }: { type?: StorageType; metadata?: Record<string, string> } = {},
): void {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape }] of tensors) {
    const end = offset + size(shape) * BYTES[type];
    header[name] = { dtype: type, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(padded.length));
  const temporary = `${path}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      for (const part of [prefix, padded]) writeFully(file, part);
      for (const parameter of tensors.values())
        for (const piece of floatPieces(parameter)) writeFully(file, encode(piece, type));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new MerfError(
      `The weights could not be written to ${path} (${reason}).`,
      'Free disk space or choose a folder that can be written, and try again; the previous file is unchanged.',
      { cause: error },
    );
  }
}

function readHeader(file: number, path: string): { places: Place[]; dataStart: number } {
  const bytes = fstatSync(file).size;
  if (bytes < 8) throw damaged(path, 'it is too short to have a header');
  const prefix = new Uint8Array(8);
  readFully(file, prefix, 0, path);
  if (new TextDecoder().decode(prefix) === 'version ') {
    throw new MerfError(
      `${path} is a Git LFS pointer, not the weights.`,
      'Fetch them in its repository: git lfs pull.',
    );
  }
  const headerLength = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (headerLength > HEADER_LIMIT) throw damaged(path, 'its header claims an impossible length');
  if (8 + headerLength > bytes) throw damaged(path, 'it ends inside its header');
  const raw = new Uint8Array(headerLength);
  readFully(file, raw, 8, path);
  const header = Header.safeParse(parseJson(raw));
  if (!header.success) throw damaged(path, 'its header is not JSON');
  const dataBytes = bytes - 8 - headerLength;
  const places = Object.entries(header.data)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => checkedPlace(path, name, entry, dataBytes))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let previous: Place | undefined;
  for (const place of places) {
    if (previous !== undefined && place.start < previous.end) {
      throw damaged(path, `the tensors "${previous.name}" and "${place.name}" overlap`);
    }
    previous = place;
  }
  return { places, dataStart: 8 + headerLength };
}

function checkedPlace(path: string, name: string, entry: unknown, dataBytes: number): Place {
  const parsed = Entry.safeParse(entry);
  if (!parsed.success) throw damaged(path, `the entry of tensor "${name}" is malformed`);
  const { dtype, shape, data_offsets } = parsed.data;
  const [start, end] = data_offsets;
  if (end > dataBytes) throw damaged(path, `the tensor "${name}" ends ${end - dataBytes} bytes after the file`);
  if (end < start) throw damaged(path, `the tensor "${name}" ends before it begins`);
  if (isStorageType(dtype) && end - start !== size(shape) * BYTES[dtype]) {
    throw damaged(path, `the tensor "${name}" has ${end - start} bytes for shape [${shape.join(', ')}] of ${dtype}`);
  }
  return { name, type: dtype, shape, start, end };
}

function damaged(path: string, what: string): MerfError {
  return new MerfError(`${path} is damaged: ${what}.`, 'Download or copy the file again.');
}

function parseJson(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}

function encode(data: Float32Array, type: StorageType): Uint8Array {
  const stored = type === 'F32' ? data : type === 'BF16' ? toBfloat16(data) : toFloat16(data);
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

function readFully(file: number, into: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(file, into, done, Math.min(into.length - done, 1 << 30), position + done);
    if (count === 0) throw damaged(path, 'it ends early');
    done += count;
  }
}

function writeFully(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, Math.min(bytes.length - done, 1 << 30));
}
