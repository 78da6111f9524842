#!/usr/bin/env python3
"""An inbox of very many alerts: inbox.py BIN [--alerts N] [--rate N]

A real daemon stores ALERTS alerts; a browser reads all of them, scrolls, moves by key, groups, and
goes on while RATE new ones a second come in. One row for each: frames, the longest wait for one, the page's memory.
"""
import argparse
import asyncio
import pathlib
import signal
import tempfile

from daemon import TOKEN, Daemon, write_lines

LOOK = pathlib.Path(__file__).resolve().parents[2] / 'e2e/console/inbox.mjs'


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('bin', type=pathlib.Path)
    parser.add_argument('--alerts', type=int, default=200_000)
    parser.add_argument('--rate', type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        daemon = Daemon(options.bin.resolve(), pathlib.Path(name))
        try:
            await daemon.ready()
            written = 0
            while written < options.alerts:
                written += await write_lines(daemon, min(5000, options.alerts - written), 1, written)
            while (await daemon.numbers())[0].get('kentongan_alerts_total', 0) < written:
                await asyncio.sleep(0.5)
            browser = await asyncio.create_subprocess_exec('node', LOOK, f'http://127.0.0.1:{daemon.port}', TOKEN,
                                                           str(options.alerts), stdout=asyncio.subprocess.PIPE)
            coming = None
            while line := (await browser.stdout.readline()).decode():
                print(line, end='', flush=True)
                if 'grouped by rule' in line:  # The last row is of what it is like while more come.
                    coming = asyncio.create_task(write_lines(daemon, options.rate, 3600, written))
            if coming:
                coming.cancel()
            if await browser.wait():
                raise SystemExit('the browser failed')
        finally:
            daemon.process.send_signal(signal.SIGTERM)
            daemon.process.wait()


asyncio.run(main())
