// Charts over time: a histogram one can brush, and curves against what was expected.
import {useEffect, useRef} from 'preact/hooks';
import uPlot from 'uplot';
import {language, theme} from '../state';
import {clock, moment, number} from '../format';
import {say} from '../text';

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axes(): uPlot.Axis[] {
  const stroke = colour('--quiet');
  const grid = {stroke: colour('--line'), width: 1};
  return [
    {stroke, grid, ticks: grid, size: 30, values: (_, at) => at.map(t => clock(new Date(t * 1000), 'Asia/Jakarta', false))},
    {stroke, grid, ticks: grid, size: 56, values: (_, at) => at.map(v => number(v))},
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
  useEffect(() => {
    const element = box.current!;
    const plot = new uPlot({
      width: Math.max(200, element.clientWidth), height: 110, legend: {show: false}, axes: axes(),
      scales: {x: {time: true, range: (_, lo, hi) => [lo - step / 2, hi + step / 2]}, y: {range: (_, _lo, hi) => [0, Math.max(1, hi)]}},
      cursor: {drag: {x: true, y: false, setScale: false}, points: {show: false}},
      series: [{}, {
        fill: colour('--accent'), stroke: colour('--accent'), width: 0, points: {show: false},
        paths: uPlot.paths.bars!({size: [0.9, 60, 1]}),
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
    const watch = new ResizeObserver(() => plot.setSize({width: Math.max(200, element.clientWidth), height: 110}));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, counts, step, theme.value, language.value]);
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

export function Lines({times, lines, label, height = 240}: {times: number[]; lines: Line[]; label: string; height?: number}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current!;
    const plot = new uPlot({
      width: Math.max(200, element.clientWidth), height, axes: axes(), cursor: {drag: {x: false, y: false}},
      scales: {x: {time: true}, y: {range: (_, _lo, hi) => [0, Math.max(1, hi)]}},
      series: [{label: say('col_time'), value: (_, v) => (v === null ? '' : moment(new Date(v * 1000)))}, ...lines.map(line => ({
        label: line.label, stroke: colour(line.colour), width: 2, points: {show: false}, spanGaps: true,
        ...(line.dash ? {dash: line.dash} : {}), value: (_: uPlot, v: number | null) => (v === null ? '' : number(v)),
      }))],
    }, [times, ...lines.map(line => line.values)], element);
    const watch = new ResizeObserver(() => plot.setSize({width: Math.max(200, element.clientWidth), height}));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [times, lines, height, theme.value, language.value]);
  return <div class="chart" ref={box} role="img" aria-label={label} />;
}
