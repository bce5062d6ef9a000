import { useComputedColorScheme } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import { measureBars, type Peaks } from "./peaks";
import classes from "./WaveCanvas.module.css";

interface WaveCanvasProps {
  peaks: Peaks;
  from: number;
  to: number;
  /** In CSS pixels. */
  width: number;
  height: number;
  /** Which part it stands for: what was played, or the whole. */
  part: "whole" | "played";
}

const BAR_PIXELS = 3;
const BAR_WIDTH = 2;

/** A stretch of the waveform, in the colour that the stylesheet gives its part. */
export function WaveCanvas({ peaks, from, to, width, height, part }: WaveCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context) return;
    const density = window.devicePixelRatio;
    canvas.current.width = Math.round(width * density);
    canvas.current.height = Math.round(height * density);
    context.scale(density, density);
    context.fillStyle = getComputedStyle(canvas.current).color;
    const middle = height / 2;
    measureBars(peaks, from, to, Math.floor(width / BAR_PIXELS)).forEach(([low, high], bar) => {
      const top = middle - high * middle;
      const tall = Math.max(1, (high - low) * middle);
      context.fillRect(bar * BAR_PIXELS, top, BAR_WIDTH, tall);
    });
  }, [peaks, from, to, width, height, scheme]);
  return <canvas ref={canvas} className={classes["canvas"]} data-part={part} aria-hidden="true" />;
}
