import './browser';
import {test} from 'node:test';
import assert from 'node:assert/strict';
import {asValue, complete, fieldAt} from '../../../daemon/console/src/completion';

const NAMES = ['Many failed logins from one source', 'Login after guessing', 'Say "yes" * twice'];
const values = (field: string) => (field === 'rule.name' ? NAMES : field === 'rule.id' ? ['anomaly:flood'] : field === 'severity' ? ['low'] : []);
const at = (text: string) => complete(text, text.length, values);

test('fields and words are completed at the caret', () => {
  assert.deepEqual(at('sev').choices, ['severity']);
  assert.deepEqual(at('not rule.n'), {from: 4, until: 10, choices: ['rule.name']});
  assert.deepEqual(at('severity').choices, []);
  assert.equal(at('user').choices[0], 'user.name');
});

test('values come as the daemon counts them, then those that may be', () => {
  assert.equal(fieldAt('a : b and rule.name : ', 22), 'rule.name');
  assert.deepEqual(at('rule.name : ').choices, ['"Many failed logins from one source"', '"Login after guessing"', '"Say \\"yes\\" \\* twice"']);
  assert.deepEqual(at('severity >= ').choices, ['low', 'critical', 'high', 'medium', 'info']);
  assert.deepEqual(at('rule.id : ano'), {from: 10, until: 13, choices: ['anomaly:flood']});
  assert.deepEqual(at('rule.id : anomaly:fl').choices, ['anomaly:flood']);
  assert.deepEqual(at('source.ip : 10').choices, []);
});

test('words within an open quotation mark are found, wherever they stand in the value', () => {
  assert.deepEqual(at('rule.name : "login aft'), {from: 12, until: 22, choices: ['"Login after guessing"']});
  assert.deepEqual(at('rule.name : "failed log').choices, ['"Many failed logins from one source"']);
  assert.deepEqual(complete('rule.name : "login"', 18, values), {from: 12, until: 19, choices: ['"Login after guessing"', '"Many failed logins from one source"']});
});

test('a quoted word that nothing matches is left alone, and so is a finished one', () => {
  assert.deepEqual(at('rule.name : "nothing of it').choices, []);
  assert.deepEqual(at('rule.name : "Login after guessing"').choices, []);
});

test('a value is quoted where it would be read as something else', () => {
  assert.equal(asValue('sirekap:upload-stall'), 'sirekap:upload-stall');
  assert.equal(asValue('and'), '"and"');
  assert.equal(asValue('a(b)'), '"a(b)"');
});
