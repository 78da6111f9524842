import './browser';
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fullMoment, zoneOf} from '../../../daemon/console/src/format';

test('an area keeps the clock of its province', () => {
  const zones = (...codes: string[]) => codes.map(code => zoneOf(code).name);
  assert.deepEqual(zones('11', '317101', '3171011001001', '36', '61', '62', ''), Array(7).fill('WIB'));
  assert.deepEqual(zones('51', '5271', '53', '63', '64', '65', '71', '7371011001', '76'), Array(9).fill('WITA'));
  assert.deepEqual(zones('81', '82', '91', '9471', '96'), Array(5).fill('WIT'));
  assert.equal(zoneOf(undefined).name, 'WIB');
});

test('a moment is told with its year and zone, and in UTC', () => {
  const evening = new Date('2024-11-27T09:31:05Z');
  assert.deepEqual(fullMoment(evening, zoneOf('3171')), {local: '27 Nov 2024 16:31:05 WIB', utc: '09:31:05 UTC'});
  assert.deepEqual(fullMoment(evening, zoneOf('9171')), {local: '27 Nov 2024 18:31:05 WIT', utc: '09:31:05 UTC'});
  const night = new Date('2024-12-31T23:00:00Z');
  assert.deepEqual(fullMoment(night, zoneOf('5171')), {local: '01 Jan 2025 07:00:00 WITA', utc: '2024-12-31 23:00:00 UTC'});
});
