"""A real daemon whose log makes one alert of each line, none of them taken for a storm."""
import asyncio
import pathlib
import re
import socket
import subprocess
import time

TOKEN = 'a-token-of-the-benchmark-0123456789'
RULE = '''title: Probe
id: 5b0f1c1e-70a1-4c5b-9a53-0000000000aa
status: test
description: Each line of the benchmark.
author: Kentongan
date: 2026-01-01
logsource: {category: webserver}
detection:
  selection: {cs-uri-query|contains: probe}
  condition: selection
level: low
'''
ROUTING = '''agencies = ["kpu"]
owner = "kpu"
advisory = ["kpu"]

[class.default]
kpu = { tlp = "AMBER" }
'''


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Daemon:
    def __init__(self, binaries, folder):
        self.port = free_port()
        self.log = folder / 'access.log'
        self.log.write_text('')
        (folder / 'rules/routing').mkdir(parents=True)
        (folder / 'rules/routing/routing.toml').write_text(ROUTING)
        (folder / 'rules/probe.yml').write_text(RULE)
        (folder / 'token').write_text(TOKEN + '\n')
        (folder / 'token').chmod(0o600)
        (folder / 'kentongan.toml').write_text(f'''
[daemon]
state_directory = "{folder}/state"
[rules]
paths = ["{folder}/rules"]
[alerts]
storm_alerts = 0
[log.web]
path = "{self.log}"
format = "nginx"
[api]
listen = "127.0.0.1:{self.port}"
token_file = "{folder}/token"
requests_a_second = 10000
''')
        self.output = open(folder / 'out.log', 'wb')
        self.process = subprocess.Popen([binaries / 'kentongand', '--config', folder / 'kentongan.toml'],
                                        stdout=self.output, stderr=self.output)

    async def get(self, path):
        reader, writer = await asyncio.open_connection('127.0.0.1', self.port)
        writer.write(f'GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n'.encode())
        answer = await reader.read()
        writer.close()
        head, _, body = answer.partition(b'\r\n\r\n')
        return int(head.split(b' ', 2)[1]), body

    async def ready(self):
        while True:
            try:
                status, _ = await self.get('/-/ready')
                if status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise SystemExit(f'kentongand ended: {pathlib.Path(self.output.name).read_text()}')
            await asyncio.sleep(0.2)

    async def numbers(self):
        """Of /metrics: name -> sum; and the buckets of the latency."""
        _, body = await self.get('/metrics')
        sums, buckets = {}, {}
        for line in body.decode().splitlines():
            found = re.match(r'(kentongan_\w+)(\{[^}]*\})? (\S+)$', line)
            if not found:
                continue
            name, labels, value = found.group(1), found.group(2) or '', float(found.group(3))
            edge = re.search(r'le="([^"]+)"', labels)
            if edge and name == 'kentongan_detect_latency_seconds_bucket':
                buckets[edge.group(1)] = buckets.get(edge.group(1), 0) + value
            elif not edge:
                sums[name] = sums.get(name, 0) + value
        return sums, buckets

    def cpu(self):
        fields = pathlib.Path(f'/proc/{self.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


async def write_lines(daemon, rate, seconds, first=0):
    """A tenth of a second at a time, each line of another address; how many were written."""
    begun = time.monotonic()
    with open(daemon.log, 'a', encoding='ascii') as log:
        written = 0
        while True:
            passed = min(time.monotonic() - begun, seconds)
            due = int(passed * rate) - written
            stamp = time.strftime('%d/%b/%Y:%H:%M:%S +0000', time.gmtime())
            for n in range(first + written, first + written + due):
                log.write(f'10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255} - - [{stamp}] "GET /x?probe={n} HTTP/1.1" 200 12 "-" "bench"\n')
            log.flush()
            written += due
            if passed == seconds:
                return written
            await asyncio.sleep(0.1)
