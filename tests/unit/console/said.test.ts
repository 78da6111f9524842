import './browser';
import {test} from 'node:test';
import assert from 'node:assert/strict';
import {blindness, said, unreadiness} from '../../../daemon/console/src/said';
import {language} from '../../../daemon/console/src/state';
import type {StatusJson} from '../../../daemon/console/src/types';

const sensor = {
  source: 'log:web', blind: ['reads 75 s behind', 'no file is open: missing, or we may not read it', 'a reason of tomorrow'],
  blind_codes: [{code: 'behind', value: 75.4}, {code: 'no_file'}, {code: 'tomorrow'}],
};
const status = {reasons: ['the store cannot commit: disk is full', 'stopping'], reason_codes: ['store', 'stopping']} as StatusJson;

test('in Indonesian by code, with its number, and in the daemon\'s words where there is none', () => {
  language.value = 'id';
  assert.equal(blindness(sensor), 'pembacaan tertinggal 75,4 dtk; tidak ada berkas yang terbuka: tidak ada, atau tidak boleh dibaca; a reason of tomorrow');
  assert.equal(said('blind', 'behind', 'reads 75 s behind'), 'reads 75 s behind', 'a number that is missing is not made up');
  assert.equal(said('scenario', undefined, 'Something else'), 'Something else');
  assert.equal(blindness({source: 'log:web', blind: ['of an older daemon']}), 'of an older daemon');
});

test('what the daemon adds after a colon stays', () => {
  language.value = 'id';
  assert.equal(unreadiness(status), 'penyimpanan tidak dapat menulis: disk is full; sedang berhenti');
  assert.equal(said('delivery', 'put_aside', 'message 7 was put aside: HTTP 410'), 'sebuah pesan disisihkan: HTTP 410');
});

test('in English as the daemon says it', () => {
  language.value = 'en';
  assert.equal(blindness(sensor), sensor.blind.join('; '));
  assert.equal(unreadiness(status), 'the store cannot commit: disk is full; stopping');
});
