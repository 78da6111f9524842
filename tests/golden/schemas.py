#!/usr/bin/env python3
"""Our wire formats against the schemas of those who made them: schemas.py WIRE

Checkouts of the schemas' repositories, each left out where its variable is not set:
STIX_SCHEMAS (oasis-open/cti-stix2-json-schemas), OCSF (ocsf/ocsf-schema), ECS (elastic/ecs),
SURICATA (OISF/suricata). Needs python3-jsonschema and python3-yaml. Exit status 77: nothing was checked.
"""
import json
import os
import pathlib
import sys
import warnings

WIRE = pathlib.Path(sys.argv[1])
findings = []
checked = []


def documents(name):
    for path in sorted(WIRE.glob(name + '*')):
        for line in path.read_text().splitlines():
            if line.startswith('{'):
                yield path.name, json.loads(line)


def against(schema, resolver, where, document):
    from jsonschema.validators import validator_for
    for error in validator_for(schema)(schema, resolver=resolver).iter_errors(document):
        findings.append(f'{where}: {"/".join(map(str, error.path))}: {error.message[:200]}')


def stix(folder):
    from jsonschema import RefResolver
    schemas = {path.stem: json.loads(path.read_text()) for path in (folder / 'schemas').rglob('*.json')}
    store = {schema['$id']: schema for schema in schemas.values()}
    for where, bundle in documents('stix'):
        # Each object by its own schema; the one of a bundle refers to a definition that is nowhere.
        for document in bundle['objects']:
            kind = document['type']
            if kind.startswith('x-'):
                continue
            if kind not in schemas:
                findings.append(f'{where}: STIX has no object {kind}')
                continue
            schema = schemas[kind]
            against(schema, RefResolver(schema['$id'], schema, store), f'{where} {kind}', document)
            checked.append(kind)


def suricata(folder):
    schema = json.loads((folder / 'etc/schema.json').read_text())
    for where, document in documents('eve'):
        against(schema, None, where, document)
        checked.append('eve')


def flat(document, before=''):
    for name, value in document.items():
        if isinstance(value, dict):
            yield from flat(value, before + name + '.')
        else:
            yield before + name, value


def ecs(folder):
    import yaml
    fields = yaml.safe_load((folder / 'generated/ecs/ecs_flat.yml').read_text())
    for where, document in documents('ecs'):
        checked.append('ecs')
        for name, value in flat(document):
            if name.startswith(('kentongan.', 'labels.')):
                continue  # our own name space, and one made for anything
            field = fields.get(name)
            if field is None:
                findings.append(f'{where}: ECS has no field {name}')
                continue
            allowed = {one['name'] for one in field.get('allowed_values', [])}
            values = value if isinstance(value, list) else [value]
            if isinstance(value, list) and 'array' not in field.get('normalize', []):
                findings.append(f'{where}: {name} is no list in ECS')
            if allowed and not allowed.issuperset(values):
                findings.append(f'{where}: {name}: {value} is none of {sorted(allowed)}')
            number = field['type'] in ('long', 'float', 'integer')
            if any(isinstance(one, (int, float)) != number for one in values):
                findings.append(f'{where}: {name}: {value} is no {field["type"]}')


class Ocsf:
    """A class or object with what it inherits, its types by the dictionary, and no profile but those an event names."""
    SCALARS = {'boolean_t': bool, 'integer_t': int, 'long_t': int, 'timestamp_t': int, 'port_t': int, 'float_t': (int, float)}

    def __init__(self, folder):
        self.folder = folder
        self.dictionary = json.loads((folder / 'dictionary.json').read_text())
        self.events, self.objects = ({one['name']: one for one in map(lambda path: json.loads(path.read_text()), (folder / name).rglob('*.json'))
                                      if 'name' in one} for name in ('events', 'objects'))

        # What its own tools add: numbers of classes, and of the types an observable can have.
        self.observables = {str(one['observable']) for kind in (self.dictionary['types']['attributes'], self.dictionary['attributes'], self.objects)
                            for one in kind.values() if 'observable' in one}
        self.categories = json.loads((folder / 'categories.json').read_text())['attributes']

    def profile(self, path):
        attributes = json.loads((self.folder / path).read_text()).get('attributes', {})
        return {key: {**value, 'profile': path} for key, value in attributes.items()}

    def event(self, name, document, where):
        one = self.events[name]
        category = self.categories[one.get('category') or self.events[one['extends']]['category']]['uid']
        number = category * 1000 + one['uid']
        wanted = {'category_uid': category, 'class_uid': number, 'type_uid': number * 100 + document.get('activity_id', 0)}
        for key, value in wanted.items():
            if document.get(key) != value:
                findings.append(f'{where}.{key}: {document.get(key)} is not {value}')
        self.check(name, {key: value for key, value in document.items() if key not in wanted}, where, self.events, wanted)

    def attributes(self, name, kinds):
        one = kinds[name]
        out = dict(self.attributes(one['extends'], kinds)) if 'extends' in one else {}
        for key, value in one.get('attributes', {}).items():
            if key == '$include':
                for path in [value] if isinstance(value, str) else value:
                    out.update(self.profile(path))
            else:
                out[key] = {**out.get(key, {}), **value}
        return out

    def check(self, name, document, where, kinds, elsewhere=()):
        known = self.attributes(name, kinds)
        for key, rule in known.items():
            if rule.get('requirement') == 'required' and not rule.get('profile') and key not in document and key not in elsewhere:
                findings.append(f'{where}: {name} must have {key}')
        for key, value in document.items():
            if key not in known:
                findings.append(f'{where}: {name} has no {key}')
                continue
            entry = {**self.dictionary['attributes'].get(key, {}), **known[key]}
            if name == 'observable' and key == 'type_id':
                entry['enum'] = {*entry['enum'], *self.observables}
            for one in value if entry.get('is_array') else [value]:
                self.value(entry, one, f'{where}.{key}')

    def value(self, entry, value, where):
        kind = entry.get('type', 'string_t')
        if 'enum' in entry and str(value) not in entry['enum']:
            findings.append(f'{where}: {value} is none of {sorted(entry["enum"])}')
        if kind in self.objects:
            if kind != 'object':  # which may hold anything
                self.check(kind, value, where, self.objects)
            return
        kind = kind if kind in self.SCALARS else self.dictionary['types']['attributes'].get(kind, {}).get('type', kind)
        if kind in self.SCALARS:
            if not isinstance(value, self.SCALARS[kind]) or (kind != 'boolean_t' and isinstance(value, bool)):
                findings.append(f'{where}: {value!r} is no {kind}')
        elif kind != 'json_t' and not isinstance(value, str):
            findings.append(f'{where}: {value!r} is no text')


def ocsf(folder):
    schema = Ocsf(folder)
    for where, document in documents('ocsf'):
        schema.event('detection_finding', document, where)
        checked.append('ocsf')


warnings.simplefilter('ignore', DeprecationWarning)
for variable, check in (('STIX_SCHEMAS', stix), ('SURICATA', suricata), ('ECS', ecs), ('OCSF', ocsf)):
    place = os.environ.get(variable)
    if place:
        check(pathlib.Path(place).resolve())
    else:
        print(f'SKIPPED: {variable} names no checkout')
for finding in findings:
    print(finding)
print(f'{len(checked)} documents checked, {len(findings)} findings')
sys.exit(1 if findings else 0 if checked else 77)
