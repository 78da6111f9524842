// Proofs that the ledger made (tests/unit/ledger/console_proofs_test.cpp keeps proofs.json so).
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {headOf, verify, type ProofJson} from '../../../daemon/console/src/proof';
import vectors from './proofs.json';

const proofs = vectors as (ProofJson & {alert: string})[];

test('every proof that the ledger makes is accepted', async () => {
  assert.ok(proofs.length > 50);
  for (const one of proofs) assert.equal(await verify(one, one.alert), 'verified', `${one.index} of ${one.tree_size}`);
});

test('nothing in a proof can be changed', async () => {
  const flip = (text: string) => (text.startsWith('0') ? '1' : '0') + text.slice(1);
  for (const one of proofs) {
    const where = `${one.index} of ${one.tree_size}`;
    assert.notEqual(await verify({...one, entry: one.entry!.replace('"schema":1', '"schema":2')}, one.alert), 'verified', where);
    assert.notEqual(await verify({...one, tree_size: one.tree_size + 1}, one.alert), 'verified', where);
    assert.notEqual(await verify({...one, index: one.index + 1}, one.alert), 'verified', where);
    assert.notEqual(await verify({...one, hashes: [...one.hashes!, one.leaf]}, one.alert), 'verified', where);
    for (let i = 0; i < one.hashes!.length; ++i) {
      assert.notEqual(await verify({...one, hashes: one.hashes!.with(i, flip(one.hashes![i]!))}, one.alert), 'verified', where);
      assert.notEqual(await verify({...one, hashes: one.hashes!.toSpliced(i, 1)}, one.alert), 'verified', where);
    }
    const [origin, size, root, ...rest] = one.checkpoint.split('\n');
    const other = proofs.find(two => two.root !== one.root)!.checkpoint.split('\n')[2]!;
    assert.notEqual(root, other);
    assert.equal(await verify({...one, checkpoint: [origin, size, other, ...rest].join('\n')}, one.alert), 'path_wrong', where);
  }
});

test('an entry about another alert proves nothing of this one', async () => {
  assert.equal(await verify(proofs[0]!, 'another'), 'entry_other');
  assert.equal(await verify({...proofs[0]!, entry: 'not JSON'}, proofs[0]!.alert), 'entry_other');
  assert.equal(await verify({...proofs[0]!, entry: ''}, proofs[0]!.alert), 'entry_missing');
});

test('without cryptography it is said that nothing was verified', async () => {
  assert.equal(await verify(proofs[0]!, proofs[0]!.alert, null as unknown as SubtleCrypto), 'unable');
});

test('a checkpoint is three lines, an empty one and signatures', () => {
  const [origin, size, root] = proofs[0]!.checkpoint.split('\n') as [string, string, string];
  assert.equal(headOf(proofs[0]!.checkpoint)!.root, proofs[0]!.root);
  for (const bad of ['', origin, `${origin}\n${size}`, `${origin}\n0${size}\n${root}\n\n`, `${origin}\n${size}\n${root.slice(1)}\n\n`, `\n${size}\n${root}\n\n`])
    assert.equal(headOf(bad), null, JSON.stringify(bad));
});
