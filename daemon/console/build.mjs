// Builds the console into the folder named by the first argument (default dist/): one page, one
// program, one style sheet and the icon, and their sizes as a browser would fetch them.
import {build} from 'esbuild';
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, gzipSync} from 'node:zlib';

const home = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(home, 'dist');
mkdirSync(out, {recursive: true});

await build({
  entryPoints: [join(home, 'src/main.tsx')],
  outfile: join(out, 'console.js'),
  bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none',
  jsx: 'automatic', jsxImportSource: 'preact', absWorkingDir: home, logLevel: 'warning',
});
await build({
  entryPoints: [join(home, 'src/style.css')],
  outfile: join(out, 'console.css'),
  bundle: true, minify: true, absWorkingDir: home, logLevel: 'warning',
});
for (const name of ['index.html', 'icon.svg']) copyFileSync(join(home, 'src', name), join(out, name));

let total = 0;
for (const name of ['index.html', 'console.js', 'console.css', 'icon.svg']) {
  const bytes = readFileSync(join(out, name));
  const small = gzipSync(bytes, {level: 9});
  writeFileSync(join(out, name + '.gz'), small);
  writeFileSync(join(out, name + '.br'), brotliCompressSync(bytes));
  total += small.length;
}
const most = 150_000;
console.log(`console: ${total} bytes compressed, at most ${most}`);
if (total > most) process.exit(1);
