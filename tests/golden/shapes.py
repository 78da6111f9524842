#!/usr/bin/env python3
"""What every STIX object and Alertmanager alert among our wire formats must have: shapes.py WIRE

Our own reading of STIX 2.1 (sections 2.9, 3.1, 3.2, 4, 5, 6.1) and of Alertmanager's API v2, not the
schemas of those who made them, which schemas.py takes when they are at hand.
"""
import json
import pathlib
import re
import sys
import uuid

WIRE = pathlib.Path(sys.argv[1])
NAMESPACE = uuid.UUID('00abedb4-aa42-466c-9c01-fed23315a9b7')
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z')
ID = re.compile(r'([a-z0-9-]+)--([0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})')

# What an object of each type must have beside what all have, and what the id of an observable is made of.
NEEDED = {'identity': ['name'], 'indicator': ['pattern', 'pattern_type', 'valid_from'],
          'observed-data': ['first_observed', 'last_observed', 'number_observed', 'object_refs'],
          'sighting': ['sighting_of_ref'], 'marking-definition': ['created']}
MADE_OF = {'ipv4-addr': ['value'], 'ipv6-addr': ['value'], 'url': ['value'],
           'user-account': ['account_type', 'user_id', 'account_login'],
           'file': ['hashes', 'name', 'extensions', 'parent_directory_ref']}
CHOICE = {'pattern_type': {'stix', 'pcre', 'sigma', 'snort', 'suricata', 'yara'}, 'spec_version': {'2.1'}}

findings = []
checked = 0


# The markings of TLP 1 that STIX 2.1 itself defines (section 7.2.1.4): they need not be sent along.
PREDEFINED = {f'marking-definition--{one}' for one in (
    '613f2e26-407d-48c7-9eca-b8e91df99dc9', '34098fce-860f-48ae-8e50-ebd3cc5e41da',
    'f88d31f6-486f-44da-b317-01333bde0b82', '5e57c739-391a-4eb3-b6be-7d15ca92d5ed')}


def expect(good, where, what):
    if not good:
        findings.append(f'{where}: {what}')


def references(one):
    for key, value in one.items():
        if key.endswith('_ref'):
            yield value
        elif key.endswith('_refs'):
            yield from value


def stix(where, document):
    global checked
    enveloped = 'type' not in document
    if not enveloped:
        expect(document['type'] == 'bundle' and ID.fullmatch(document['id']), where, 'is no bundle')
        expect('spec_version' not in document, where, 'a bundle of 2.1 has no spec_version')
    ids = {one['id'] for one in document['objects']}
    expect(len(ids) == len(document['objects']), where, 'an id is there twice')
    for one in document['objects']:
        checked += 1
        kind, here = one['type'], f'{where} {one["type"]}'
        expect(kind in NEEDED or kind in MADE_OF, here, 'is a type that nothing is known of')
        named = ID.fullmatch(one['id'])
        expect(named and named[1] == kind, here, f'id {one["id"]}')
        for key in ['spec_version', *NEEDED.get(kind, [])]:
            expect(key in one, here, f'has no {key}')
        if kind in MADE_OF:
            made = {key: one[key] for key in MADE_OF[kind] if key in one}
            text = json.dumps(made, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
            expect(one['id'] == f'{kind}--{uuid.uuid5(NAMESPACE, text)}', here, 'its id is not made of its values')
        elif kind != 'marking-definition':
            expect({'created', 'modified'} <= one.keys() and one['created'] <= one['modified'], here, 'created, modified')
        for key, value in one.items():
            if key in CHOICE:
                expect(value in CHOICE[key], here, f'{key}: {value}')
            if key in ('created', 'modified', 'valid_from') or key.startswith(('first_', 'last_')):
                expect(TIME.fullmatch(value), here, f'{key}: {value}')
        for name in references(one):
            expect(name in ids or name in PREDEFINED, here, f'names {name}, which is not there')


def alertmanager(where, alerts):
    global checked
    for one in alerts:
        checked += 1
        expect(set(one) <= {'labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL'}, where, f'has {sorted(one)}')
        expect('alertname' in one['labels'], where, 'has no alertname')
        for texts in (one['labels'], one['annotations']):
            for key, value in texts.items():
                expect(re.fullmatch('[a-zA-Z_][a-zA-Z0-9_]*', key) and isinstance(value, str), where, f'{key}: {value}')
        for key in ('startsAt', 'endsAt'):
            expect(TIME.fullmatch(one[key]), where, f'{key}: {one[key]}')


for path in sorted(WIRE.glob('stix*')):
    stix(path.name, json.loads(path.read_text()))
for path in sorted(WIRE.glob('alertmanager*')):
    alertmanager(path.name, json.loads(path.read_text()))
print('\n'.join(findings) or f'{checked} objects have the shape they must have')
sys.exit(1 if findings or not checked else 0)
