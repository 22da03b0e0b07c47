import assert from 'node:assert/strict';
import { accuracy, constantBaseline, fullMarks, wilsonInterval } from '../../src/reward/accuracy.ts';
import { flagship } from './knights_and_knaves.ts';

describe('accuracy', () => {
  it('is the share of full marks', () => {
    const spec = flagship();
    assert.equal(fullMarks(spec), 3);
    assert.equal(accuracy(spec, [3, -0.5, 3, -3]), 0.5);
    assert.equal(accuracy(spec, []), 0);
  });

  it('has a Wilson interval', () => {
    const [low, high] = wilsonInterval(0.5, 100);
    assert.ok(Math.abs(low - 0.40383) < 1e-5 && Math.abs(high - 0.59617) < 1e-5);
    assert.equal(wilsonInterval(0, 10)[0], 0);
    assert.ok(wilsonInterval(1, 10)[1] > 1 - 1e-12);
    assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
  });

  it('is compared with the best constant answer, by position, for each number of people', () => {
    const of = (...roles: string[]) => {
      const names = roles.map((_, i) => `name${(i * 7) % 5}`);
      return { names, solution: Object.fromEntries(names.map((name, i) => [name, roles[i]])) };
    };
    const rows = [of('knight', 'knave'), of('knight', 'knave'), of('knave', 'knave'), of('knave', 'knight', 'knave')];
    const spec = flagship();
    assert.equal(constantBaseline(spec, rows), 0.75);
    assert.equal(constantBaseline(spec, []), null);
    assert.equal(constantBaseline(spec, [{ answer: 3 }]), null);
  });

  it('is compared with the most frequent answer of any task, and with none where no secret is read', () => {
    const number = { kind: 'number' } as const;
    const { rules } = flagship();
    const reads = (name: string) => ({
      captures: [],
      task: {
        name: 'jsonl',
        arguments: {},
        source: null,
        columns: ['answer', 'other'].map((each) => ({ name: each, type: number, secret: true, doc: '' })),
      },
      rules: rules.slice(0, 1).map((rule) => ({
        ...rule,
        cases: rule.cases.map((one) => ({ ...one, score: { kind: 'column' as const, name } })),
      })),
    });
    const rows = [1, 2, 2, 3].map((answer, other) => ({ answer, other }));
    assert.equal(constantBaseline(reads('answer'), rows), 0.5);
    assert.equal(constantBaseline(reads('other'), rows), 0.25);
    assert.equal(constantBaseline(reads('neither'), rows), null);
    assert.equal(constantBaseline(reads('answer'), [...rows, { other: 1 }]), null);
  });
});
