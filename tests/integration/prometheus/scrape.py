#!/usr/bin/env python3
"""A real Prometheus scrapes a real daemon and evaluates the shipped rules: scrape.py BIN SOURCE.

Exit status 77 where Prometheus is not installed.
"""
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

SKIPPED = 77


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def ask(port, path):
    with urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=10) as reply:
        return json.load(reply)


def eventually(what, look, seconds=90):
    """What `look` answers once it is true; the test fails when it never is."""
    last = None
    for _ in range(seconds * 2):
        try:
            found = look()
            if found:
                return found
        except (OSError, ValueError, KeyError) as problem:
            last = problem
        time.sleep(0.5)
    sys.exit(f'FAILED: {what} ({last})')


def value(port, query):
    body = ask(port, '/api/v1/query?query=' + urllib.parse.quote(query))
    result = body['data']['result']
    return float(result[0]['value'][1]) if result else None


def main():
    binaries, source = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if not shutil.which('prometheus'):
        print('SKIPPED: prometheus is not installed')
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        metrics, web = free_port(), free_port()
        log = folder / 'access.log'
        log.write_text('')
        (folder / 'kentongan.toml').write_text(f'''
[daemon]
state_directory = "{folder}/state"
[rules]
paths = ["{source}/rules"]
[log.web]
path = "{log}"
format = "nginx"
[api]
listen = ""
metrics_listen = "127.0.0.1:{metrics}"
''')
        (folder / 'prometheus.yml').write_text(f'''
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{source}/packaging/prometheus/kentongan.rules.yml"]
scrape_configs:
  - job_name: kentongan
    static_configs: [{{targets: ["127.0.0.1:{metrics}"]}}]
''')
        running = []
        try:
            running.append(subprocess.Popen([binaries / 'kentongand', '--config', folder / 'kentongan.toml'],
                                            stderr=(folder / 'daemon.log').open('w')))
            running.append(subprocess.Popen(
                ['prometheus', f'--config.file={folder}/prometheus.yml', f'--storage.tsdb.path={folder}/data',
                 f'--web.listen-address=127.0.0.1:{web}'], stderr=(folder / 'prometheus.log').open('w')))
            eventually('the daemon is not scraped', lambda: value(web, 'up{job="kentongan"}') == 1)
            line = '198.51.100.7 - - [27/Nov/2024:14:00:00 +0700] "GET /x HTTP/1.1" 503 12 "-" "curl"\n'
            with log.open('a') as out:
                out.write(line * 25)
            eventually('the lines are not counted',
                       lambda: value(web, 'sum(kentongan_log_lines_total{source="log:web",result="parsed"})') == 25)
            eventually('no heartbeat comes through',
                       lambda: value(web, 'time() - kentongan_pipeline_heartbeat_timestamp_seconds{stage="store"} < 30'))

            def judged():
                rules = [r for g in ask(web, '/api/v1/rules')['data']['groups'] for r in g['rules']]
                broken = [f"{r['name']}: {r.get('lastError')}" for r in rules if r['health'] == 'err']
                if broken:
                    sys.exit('FAILED: ' + '; '.join(broken))
                return rules if rules and all(r['health'] == 'ok' for r in rules) else None
            rules = eventually('the rules are not evaluated', judged)
            firing = [r['name'] for r in rules if r.get('state') == 'firing']
            if firing:
                sys.exit(f'FAILED: a daemon that is well fires {firing}')
            running[0].send_signal(signal.SIGSTOP)
            eventually('a daemon that hangs is not noticed', lambda: value(web, 'up{job="kentongan"}') == 0)
            running[0].send_signal(signal.SIGCONT)
            print(f'{len(rules)} rules evaluated')
        finally:
            for process in reversed(running):
                process.send_signal(signal.SIGCONT)
                process.terminate()
            for process in running:
                process.wait(timeout=60)


main()
