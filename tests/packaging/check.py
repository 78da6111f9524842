#!/usr/bin/env python3
"""Checks what is shipped for Prometheus, Alertmanager and Grafana: check.py SOURCE_FOLDER WHAT.

WHAT is names (every metric named is one of ours, with its labels), dashboards (they are what their
generator writes), rules or routing (promtool and amtool agree; 77 where they are not installed).
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77


def documented(source):
    """Name -> labels, of the table in the metrics' reference."""
    out = {}
    for line in (source / 'daemon/metrics/README.md').read_text().splitlines():
        found = re.match(r'\| `(kentongan_\w+)` \| (\w+) \| ([^|]*) \|', line)
        if found:
            out[found[1]] = {label.strip() for label in found[3].split(',') if label.strip()}
            if found[2] == 'histogram':
                for end in ('_bucket', '_sum', '_count'):
                    out[found[1] + end] = out[found[1]] | {'le'}
    return out


def expressions(source):
    for file in sorted((source / 'packaging/prometheus').glob('*.rules.yml')):
        text = re.sub(r'#.*', '', file.read_text())
        for block in re.findall(r'expr:\s*(\|\n(?:\s{10,}.*\n)+|.*\n)', text):
            yield file.name, block
    for file in sorted((source / 'packaging/grafana').glob('*.json')):
        for panel in json.loads(file.read_text())['panels']:
            for one in panel['targets']:
                yield f'{file.name}: {panel["title"]}', one['expr']


def check_names(source):
    known, bad, seen = documented(source), [], 0
    for place, expression in expressions(source):
        for name, selector in re.findall(r'\b(kentongan_\w+)(?:\{([^}]*)\})?', expression):
            seen += 1
            if name not in known:
                bad.append(f'{place}: there is no metric {name}')
                continue
            for label in re.findall(r'(\w+)\s*(?:=~|!~|!=|=)', selector):
                if label not in known[name] | {'instance', 'job'}:
                    bad.append(f'{place}: {name} has no label {label}')
    if seen < 50:
        bad.append(f'only {seen} metrics were found in the files: is the pattern still right?')
    return bad


AGENCIES = ('kpu', 'bssn', 'polri', 'brin')
SILENCE = ('KentonganDown', 'KentonganHeartbeatStale', 'KentonganStoreFailing')


def told(prometheus, config, **labels):
    """Whom an alert with these labels reaches, by the routing: a name for each message."""
    asked = subprocess.run(['amtool', 'config', 'routes', 'test', '--config.file=alertmanager.example.yml',
                            *(f'{name}={value}' for name, value in labels.items())],
                           cwd=prometheus, capture_output=True, text=True, check=True)
    return sorted(name for receiver in asked.stdout.strip().split(',') for name in config[receiver])


def check_routing(source):
    """Each alert of the rules, and of those about deliveries one for each agency."""
    prometheus, bad = source / 'packaging/prometheus', []
    text = (prometheus / 'alertmanager.example.yml').read_text()
    config = {found[1]: re.findall(r'https://(\w+)\.example', found[2])
              for found in re.finditer(r'- name: (\S+)\n(.*?)(?=\n  - name|\Z)', text, re.S)}
    rules = (prometheus / 'kentongan.rules.yml').read_text()
    alerts = re.findall(r'- alert: (\w+)\n\s+expr: (.*)', rules)
    for name, expression in alerts:
        about_delivery = 'kentongan_delivery_' in expression
        for destination in AGENCIES if about_delivery else ('',):
            expected = AGENCIES if name in SILENCE else {'kpu', destination} - {''}
            labels = {'alertname': name, 'severity': 'critical', 'instance': 'a'} | ({'destination': destination} if destination else {})
            got = told(prometheus, config, **labels)
            if got != sorted(expected):
                bad.append(f'{name} {destination}: told to {got} and not to {sorted(expected)}')
    if len(alerts) < 20:
        bad.append(f'only {len(alerts)} alerts were found in the rules: is the pattern still right?')
    return bad


def run(*command, folder):
    if not shutil.which(command[0]):
        print(f'SKIPPED: {command[0]} is not installed')
        sys.exit(SKIPPED)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return [] if done.returncode == 0 else [f'{" ".join(command)}:\n{done.stdout}{done.stderr}']


def main():
    source, what = pathlib.Path(sys.argv[1]), sys.argv[2]
    prometheus = source / 'packaging/prometheus'
    if what == 'names':
        bad = check_names(source)
    elif what == 'dashboards':
        bad = run('python3', 'generate.py', '--check', folder=source / 'packaging/grafana')
    elif what == 'rules':
        bad = run('promtool', 'check', 'rules', 'kentongan.rules.yml', folder=prometheus)
        bad += run('promtool', 'test', 'rules', 'kentongan.rules.test.yml', folder=prometheus)
        bad += run('promtool', 'check', 'config', '--syntax-only', 'scrape.example.yml', folder=prometheus)
    else:
        bad = run('amtool', 'check-config', 'alertmanager.example.yml', folder=prometheus) or check_routing(source)
    print('\n'.join(bad) or 'good')
    sys.exit(1 if bad else 0)


main()
