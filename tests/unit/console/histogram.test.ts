import assert from 'node:assert/strict';
import {test} from 'node:test';
import {bucketsOf, within} from '../../../daemon/console/src/histogram';

const from = new Date('2024-11-27T06:00:00Z');
const to = new Date('2024-11-27T07:00:00Z');
const range = '@timestamp >= "2024-11-27T06:00:00.000Z" and @timestamp < "2024-11-27T07:00:00.000Z"';

test('a range of time holds for the whole question', () => {
  assert.equal(within('', from, to), range);
  assert.equal(within('severity >= high', from, to), `severity >= high and ${range}`);
  assert.equal(within('user : a or user : b', from, to), `(user : a or user : b) and ${range}`);
  assert.equal(within('(user : a) or (user : b)', from, to), `((user : a) or (user : b)) and ${range}`);
});

test('and takes the place of the one before', () => {
  for (const q of ['', 'severity >= high', 'user : a or user : b', '(user : a) or (user : b)']) {
    const once = within(q, new Date(0), to);
    assert.equal(within(once, from, to), within(q, from, to), q);
  }
});

test('a histogram has every step between its first bar and its last', () => {
  const body = {interval: '5m', bars: [{begin: '2024-11-27T06:15:00Z', count: 2}, {begin: '2024-11-27T06:00:00Z', count: 1}]};
  assert.deepEqual(bucketsOf(body).counts, [1, 0, 0, 2]);
  assert.equal(bucketsOf(body, Date.parse('2024-11-27T06:20:00Z') / 1000, 2).counts.join(), '2,0');
});
