#!/usr/bin/env python3
"""Writes the dashboards beside this file, so that what they have in common is said once.

python3 generate.py [--check]: with --check nothing is written, and a dashboard that differs is named.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
SEVERITY = {'critical': '#FF6B6B', 'high': '#FF9F40', 'medium': '#F2C94C', 'low': '#6CB8FF', 'info': '#A9B4C2'}
SOURCE = {'type': 'prometheus', 'uid': '${datasource}'}


def target(expression, legend=''):
    return {'datasource': SOURCE, 'expr': expression, 'legendFormat': legend or '__auto', 'refId': 'A'}


def panel(kind, title, expressions, unit='short', description='', steps=None, colours=None, options=None):
    if isinstance(expressions, str):
        expressions = [(expressions, '')]
    targets = [dict(target(e, l), refId=chr(65 + i)) for i, (e, l) in enumerate(expressions)]
    thresholds = [{'color': '#4FD1C5', 'value': None}] + [{'color': c, 'value': v} for v, c in steps or []]
    overrides = [{'matcher': {'id': 'byName', 'options': name}, 'properties': [
        {'id': 'color', 'value': {'mode': 'fixed', 'fixedColor': colour}}]} for name, colour in (colours or {}).items()]
    return {'type': kind, 'title': title, 'description': description, 'datasource': SOURCE, 'targets': targets,
            'fieldConfig': {'defaults': {'unit': unit, 'thresholds': {'mode': 'absolute', 'steps': thresholds},
                                         **({'color': {'mode': 'thresholds'}} if kind in ('stat', 'gauge', 'bargauge') else {})},
                            'overrides': overrides},
            'options': options or {}}


def stat(title, expression, **more):
    return panel('stat', title, expression, options={'reduceOptions': {'calcs': ['lastNotNull']}, 'textMode': 'auto'}, **more)


def lines(title, expressions, **more):
    return panel('timeseries', title, expressions, **more)


def table(title, expression, **more):
    made = panel('table', title, expression, **more)
    for one in made['targets']:
        one.update(format='table', instant=True)
    return made


def dashboard(uid, title, rows):
    panels, y = [], 0
    for height, row in rows:
        width, x = 24 // len(row), 0
        for one in row:
            panels.append(dict(one, id=len(panels) + 1, gridPos={'h': height, 'w': width, 'x': x, 'y': y}))
            x += width
        y += height
    return {'uid': uid, 'title': title, 'tags': ['kentongan'], 'timezone': 'browser', 'schemaVersion': 37, 'version': 1,
            'refresh': '15s', 'time': {'from': 'now-3h', 'to': 'now'}, 'editable': True, 'panels': panels,
            'links': [{'type': 'dashboards', 'tags': ['kentongan'], 'asDropdown': True, 'title': 'Kentongan'}],
            'templating': {'list': [
                {'name': 'datasource', 'type': 'datasource', 'query': 'prometheus', 'label': 'Prometheus'},
                {'name': 'instance', 'type': 'query', 'datasource': SOURCE, 'query': 'label_values(kentongan_build_info, instance)',
                 'multi': True, 'includeAll': True, 'refresh': 2, 'label': 'Sensor'}]}}


I = 'instance=~"$instance"'

DASHBOARDS = {
    'overview': dashboard('kentongan-overview', 'Kentongan: overview', [
        (4, [stat('Heartbeat age', f'time() - min(kentongan_pipeline_heartbeat_timestamp_seconds{{{I},stage="store"}})', unit='s', steps=[(30, '#F2C94C'), (60, '#FF6B6B')],
                  description='How long ago a heartbeat last went through every stage into the store.'),
             stat('Store failing', f'max(kentongan_store_failing{{{I}}})', steps=[(1, '#FF6B6B')]),
             stat('Items dropped, 1 h', f'sum(increase(kentongan_pipeline_dropped_total{{{I}}}[1h]))', steps=[(1, '#FF6B6B')], description='Must stay 0.'),
             stat('Oldest unacknowledged', f'max((time() - kentongan_delivery_oldest_unacked_timestamp_seconds{{{I}}}) and kentongan_delivery_oldest_unacked_timestamp_seconds{{{I}}} > 0) or vector(0)', unit='s', steps=[(60, '#F2C94C'), (120, '#FF6B6B')]),
             stat('Uploads', f'sum(kentongan_uploads_received_total{{{I}}}) / sum(kentongan_uploads_expected{{{I}}})', unit='percentunit'),
             stat('Ledger entries', f'sum(kentongan_evidence_log_size_entries{{{I}}})')]),
        (8, [lines('Alerts per hour', [(f'sum by (severity) (rate(kentongan_alerts_total{{{I}}}[10m])) * 3600', '{{severity}}')], colours=SEVERITY),
             lines('Events per second', [(f'sum by (source) (rate(kentongan_events_total{{{I}}}[1m]))', '{{source}}')], unit='ops')]),
        (8, [lines('From event to commit', [(f'histogram_quantile(0.5, sum by (le) (rate(kentongan_detect_latency_seconds_bucket{{{I}}}[5m])))', 'median'),
                                            (f'histogram_quantile(0.99, sum by (le) (rate(kentongan_detect_latency_seconds_bucket{{{I}}}[5m])))', '99 %')], unit='s'),
             lines('Waiting before each stage', [(f'sum by (stage) (kentongan_pipeline_queue_items{{{I}}})', '{{stage}}')]),
             lines('Errors of watched services', [(f'sum by (source) (rate(kentongan_service_requests_total{{{I},outcome="server_error"}}[5m])) / clamp_min(sum by (source) (rate(kentongan_service_requests_total{{{I}}}[5m])), 0.001)', '{{source}}')], unit='percentunit')]),
        (7, [table('Versions', f'kentongan_build_info{{{I}}}'), table('Rules', f'kentongan_rules_loaded{{{I}}}'), table('Rule files', f'kentongan_rule_bundle_info{{{I}}}', description='The digest is the one in the ledger; hosts should have the same.'), table('Phase of the election', f'kentongan_election_phase{{{I}}} == 1')]),
    ]),
    'detection': dashboard('kentongan-detection', 'Kentongan: detection', [
        (8, [lines('Alerts per hour by engine', [(f'sum by (engine) (rate(kentongan_alerts_total{{{I}}}[10m])) * 3600', '{{engine}}')]),
             lines('Alerts nobody has closed', [(f'sum by (severity) (kentongan_alerts_open{{{I}}})', '{{severity}}')], colours=SEVERITY)]),
        (8, [table('Busiest rules, 1 h', f'topk(20, sum by (engine, rule) (increase(kentongan_rule_findings_total{{{I}}}[1h])))'),
             lines('Kept from people', [(f'sum by (reason) (rate(kentongan_alerts_suppressed_total{{{I}}}[10m])) * 3600', 'suppressed: {{reason}}'),
                                        (f'sum (rate(kentongan_alerts_grouped_total{{{I}}}[10m])) * 3600', 'in storms')], description='Alerts per hour that were stored and not told one by one.')]),
        (8, [lines('What detectors forgot', [(f'sum by (detector) (rate(kentongan_detector_evicted_total{{{I}}}[5m]))', '{{detector}}')], description='Entries pushed out of full tables.'),
             lines('Entries in detectors', [(f'sum by (detector) (kentongan_detector_entries{{{I}}})', '{{detector}}')]),
             lines('Not scanned by YARA', [(f'sum by (reason) (rate(kentongan_yara_skipped_total{{{I}}}[5m]))', '{{reason}}')])]),
        (8, [lines('Sigma conditions evaluated per second', [(f'sum (rate(kentongan_detector_counts_total{{{I},what="candidates"}}[1m]))', 'conditions')], unit='ops'),
             lines('One event against an engine, 99 %', [(f'histogram_quantile(0.99, sum by (le, engine) (rate(kentongan_rule_eval_seconds_bucket{{{I}}}[5m])))', '{{engine}}')], unit='s', description='Of every 256th event of a source.'),
             lines('Files checked', [(f'sum by (tree) (kentongan_fim_files_watched{{{I}}})', '{{tree}}')]),
             lines('Files that could not be read', [(f'sum by (reason) (rate(kentongan_fim_errors_total{{{I}}}[10m]))', '{{reason}}'),
                                                   (f'sum by (reason) (rate(kentongan_fim_events_lost_total{{{I}}}[10m]))', 'changes lost: {{reason}}')])]),
    ]),
    'coverage': dashboard('kentongan-coverage', 'Kentongan: Sirekap coverage', [
        (5, [stat('TPS with an upload', f'sum(kentongan_uploads_received_total{{{I}}})'),
             stat('TPS expected', f'sum(kentongan_uploads_expected{{{I}}})'),
             stat('Share', f'sum(kentongan_uploads_received_total{{{I}}}) / sum(kentongan_uploads_expected{{{I}}})', unit='percentunit'),
             stat('Forecast for the target time', f'min(kentongan_uploads_forecast_ratio{{{I}}})', unit='percentunit')]),
        (10, [lines('Share of TPS with an upload', [(f'sum by (province) (kentongan_uploads_received_total{{{I}}}) / sum by (province) (kentongan_uploads_expected{{{I}}})', 'province {{province}}')], unit='percentunit')]),
        (8, [lines('First uploads per minute', [(f'sum by (province) (rate(kentongan_uploads_received_total{{{I}}}[5m])) * 60', 'province {{province}}')]),
             lines('Forms complete', [(f'sum by (province) (kentongan_uploads_complete_total{{{I}}})', 'province {{province}}')]),
             lines('Pages sent again, per minute', [(f'sum by (province) (rate(kentongan_uploads_repeated_total{{{I}}}[5m])) * 60', 'province {{province}}')])]),
        (8, [lines('Requests per second to watched services', [(f'sum by (source, outcome) (rate(kentongan_service_requests_total{{{I}}}[1m]))', '{{source}} {{outcome}}')], unit='ops'),
             lines('95th percentile of answers', [(f'kentongan_service_latency_seconds{{{I}}}', '{{source}}')], unit='s'),
             lines('Published files asked for', [(f'sum by (outcome) (rate(kentongan_published_fetches_total{{{I}}}[5m]))', '{{outcome}}')])]),
    ]),
    'delivery': dashboard('kentongan-delivery', 'Kentongan: delivery and evidence', [
        (8, [lines('Waiting for acknowledgement', [(f'sum by (destination) (kentongan_delivery_pending{{{I}}})', '{{destination}}')]),
             lines('Attempts per minute', [(f'sum by (destination, outcome) (rate(kentongan_delivery_attempts_total{{{I}}}[5m])) * 60', '{{destination}} {{outcome}}')])]),
        (8, [lines('From commit to acknowledgement, 99 %', [(f'histogram_quantile(0.99, sum by (le, destination) (rate(kentongan_delivery_latency_seconds_bucket{{{I}}}[5m])))', '{{destination}}')], unit='s'),
             lines('Age of the last acknowledged sign of life', [(f'time() - kentongan_delivery_heartbeat_timestamp_seconds{{{I}}} and kentongan_delivery_heartbeat_timestamp_seconds{{{I}}} > 0', '{{destination}}')], unit='s')]),
        (8, [lines('Ledger', [(f'kentongan_evidence_log_size_entries{{{I}}}', 'published'), (f'kentongan_evidence_waiting_entries{{{I}}}', 'waiting')]),
             lines('Age of co-signatures', [(f'time() - kentongan_evidence_last_cosign_timestamp_seconds{{{I}}} and kentongan_evidence_last_cosign_timestamp_seconds{{{I}}} > 0', '{{witness}}'),
                                           (f'time() - kentongan_evidence_last_checkpoint_timestamp_seconds{{{I}}} and kentongan_evidence_last_checkpoint_timestamp_seconds{{{I}}} > 0', 'own checkpoint')], unit='s'),
             lines('Time of a commit, 99 %', [(f'histogram_quantile(0.99, sum by (le) (rate(kentongan_store_commit_seconds_bucket{{{I}}}[5m])))', 'commit'),
                                               (f'histogram_quantile(0.99, sum by (le) (rate(kentongan_spool_fsync_seconds_bucket{{{I}}}[5m])))', 'checkpoint of the ledger')], unit='s')]),
        (7, [lines('Database and room for it', [(f'kentongan_spool_bytes{{{I}}}', 'database'), (f'kentongan_spool_free_bytes{{{I}}}', 'free')], unit='bytes'),
             lines('Alerts stored', [(f'kentongan_hub_committed_sequence{{{I}}}', '{{sensor}}')]),
             lines('Age of the oldest message', [(f'(time() - kentongan_spool_oldest_timestamp_seconds{{{I}}}) and kentongan_spool_oldest_timestamp_seconds{{{I}}} > 0', 'oldest')], unit='s')]),
    ]),
    'capture': dashboard('kentongan-capture', 'Kentongan: capture and log health', [
        (8, [lines('Packets per second', [(f'sum by (interface) (rate(kentongan_capture_packets_total{{{I}}}[1m]))', '{{interface}}')], unit='pps'),
             lines('Traffic', [(f'sum by (interface) (rate(kentongan_capture_bytes_total{{{I}}}[1m])) * 8', '{{interface}}')], unit='bps'),
             lines('Dropped per second', [(f'sum by (interface) (rate(kentongan_capture_kernel_drops_total{{{I}}}[1m]))', '{{interface}} kernel'),
                                          (f'sum by (interface) (rate(kentongan_capture_nic_drops_total{{{I}}}[1m]))', '{{interface}} interface')], unit='pps')]),
        (8, [lines('Connections followed', [(f'sum by (interface) (kentongan_flows{{{I}}})', '{{interface}}')]),
             lines('Pushed out of full tables', [(f'sum by (interface) (rate(kentongan_flows_evicted_total{{{I}}}[1m]))', 'flows {{interface}}'),
                                                (f'sum by (protocol) (rate(kentongan_dissector_evicted_total{{{I}}}[1m]))', '{{protocol}}')]),
             lines('Not decoded, by layer', [(f'sum by (layer) (rate(kentongan_decode_errors_total{{{I}}}[1m]))', '{{layer}}')])]),
        (8, [lines('Stream bytes missed', [(f'sum (rate(kentongan_stream_gap_bytes_total{{{I}}}[1m]))', 'gaps')], unit='Bps'),
             lines('Rolling capture on disk', [(f'sum by (interface) (kentongan_capture_ring_bytes{{{I}}})', '{{interface}}')], unit='bytes'),
             lines('Not written to it', [(f'sum by (interface, reason) (rate(kentongan_capture_ring_shed_packets_total{{{I}}}[1m]))', '{{interface}} {{reason}}')], unit='pps')]),
        (8, [lines('Log lines per second', [(f'sum by (source, result) (rate(kentongan_log_lines_total{{{I}}}[1m]))', '{{source}} {{result}}')], unit='ops'),
             lines('Logs read late', [(f'kentongan_log_lag_seconds{{{I}}}', '{{source}}')], unit='s'),
             lines('Logs not readable', [(f'kentongan_log_open{{{I}}} == 0', '{{source}}')])]),
        (7, [lines('Since a source last gave something', [(f'time() - kentongan_sensor_last_seen_timestamp_seconds{{{I}}} and kentongan_sensor_last_seen_timestamp_seconds{{{I}}} > 0', '{{sensor}}')], unit='s'),
             lines('Our clock less a peer\'s', [(f'kentongan_clock_offset_seconds{{{I}}}', '{{peer}}')], unit='s')]),
    ]),
}


def main():
    check = '--check' in sys.argv[1:]
    wrong = []
    for name, made in DASHBOARDS.items():
        file = HERE / f'{name}.json'
        text = json.dumps(made, indent=1, ensure_ascii=False) + '\n'
        if check and (not file.exists() or file.read_text() != text):
            wrong.append(file.name)
        elif not check:
            file.write_text(text)
    if wrong:
        sys.exit(f'{", ".join(wrong)}: not what generate.py writes; run it')


main()
