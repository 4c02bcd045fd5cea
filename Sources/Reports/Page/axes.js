"use strict";

// The tics of a figure's axes. A tic is a place and its label; places on a logarithmic axis are logarithms.

// What an axis can show, as in the program: a logarithmic one no subnormal numbers, whose digits are those of
// rounding; a linear one no numbers whose sums overflow.
const leastNormal = 2.2250738585072014e-308;
const largest = 1e290;

// Whether the ends are so far apart that their difference has digits, and no further than sums reach.
function isWide([low, high]) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size <= largest && high - low > Math.max(1e-12 * size, 1e-280);
}

const minus = (text) => text.replace("-", "−");
const power = (n) => "10" + String(n).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");

// The label of a tic; Axis.linearLabel of the program has the same rule.
function label(value, step, size) {
  if (Math.abs(value) < step * 1e-6) return "0";
  if (size < 1e7 && step >= 1e-5) return minus(value.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));
  // As many digits as neighbors need to differ.
  const precision = Math.min(15, Math.max(4, Math.ceil(Math.log10(size / step)) + 1));
  const [digits, exponent] = Number(value.toPrecision(precision)).toExponential().split("e");
  return ({ 1: "", "-1": "−" }[digits] ?? minus(digits) + "·") + power(Number(exponent));
}

// Tics in pixels without those whose labels would touch the one before; the last, which may stand apart, stays.
function withRoom(tics) {
  const ends = ([x, text]) => [Number(x) - 3.5 * text.length - 2, Number(x) + 3.5 * text.length + 2];
  const limit = tics.length ? ends(tics.at(-1))[0] : 0;
  let end = -Infinity;
  return tics.filter((tic, place) => {
    const [from, to] = ends(tic);
    if (place < tics.length - 1 && (from < end || to > limit)) return false;
    end = to;
    return true;
  });
}

function linearTics([low, high], count, whole) {
  const unit = 10 ** Math.floor(Math.log10((high - low) / count));
  let step = [1, 2, 5, 10].map((m) => m * unit).find((s) => (high - low) / s <= count) ?? unit;
  if (whole) step = Math.max(1, step);
  const tics = [], size = Math.max(Math.abs(low), Math.abs(high));
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9 && tics.length <= count; n++) {
    tics.push([n * step, label(n * step, step, size)]);
  }
  return tics;
}

// Powers of ten; where they are few, with their doubles and fives; where even these are, round numbers.
function logarithmicTics([low, high], count) {
  const step = Math.max(1, Math.ceil((high - low) / count));
  for (const digits of [[1], [1, 2, 5]]) {
    const tics = [];
    for (let n = Math.floor(low / step) * step; n <= high; n += step) for (const digit of digits) {
      const place = n + Math.log10(digit), plain = String(Number((digit * 10 ** n).toPrecision(1)));
      if (place < low - 1e-9 || place > high + 1e-9) continue;
      tics.push([place, Math.abs(n) <= 3 ? plain : (digit > 1 ? digit + "·" : "") + power(n)]);
    }
    if (tics.length > 2) return tics;
  }
  return linearTics([10 ** low, 10 ** high], count).filter(([value]) => value > 0)
    .map(([value, text]) => [Math.log10(value), text]);
}
