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
        bad = run('amtool', 'check-config', 'alertmanager.example.yml', folder=prometheus)
    print('\n'.join(bad) or 'good')
    sys.exit(1 if bad else 0)


main()
