#!/usr/bin/env python3
"""What people who look cost those who are looked after: run.py BIN [--rate N] [--seconds N] [--tails N] [--queries N]

A real daemon reads a log of which every line is an alert, RATE of them a second and none of them
taken for a storm: first alone, then, from the start again, with live tails (a tenth of which read only a little) and
questions at its API. One row each. Exit status 1 when looking cost alerts: more dropped than without, or one missing, or
no tail told that it lags
after far more alerts than one may be behind.
"""
import argparse
import asyncio
import json
import pathlib
import signal
import socket
import tempfile
import time
import urllib.parse

from daemon import TOKEN, Daemon, write_lines

MOST_BEHIND = 10_000  # alerts, after which a tail goes on from the newest (TailFeed::kMostBehind)
QUESTIONS = ['alerts?limit=50', 'alerts/count?by=severity', 'alerts?limit=50&q=' + urllib.parse.quote('severity >= high'),
             'status', 'deliveries', 'alerts/histogram?interval=1m', 'sensors',
             'alerts?limit=20&q=' + urllib.parse.quote('source.ip : 10.1.2.0/24')]


async def tail(daemon, slow, seen):
    connection = socket.socket()
    if slow:  # or the system would read ahead for it, megabytes of it
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
    connection.connect(('127.0.0.1', daemon.port))
    connection.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=connection, limit=1 << 14 if slow else 1 << 20)
    writer.write(f'GET /api/v1/alerts/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n'.encode())
    try:
        while piece := await reader.read(4096 if slow else 1 << 20):
            seen['bytes'] += len(piece)
            seen['alerts'] += piece.count(b'event: alert\n')
            if slow:
                await asyncio.sleep(0.5)
    finally:
        writer.close()


async def question(daemon, target, times, refused):
    begun = time.monotonic()
    status, _ = await daemon.get('/api/v1/' + target)
    times.append(time.monotonic() - begun)
    if status != 200:
        refused[status] = refused.get(status, 0) + 1


async def ask(daemon, rate, times, refused):
    begun, asked, running = time.monotonic(), 0, set()
    try:
        while True:
            while asked < (time.monotonic() - begun) * rate:
                task = asyncio.create_task(question(daemon, QUESTIONS[asked % len(QUESTIONS)], times, refused))
                running.add(task)
                task.add_done_callback(running.discard)
                asked += 1
            await asyncio.sleep(0.02)
    finally:
        await asyncio.gather(*running, return_exceptions=True)


def share(buckets, part):
    """The edge below which `part` of them lie."""
    edges = sorted((float(edge.replace('+Inf', 'inf')), count) for edge, count in buckets.items())
    total = edges[-1][1] if edges else 0
    return next((edge for edge, count in edges if total and count >= part * total), 0)


async def phase(daemon, options, looked_at):
    seen, times, refused, tasks = {'bytes': 0, 'alerts': 0}, [], {}, []
    if looked_at:
        tasks = [asyncio.create_task(tail(daemon, i % 10 == 0, seen)) for i in range(options.tails)]
        tasks.append(asyncio.create_task(ask(daemon, options.queries, times, refused)))
        await asyncio.sleep(1)
    before, edges_before = await daemon.numbers()
    cpu = daemon.cpu()
    written = await write_lines(daemon, options.rate, options.seconds)
    drained = time.monotonic()
    while True:
        after, edges = await daemon.numbers()
        raised = after.get('kentongan_alerts_total', 0) - before.get('kentongan_alerts_total', 0)
        if raised >= written or time.monotonic() - drained > 60:
            break
        await asyncio.sleep(0.2)
    drained = time.monotonic() - drained
    cpu = daemon.cpu() - cpu
    lagged = 'kentongan_live_tails_lagged_total'
    waited = time.monotonic()
    while looked_at and written > 2 * MOST_BEHIND and after.get(lagged, 0) == before.get(lagged, 0):
        if time.monotonic() - waited > 60:
            break
        await asyncio.sleep(0.5)  # they hear of it when they have been given what was read before
        after, _ = await daemon.numbers()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    latency = {edge: count - edges_before.get(edge, 0) for edge, count in edges.items()}
    grown = lambda name: after.get(name, 0) - before.get(name, 0)
    row = {'looked_at': looked_at, 'lines': written, 'lines_a_second': round(written / options.seconds), 'alerts': int(raised),
           'dropped': int(grown('kentongan_pipeline_dropped_total')), 'seconds_until_all_was_stored': round(drained, 1),
           'latency_mean_s': round(grown('kentongan_detect_latency_seconds_sum') / max(1, grown('kentongan_detect_latency_seconds_count')), 3),
           'latency_p50_s': share(latency, .5), 'latency_p99_s': share(latency, .99), 'cpu_s': round(cpu, 1)}
    if looked_at:
        times.sort()
        row |= {'tails': options.tails, 'alerts_to_tails': seen['alerts'], 'tail_MB': round(seen['bytes'] / 1e6), 'told_lagged': int(grown('kentongan_live_tails_lagged_total')),
                'queries': len(times), 'refused': refused, 'query_p50_ms': round(1000 * times[len(times) // 2]) if times else None,
                'query_p99_ms': round(1000 * times[int(len(times) * .99)]) if times else None}
    print(json.dumps(row), flush=True)
    return row


def faults(alone, watched):
    """What must not be, whatever the machine."""
    if watched['dropped'] > alone['dropped']:
        yield f"{watched['dropped']} items were dropped with watchers and {alone['dropped']} without"
    if watched['lines'] - watched['alerts'] > alone['lines'] - alone['alerts']:
        yield f"{watched['lines'] - watched['alerts']} alerts are missing with watchers"
    if watched['tails'] and watched['alerts'] > 2 * MOST_BEHIND and watched['told_lagged'] == 0:
        yield 'no tail was told that it lags'


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('bin', type=pathlib.Path)
    parser.add_argument('--rate', type=int, default=5000)
    parser.add_argument('--seconds', type=float, default=20)
    parser.add_argument('--tails', type=int, default=200)
    parser.add_argument('--queries', type=float, default=50)
    options = parser.parse_args()
    rows = []
    for looked_at in (False, True):
        with tempfile.TemporaryDirectory() as name:
            daemon = Daemon(options.bin.resolve(), pathlib.Path(name))
            try:
                await daemon.ready()
                rows.append(await phase(daemon, options, looked_at))
            finally:
                daemon.process.send_signal(signal.SIGTERM)
                daemon.process.wait()
    wrong = list(faults(*rows))
    if wrong:
        raise SystemExit('tails: ' + '; '.join(wrong))


asyncio.run(main())
