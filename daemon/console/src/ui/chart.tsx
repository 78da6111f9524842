// Charts over time: a histogram one can brush, and curves against what was expected.
import {useEffect, useRef} from 'preact/hooks';
import uPlot from 'uplot';
import {language, theme} from '../state';
import {clock, moment, number} from '../format';
import {say} from '../text';
import {useRem} from './hooks';

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axes(rem: number): uPlot.Axis[] {
  const stroke = colour('--quiet');
  const grid = {stroke: colour('--line'), width: 1};
  const font = `${Math.round(.82 * rem)}px system-ui, sans-serif`;
  return [
    {stroke, grid, ticks: grid, font, size: 2.1 * rem, space: 5 * rem, values: (_, at) => at.map(t => clock(new Date(t * 1000), 'Asia/Jakarta', false))},
    {stroke, grid, ticks: grid, font, size: 4 * rem, space: 2.2 * rem, values: (_, at) => at.map(v => number(v))},
  ];
}

interface HistogramProps {
  times: number[];  // seconds
  counts: number[];
  step: number;     // seconds
  label: string;
  brushed: (from: Date, to: Date) => void;
}

export function Histogram({times, counts, step, label, brushed}: HistogramProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(brushed);
  latest.current = brushed;
  const rem = useRem();
  const height = 7.8 * rem;
  useEffect(() => {
    const element = box.current!;
    const plot = new uPlot({
      width: Math.max(200, element.clientWidth), height, legend: {show: false}, axes: axes(rem),
      scales: {x: {time: true, range: (_, lo, hi) => [lo, hi + step]}, y: {range: (_, _lo, hi) => [0, Math.max(1, hi)]}},
      cursor: {drag: {x: true, y: false, setScale: false}, points: {show: false}},
      series: [{}, {
        fill: colour('--accent'), stroke: colour('--accent'), width: 0, points: {show: false},
        paths: uPlot.paths.bars!({size: [0.9, 60, 1], align: 1}),
      }],
      hooks: {
        setSelect: [self => {
          if (self.select.width < 4) return;
          const from = self.posToVal(self.select.left, 'x');
          const to = self.posToVal(self.select.left + self.select.width, 'x');
          self.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
          latest.current(new Date(from * 1000), new Date(to * 1000));
        }],
      },
    }, [times, counts], element);
    // Without dragging: a click on a bar is its time.
    let pressed = 0;
    plot.over.addEventListener('mousedown', event => (pressed = event.clientX));
    plot.over.addEventListener('click', event => {
      const index = Math.floor((plot.posToVal(event.offsetX, 'x') - times[0]!) / step);
      const time = times[index];
      if (time !== undefined && Math.abs(event.clientX - pressed) < 4) latest.current(new Date(time * 1000), new Date((time + step) * 1000));
    });
    const watch = new ResizeObserver(() => plot.setSize({width: Math.max(200, element.clientWidth), height}));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, counts, step, rem, theme.value, language.value]);
  const sum = counts.reduce((a, b) => a + b, 0);
  const first = times[0];
  const last = times.at(-1);
  const range = first === undefined || last === undefined ? ''
    : `${moment(new Date(first * 1000))} – ${moment(new Date((last + step) * 1000))}`;
  return <div class="chart" ref={box} role="img" aria-label={`${label}: ${number(sum)}, ${range}`} data-sum={sum} />;
}

export interface Line {
  label: string;
  values: (number | null)[];
  colour: string;  // a CSS variable
  dash?: number[];
}

export function Lines({times, lines, label}: {times: number[]; lines: Line[]; label: string}) {
  const box = useRef<HTMLDivElement>(null);
  const rem = useRem();
  const height = 17 * rem;
  useEffect(() => {
    const element = box.current!;
    const plot = new uPlot({
      width: Math.max(200, element.clientWidth), height, axes: axes(rem), cursor: {drag: {x: false, y: false}},
      scales: {x: {time: true}, y: {range: (_, _lo, hi) => [0, Math.max(1, hi)]}},
      series: [{label: say('col_time'), value: (_, v) => (v === null ? '' : moment(new Date(v * 1000)))}, ...lines.map(line => ({
        label: line.label, stroke: colour(line.colour), width: rem / 7, points: {show: false}, spanGaps: true,
        ...(line.dash ? {dash: line.dash} : {}), value: (_: uPlot, v: number | null) => (v === null ? '' : number(v)),
      }))],
    }, [times, ...lines.map(line => line.values)], element);
    const watch = new ResizeObserver(() => plot.setSize({width: Math.max(200, element.clientWidth), height}));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, lines, rem, theme.value, language.value]);
  return <div class="chart" ref={box} role="img" aria-label={label} />;
}
