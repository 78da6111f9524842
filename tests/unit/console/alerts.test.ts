import assert from 'node:assert/strict';
import {test} from 'node:test';
import {AlertList} from '../../../daemon/console/src/alerts';
import type {AlertJson} from '../../../daemon/console/src/types';

const alert = (id: string, revision = 1): AlertJson => ({
  '@timestamp': '2024-11-27T00:00:00Z', event: {id}, rule: {id: 'r', name: 'Rule', description: 'long'}, message: `about ${id}`,
  labels: {severity: 'high'}, kentongan: {revision, state: 'new', evidence: [{excerpt: 'x'.repeat(1000)}]},
});
const all = (...ids: string[]) => ids.map(id => alert(id));
const ids = (list: AlertList) => [...list].map(one => one.event.id).join('');

test('new ones come before, older ones behind, none twice', () => {
  const list = new AlertList(100);
  list.append(all('c', 'b'));
  assert.equal(list.prepend(all('c', 'd', 'e')), 2);
  list.append(all('b', 'a'));
  assert.equal(ids(list), 'edcba');
  assert.equal(list.get('a')!.rule, list.get('e')!.rule, 'what they have in common is there once');
  assert.equal(list.get('a')!.kentongan!.evidence, undefined, 'what no row shows is not kept');
});

test('an alert is brought up to date where it is', () => {
  const list = new AlertList(100);
  list.append(all('b', 'a'));
  const before = list.get('a');
  list.update([alert('a', 7), alert('z')]);
  assert.notEqual(list.get('a'), before, 'a part that is drawn by the object is drawn anew');
  assert.equal(list.at(1)!.kentongan!.revision, 7);
  assert.equal(ids(list), 'ba');
});

test('an alert that belongs here since comes in at its place', () => {
  const list = new AlertList(100);
  list.append(all('h', 'f', 'd', 'b'));
  list.merge(all('i', 'h', 'g', 'f', 'e'), false);
  assert.equal(ids(list), 'ihgfdb', 'what lies behind the last that is known waits for its page');
  list.merge(all('i', 'h', 'g', 'f', 'e', 'd', 'b', 'a'), true);
  assert.equal(ids(list), 'ihgfedba');
  const empty = new AlertList(100);
  empty.merge(all('b', 'a'), true);
  assert.equal(ids(empty), 'ba');
});

test('what has left comes back to where it was', () => {
  const list = new AlertList(100);
  list.append(all('e', 'd', 'c', 'b', 'a'));
  const left = list.remove(new Set(['d', 'b', 'x']));
  assert.deepEqual([...left], [['d', 1], ['b', 3]]);
  assert.equal(ids(list), 'eca');
  assert.equal(list.get('d'), undefined);
  for (const [id, at] of left) list.insert(alert(id), at);
  assert.equal(ids(list), 'edcba');
  list.insert(alert('d', 2), 0);
  assert.equal(ids(list), 'edcba', 'one that is there stays where it is');
});

test('the oldest make room', () => {
  const list = new AlertList(3);
  list.append(all('c', 'b', 'a'));
  list.prepend(all('d', 'e'));
  assert.equal(ids(list), 'edc');
  assert.equal(list.get('a'), undefined);
  list.append(all('b'));
  assert.equal(list.length, 3);
});

test('an id is found from any place', () => {
  const list = new AlertList(1000);
  list.append(Array.from({length: 500}, (_, i) => alert(`n${i}`)));
  for (const near of [0, 250, 499, 5000, -3]) {
    for (const at of [0, 1, 249, 498, 499]) assert.equal(list.indexOf(`n${at}`, near), at);
    assert.equal(list.indexOf('none', near), -1);
  }
});
