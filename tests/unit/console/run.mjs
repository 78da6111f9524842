// Runs the tests of the console's parts that need no browser: node run.mjs CONSOLE [NAME]…
import {readdirSync, mkdtempSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const home = resolve(process.argv[2]);
const {build} = createRequire(join(home, 'package.json'))('esbuild');
const out = mkdtempSync(join(tmpdir(), 'kentongan-console-unit-'));
const wanted = process.argv.slice(3);
const names = readdirSync(here).filter(name => name.endsWith('.test.ts') && (!wanted.length || wanted.includes(name.slice(0, -8))));
await build({
  entryPoints: names.map(name => join(here, name)), outdir: out, outExtension: {'.js': '.mjs'}, bundle: true, platform: 'node', format: 'esm',
  target: 'es2022', nodePaths: [join(home, 'node_modules')], jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning',
});
const ended = spawnSync(process.execPath, ['--test', out], {stdio: 'inherit'});
rmSync(out, {recursive: true, force: true});
process.exit(ended.status ?? 1);
