/** Drawing of the density matrix: brightness is |rho|, hue is the phase. Pure but for the canvas it is given. */

import type { Matrix } from "@/api/types";

export interface Cell {
  size: number;
  phase: number;
}

export function cellAt(matrix: Matrix, row: number, column: number): Cell {
  const re = matrix.real[row]?.[column] ?? 0;
  const im = matrix.imaginary[row]?.[column] ?? 0;
  return { size: Math.hypot(re, im), phase: Math.atan2(im, re) };
}

export function largest(matrix: Matrix): number {
  let most = 0;
  matrix.real.forEach((row, i) => {
    row.forEach((_, j) => {
      most = Math.max(most, cellAt(matrix, i, j).size);
    });
  });
  return most;
}

/** Cyclic perceptual colour of a phase; chroma and lightness grow with size (0..1). */
export function colourOf(size: number, phase: number, dark: boolean): string {
  const hue = ((phase * 180) / Math.PI + 360 + 260) % 360;
  const strength = Math.sqrt(Math.min(1, Math.max(0, size)));
  const lightness = dark ? 0.17 + 0.62 * strength : 0.97 - 0.42 * strength;
  return `oklch(${lightness.toFixed(3)} ${(0.17 * strength).toFixed(3)} ${hue.toFixed(1)})`;
}

export function draw(
  canvas: HTMLCanvasElement,
  matrix: Matrix,
  letters: string[],
  colours: { text: string; dark: boolean },
): void {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = width * ratio;
  canvas.height = width * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(ratio, ratio);
  pen.clearRect(0, 0, width, width);
  const margin = 16;
  const step = (width - margin) / letters.length;
  const most = largest(matrix) || 1;
  pen.font = `${Math.min(11, step * 0.8)}px Inter, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  letters.forEach((letter, i) => {
    pen.fillStyle = colours.text;
    pen.fillText(letter, margin + (i + 0.5) * step, margin / 2);
    pen.fillText(letter, margin / 2, margin + (i + 0.5) * step);
    letters.forEach((_, j) => {
      const { size, phase } = cellAt(matrix, i, j);
      pen.fillStyle = colourOf(size / most, phase, colours.dark);
      pen.fillRect(margin + j * step, margin + i * step, Math.ceil(step) - 0.5, Math.ceil(step) - 0.5);
    });
  });
}
