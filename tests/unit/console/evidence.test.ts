import assert from 'node:assert/strict';
import {test} from 'node:test';
import {changeOf, exchangeOf, stringsFound} from '../../../daemon/console/src/evidence';

const of = (excerpt: string, kind = 'log') => exchangeOf({kind, excerpt});

test('a line of an access log is an exchange', () => {
  const line = '203.0.113.66 - ani [27/Nov/2024:15:00:00 +0700] "GET /hasil?id=1\'+UNION HTTP/1.1" 200 512 "https://x/" "sqlmap/1.8 \\"quoted\\""';
  assert.deepEqual(of(line), {
    client: '203.0.113.66', user: 'ani', method: 'GET', target: "/hasil?id=1'+UNION", version: 'HTTP/1.1', status: '200', size: '512',
    referrer: 'https://x/', agent: 'sqlmap/1.8 \\"quoted\\"',
  });
  assert.deepEqual(of('10.0.0.1 - - [27/Nov/2024:15:00:00 +0700] "POST /a HTTP/2.0" 404 -'),
    {client: '10.0.0.1', method: 'POST', target: '/a', version: 'HTTP/2.0', status: '404'});
});

test('a head from the wire is one, with headers and body', () => {
  assert.deepEqual(of('POST /upload HTTP/1.1\r\nHost: hasil.kpu.go.id\r\nUser-Agent: curl/8\r\nX-A: 1\r\n\r\nid=1\r\n\r\nrest', 'packet'), {
    method: 'POST', target: '/upload', version: 'HTTP/1.1', host: 'hasil.kpu.go.id', agent: 'curl/8', headers: ['X-A: 1'], body: 'id=1\n\nrest',
  });
});

test('so are records of Suricata, of Zeek, and of our own, whole or cut', () => {
  assert.deepEqual(of('{"event_type":"http","src_ip":"203.0.113.10","http":{"hostname":"h","url":"/?id=1","http_user_agent":"curl/8.0","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":12}}'),
    {client: '203.0.113.10', method: 'GET', target: '/?id=1', version: 'HTTP/1.1', host: 'h', status: '200', size: '12', agent: 'curl/8.0'});
  assert.equal(of('{"ts":1,"id.orig_h":"10.0.0.1","method":"GET","host":"h","uri":"/x","status_code":403}')?.status, '403');
  assert.deepEqual(of('{"@timestamp":"2024-11-27T06:00:00.000Z","kind":"web","source.ip":"10.0.0.1","http.request.method":"PUT","url.original":"/y","user_agent.original":"a b…'),
    {client: '10.0.0.1', method: 'PUT', target: '/y'});
});

test('what is no exchange is none', () => {
  for (const other of ['', 'Nov 27 15:00:00 h sshd[1]: Failed password', '{"event_type":"dns","dns":{"id":7}}', '{"method":"GET"', '{}', 'rule x: $a at 0x0'])
    assert.equal(of(other), null, other);
});

const changed = '{"@timestamp":"2024-11-27T06:00:00.000Z","kind":"file","event.action":"modified","file.tree":"web","file.path":"/var/www/a.php","file.mode":"0777","file.size":27,' +
  '"file.owner":"root","file.hash.sha256":"bb","file.changes":["content","mode"],"file.previous.hash.sha256":"aa","file.previous.mode":"0644"}';

test('a changed file has a before and an after', () => {
  assert.deepEqual(changeOf({kind: 'file', excerpt: changed}), {
    path: '/var/www/a.php', action: 'modified', parts: [
      {name: 'hash', before: 'aa', after: 'bb', changed: true}, {name: 'size', before: '27', after: '27', changed: false},
      {name: 'mode', before: '0644', after: '0777', changed: true}, {name: 'owner', before: 'root', after: 'root', changed: false},
    ],
  });
});

test('a new one had nothing before, a removed one has nothing after', () => {
  const made = changeOf({kind: 'file', excerpt: changed.replace('modified', 'created')})!;
  assert.ok(made.parts.every(part => part.before === undefined && part.after !== undefined));
  const gone = changeOf({kind: 'file', excerpt: changed.replace('modified', 'removed')})!;
  assert.ok(gone.parts.every(part => part.before !== undefined && part.after === undefined));
});

test('what is no change of a file is none, and one that was cut says what it can', () => {
  assert.equal(changeOf({kind: 'file', excerpt: 'rule eicar: $eicar at 0x0'}), null);
  assert.equal(changeOf({kind: 'log', excerpt: changed}), null);
  assert.equal(changeOf({kind: 'file', excerpt: changed.slice(0, -25)})!.parts[0]!.before, 'aa');
});

test('the strings that YARA found are known by name', () => {
  assert.deepEqual([...stringsFound(['rule webshell_php: $open at 0x0, $direct at 0x5', 'GET $x at 0x1'])], ['$open', '$direct']);
});
