// Safetensors: what is written is read back; a file that is cut or lies is refused in one sentence.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeBfloat16, decodeFloat16, toBfloat16, toFloat16 } from '../../src/model/float16.ts';
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts';
import type { Parameter } from '../../src/model/weights.ts';
import { MerfError } from '../../src/spec/error.ts';

const tensors = new Map<string, Parameter>([
  ['a', { shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 3.25, -0, 1e-3) }],
  ['norm.weight', { shape: [2], data: Float32Array.of(Math.PI, -1e30) }],
  ['scalar', { shape: [], data: Float32Array.of(7) }],
]);

describe('safetensors', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-safetensors-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fileWith = (header: unknown, data = new Uint8Array(24)): string => {
    const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(json.length));
    const path = join(folder, 'made.safetensors');
    writeFileSync(path, Buffer.concat([prefix, json, data]));
    return path;
  };
  const refused = (path: string, message: RegExp) => {
    assert.throws(
      () => readSafetensors(path),
      (error) => error instanceof MerfError && message.test(error.message) && error.remedy.length > 0,
    );
  };

  it('reads back what it wrote, exactly in F32', () => {
    const path = join(folder, 'model.safetensors');
    writeSafetensors(path, tensors);
    assert.deepEqual(readSafetensors(path), tensors);
    assert.deepEqual(readdirSync(folder), ['model.safetensors']);
  });

  it('rounds to the nearest in BF16 and F16', () => {
    const path = join(folder, 'model.safetensors');
    writeSafetensors(path, tensors, { type: 'BF16' });
    assert.equal(readSafetensors(path).get('norm.weight')?.data[0], 3.140625);
    writeSafetensors(path, tensors, { type: 'F16' });
    assert.deepEqual([...(readSafetensors(path).get('norm.weight')?.data ?? [])], [3.140625, -Infinity]);
  });

  it('refuses a file that is cut anywhere', () => {
    const path = join(folder, 'model.safetensors');
    writeSafetensors(path, tensors);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      refused(path, /is damaged/);
    }
  });

  it('refuses any header without crashing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.uint8Array({ maxLength: 32 }), (header, data) => {
        try {
          readSafetensors(fileWith(header, data));
        } catch (error) {
          assert.ok(error instanceof MerfError, String(error));
        }
      }),
    );
  });

  it('refuses offsets that lie, overlap or leave the file, and other element types', () => {
    const entry = (data_offsets: number[], shape = [2], dtype = 'F32') => ({ dtype, shape, data_offsets });
    refused(fileWith({ a: entry([0, 8]), b: entry([4, 12]) }), /"a" and "b" overlap/);
    refused(fileWith({ a: entry([0, 12]) }), /"a" has 12 bytes for shape \[2\]/);
    refused(fileWith({ a: entry([24, 32]) }), /ends 8 bytes after the file/);
    refused(fileWith({ a: entry([0, 8], [-2]) }), /entry of tensor "a" is malformed/);
    refused(fileWith({ a: entry([0, 2], [2], 'I8') }), /element type I8/);
    refused(fileWith({ a: entry([0, 8], [2 ** 40, 2 ** 40]) }), /"a" has 8 bytes/);
    const path = join(folder, 'long.safetensors');
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(2n ** 60n);
    writeFileSync(path, prefix);
    refused(path, /header claims/);
  });

  it('leaves the previous file when it cannot write', () => {
    const path = join(folder, 'missing', 'model.safetensors');
    assert.throws(() => writeSafetensors(path, tensors), MerfError);
    assert.ok(!existsSync(path));
  });
});

describe('sixteen-bit floats', () => {
  it('survive the way to float32 and back, all 65536 of both kinds', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    for (const [widen, narrow] of [
      [decodeBfloat16, toBfloat16],
      [decodeFloat16, toFloat16],
    ] as const) {
      const floats = new Float32Array(halves.length);
      widen(halves, floats);
      narrow(floats).forEach((half, i) => {
        if (!Number.isNaN(floats[i])) assert.equal(half, i);
      });
    }
  });

  it('round to the nearest, ties to even', () => {
    const step = 2 ** -10; // spacing of binary16 at 1
    const values = Float32Array.of(
      1 + step / 2,
      1 + 1.5 * step,
      1 + 0.6 * step,
      65520,
      65519,
      2 ** -25,
      2 ** -24 * 0.6,
    );
    const rounded = new Float32Array(values.length);
    decodeFloat16(toFloat16(values), rounded);
    assert.deepEqual([...rounded], [1, 1 + 2 * step, 1 + step, Infinity, 65504, 0, 2 ** -24]);
  });
});
