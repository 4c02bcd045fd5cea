// Makes a report page respond: figures show values, zoom, and change scales; tables sort; a page that is
// written anew loads itself again. Without it the page shows the same figures and tables.
"use strict";
document.documentElement.classList.add("live");

function make(name, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.textContent = text;
  return element;
}

function button(text, title, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.title = title;
  element.addEventListener("click", action);
  return element;
}

// Numbers on axes

const minus = (text) => text.replace("-", "−");
const raised = (number) => String(number).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");

function numberLabel(value, step, largest) {
  if (Math.abs(value) < step * 1e-6) return "0";
  if (largest < 1e6 && step >= 1e-4) {
    return minus(value.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));
  }
  const [digits, exponent] = Number(value.toPrecision(4)).toExponential().split("e");
  return (digits === "1" ? "" : minus(digits) + "·") + "10" + raised(Number(exponent));
}

function linearTics([low, high], count, whole) {
  const power = 10 ** Math.floor(Math.log10((high - low) / count));
  let step = [1, 2, 5, 10].map((m) => m * power).find((s) => (high - low) / s <= count) ?? power;
  if (whole) step = Math.max(1, Math.round(step));
  const tics = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
    tics.push([n * step, numberLabel(n * step, step, Math.max(Math.abs(low), Math.abs(high)))]);
  }
  return tics;
}

// The ends are logarithms; where there are few powers of ten, their doubles and fives are labeled too.
function logarithmicTics([low, high], count) {
  const digits = high - low > 2.5 ? [1] : [1, 2, 5];
  if (high - low < 0.5) {
    return linearTics([10 ** low, 10 ** high], count)
      .filter(([value]) => value > 0).map(([value, text]) => [Math.log10(value), text]);
  }
  const step = Math.max(1, Math.ceil((high - low) / count));
  const tics = [];
  for (let power = Math.ceil(low / step - 1) * step; power <= high; power += step) {
    for (const digit of digits) {
      const place = power + Math.log10(digit);
      if (place < low - 1e-9 || place > high + 1e-9) continue;
      const plain = power >= -3 && power <= 4;
      const text = plain ? String(Number((digit * 10 ** power).toPrecision(1)))
        : (digit > 1 ? digit + "·" : "") + "10" + raised(power);
      tics.push([place, text]);
    }
  }
  return tics;
}

// Figures

const leastNormal = 2.2250738585072014e-308;

class Chart {
  constructor(figure) {
    this.figure = figure;
    this.data = JSON.parse(figure.querySelector("script").textContent);
    this.svg = figure.querySelector(".plot > svg");
    this.groups = [...this.svg.querySelectorAll(".curves > .curve")];
    this.keys = [...figure.querySelectorAll(".key button")];
    this.state = { hidden: [], log: [this.data.x.log, this.data.y.log], view: null };
    this.point = null; // [curve, index] under the pointer
    const saved = figures[this.name];
    if (saved) this.state = saved;
    this.addTools();
    this.keys.forEach((key, place) => key.addEventListener("click", () => this.toggle(place)));
    this.addPointer();
    new ResizeObserver(() => this.draw()).observe(this.svg);
    this.draw();
  }

  get name() { return this.figure.id + this.figure.querySelector("figcaption").textContent; }
  get sides() { return [this.data.x, this.data.y]; }
  get hasBars() { return this.data.curves.some((curve) => curve.mark === "bar"); }
  isShown(place) { return !this.state.hidden.includes(place); }

  toggle(place) {
    const { hidden } = this.state;
    this.state.hidden = this.isShown(place) ? [...hidden, place] : hidden.filter((p) => p !== place);
    this.show(null);
    this.draw();
  }

  addTools() {
    const tools = document.createElement("div");
    tools.className = "tools";
    this.scales = this.sides.map((side, place) => {
      const all = this.data.curves.flatMap((curve) => place ? curve.y : curve.x);
      const fits = !side.categories.length && (place ? !this.hasBars : all.every((v) => v > 0));
      if (!fits || !all.some((v) => v > 0)) return null;
      const name = place ? "upright" : "horizontal";
      const key = button(`log ${"xy"[place]}`, `logarithmic or linear ${name} axis`, () => {
        this.state.log[place] = !this.state.log[place];
        this.state.view = null;
        this.draw();
      });
      tools.append(key);
      return key;
    });
    tools.append(
      button("+", "zoom in", () => this.zoom(0.5)), button("−", "zoom out", () => this.zoom(2)),
      button("whole", "show the whole figure", () => this.zoom(null)));
    this.figure.querySelector(".plot").after(tools);
    this.tip = document.createElement("div");
    this.tip.className = "tip";
    this.tip.hidden = true;
    this.tip.setAttribute("role", "status");
    this.figure.querySelector(".plot").append(this.tip);
  }

  // Where a value stands on an axis of places, which are logarithms on a logarithmic one.
  place(value, side) {
    if (value === null) return NaN;
    if (!this.state.log[side]) return value;
    return value >= leastNormal ? Math.log10(value) : NaN;
  }

  range(side) {
    if (this.state.view?.[side]) return this.state.view[side];
    if (this.sides[side].categories.length) return [-0.5, this.sides[side].categories.length - 0.5];
    let [low, high] = [Infinity, -Infinity];
    this.data.curves.forEach((curve, place) => {
      if (!this.isShown(place)) return;
      const lists = side ? [curve.y, curve.low ?? [], curve.high ?? []] : [curve.x];
      for (const list of lists) for (const value of list) {
        const at = this.place(value, side);
        if (at < low) low = at;
        if (at > high) high = at;
      }
    });
    if (low > high) return this.state.log[side] ? [-1, 1] : [0, 1];
    if (side && this.hasBars) low = Math.min(low, 0);
    const room = high - low < 1e-12 * Math.max(1, Math.abs(high)) ? Math.abs(high) * 0.1 || 0.5
      : side ? (high - low) * 0.04 : 0;
    const start = !this.state.log[side] && low >= 0 ? Math.max(0, low - room) : low - room;
    return [start, high + room];
  }

  // The places' pixels: [left, right] and [bottom, top].
  layout() {
    this.width = Math.max(240, Math.round(this.svg.clientWidth || 640));
    this.height = this.width < 480 ? 290 : 360;
    this.edges = [[this.width < 480 ? 54 : 64, this.width - 12], [this.height - 44, 30]];
    this.ranges = [this.range(0), this.range(1)];
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
  }

  pixel(value, side) {
    const at = this.place(value, side);
    const [low, high] = this.ranges[side], [from, to] = this.edges[side];
    return Math.max(-1e5, Math.min(1e5, from + (at - low) / (high - low) * (to - from)));
  }

  draw() {
    this.layout();
    const [[left, right], [bottom, top]] = this.edges;
    const clip = this.svg.querySelector("clipPath rect");
    for (const [name, value] of Object.entries({ x: left, y: top - 4, width: right - left + 4, height: bottom - top + 6 })) {
      clip.setAttribute(name, value);
    }
    this.drawGrid();
    this.groups.forEach((group, place) => this.drawCurve(group, this.data.curves[place], place));
    this.drawLevels();
    this.keys.forEach((key, place) => key.setAttribute("aria-pressed", this.isShown(place)));
    this.scales.forEach((key, side) => key?.setAttribute("aria-pressed", this.state.log[side]));
    this.svg.querySelector(".empty")?.remove();
    this.drawPoint();
  }

  drawGrid() {
    const [[left, right], [bottom, top]] = this.edges;
    const tics = this.sides.map((side, place) => {
      const count = place ? 7 : Math.max(3, Math.floor(this.width / 80));
      if (side.categories.length) return side.categories.map((text, at) => [at, text]);
      return this.state.log[place] ? logarithmicTics(this.ranges[place], count)
        : linearTics(this.ranges[place], count, side.whole);
    });
    const at = (place, side) => {
      const [low, high] = this.ranges[side], [from, to] = this.edges[side];
      return (from + (place - low) / (high - low) * (to - from)).toFixed(1);
    };
    const shown = tics[0].filter(([place]) => place >= this.ranges[0][0] && place <= this.ranges[0][1]);
    const room = Math.floor((right - left) / Math.max(shown.length, 1) / 7);
    const lines = tics[1].map(([place]) => `M${left} ${at(place, 1)}H${right}`).concat(
      this.data.x.categories.length ? [] : shown.map(([place]) => `M${at(place, 0)} ${top}V${bottom}`));
    this.svg.querySelector(".grid").replaceChildren(
      make("path", { d: lines.join("") }),
      make("path", { class: "frame", d: `M${left} ${top}V${bottom}H${right}` }),
      ...tics[1].map(([place, text]) => make("text", { class: "upright", x: left - 7, y: Number(at(place, 1)) + 4 }, text)),
      ...shown.map(([place, text]) => make("text", { x: at(place, 0), y: bottom + 17 },
        text.length > room && this.data.x.categories.length ? text.slice(0, Math.max(1, room - 1)) + "…" : text)));
    const title = this.svg.querySelector(".across");
    title.setAttribute("x", right);
    title.setAttribute("y", this.height - 6);
  }

  drawCurve(group, curve, place) {
    group.style.display = this.isShown(place) ? "" : "none";
    if (!this.isShown(place)) return;
    const xs = curve.x.map((x) => this.pixel(x, 0)), ys = curve.y.map((y) => this.pixel(y, 1));
    const text = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    let line = "", joined = false, dots = "", area = "", upper = [], lower = [];
    const end = () => {
      if (upper.length > 1) area += `M${[...upper, ...lower.reverse()].join("L")}Z`;
      [upper, lower] = [[], []];
    };
    xs.forEach((x, index) => {
      const drawable = !Number.isNaN(x) && !Number.isNaN(ys[index]);
      if (drawable) {
        line += (joined ? "L" : "M") + text(x, ys[index]);
        dots += `M${text(x, ys[index])}h0`;
      }
      joined = drawable;
      const low = this.pixel(curve.low?.[index] ?? null, 1), high = this.pixel(curve.high?.[index] ?? null, 1);
      if (curve.mark === "bar") {
        const half = (this.pixel(curve.x[index] + 0.3, 0) - x);
        if (high < low) area += `M${text(x - half, low)}V${high.toFixed(1)}h${(2 * half).toFixed(1)}V${low.toFixed(1)}Z`;
      } else if (drawable && !Number.isNaN(high)) {
        upper.push(text(x, high));
        lower.push(text(x, Number.isNaN(low) ? this.edges[1][0] : low));
      } else end();
    });
    if (curve.mark !== "bar") end();
    for (const [name, path] of Object.entries({ stroke: line, dots, area })) {
      group.querySelector("." + name)?.setAttribute("d", path);
    }
  }

  drawLevels() {
    const [[left, right], [bottom, top]] = this.edges;
    const shown = this.data.levels.map(({ name, value }) => [name, this.pixel(value, 1)])
      .filter(([, y]) => y >= top && y <= bottom);
    this.svg.querySelector(".levels").replaceChildren(...shown.flatMap(([name, y]) => [
      make("path", { d: `M${left} ${y}H${right}` }), make("text", { x: right - 4, y: y - 4 }, name)]));
  }

  // The pointer and the keyboard

  addPointer() {
    this.svg.setAttribute("tabindex", 0);
    let start = null, choice = null;
    const position = (event) => {
      const box = this.svg.getBoundingClientRect();
      return [(event.clientX - box.left) * this.width / box.width, (event.clientY - box.top) * this.height / box.height];
    };
    const stop = () => { choice?.remove(); start = choice = null; };
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch") return this.show(this.nearest(position(event)));
      if (event.button === 0) start = position(event);
    });
    this.svg.addEventListener("pointermove", (event) => {
      const [x, y] = position(event);
      if (!start) return this.show(this.nearest([x, y]));
      if (!choice && Math.hypot(x - start[0], y - start[1]) > 8) {
        choice = this.svg.appendChild(make("rect", { class: "choice" }));
        this.svg.setPointerCapture(event.pointerId);
        this.show(null);
      }
      const box = { x: Math.min(x, start[0]), y: Math.min(y, start[1]), width: Math.abs(x - start[0]), height: Math.abs(y - start[1]) };
      for (const name in box) choice?.setAttribute(name, box[name]);
    });
    this.svg.addEventListener("pointerup", (event) => {
      if (choice) this.choose(start, position(event));
      stop();
    });
    this.svg.addEventListener("pointercancel", stop);
    this.svg.addEventListener("pointerleave", () => { if (!start) this.show(null); });
    this.svg.addEventListener("blur", () => this.show(null));
    this.svg.addEventListener("dblclick", () => this.zoom(null));
    this.svg.addEventListener("keydown", (event) => {
      const actions = {
        ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), ArrowUp: () => this.next(-1),
        ArrowDown: () => this.next(1), "+": () => this.zoom(0.5), "=": () => this.zoom(0.5),
        "-": () => this.zoom(2), 0: () => this.zoom(null), Escape: () => { stop(); this.show(null); },
      };
      if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      actions[event.key]();
    });
  }

  // Whether a point lies in the plot, and where.
  pixels(curve, index) {
    const x = this.pixel(this.data.curves[curve].x[index], 0), y = this.pixel(this.data.curves[curve].y[index], 1);
    const [[left, right], [bottom, top]] = this.edges;
    const bar = this.data.curves[curve].mark === "bar";
    const at = bar ? this.pixel(this.data.curves[curve].high[index], 1) : y;
    return x >= left - 1 && x <= right + 1 && at >= top - 1 && at <= bottom + 1 ? [x, at] : null;
  }

  nearest([x, y]) {
    let best = null, least = Infinity;
    this.data.curves.forEach((curve, place) => {
      if (!this.isShown(place)) return;
      curve.x.forEach((_, index) => {
        const at = this.pixels(place, index);
        const distance = at ? Math.hypot((at[0] - x) * 2, at[1] - y) : Infinity;
        if (distance < least) [best, least] = [[place, index], distance];
      });
    });
    return best;
  }

  step(by) {
    if (!this.point) return this.next(1);
    const [curve, index] = this.point;
    const { x } = this.data.curves[curve];
    for (let at = index + by; at >= 0 && at < x.length; at += by) {
      if (this.pixels(curve, at)) return this.show([curve, at]);
    }
  }

  next(by) {
    const count = this.data.curves.length, [curve, index] = this.point ?? [by > 0 ? -1 : count, 0];
    const x = this.point ? this.data.curves[curve].x[index] : -Infinity;
    for (let turn = 1, at = curve; turn <= count; turn++) {
      at = (at + by + count) % count;
      const points = this.data.curves[at].x.map((_, place) => place).filter((place) => this.isShown(at) && this.pixels(at, place));
      if (!points.length) continue;
      const distance = (place) => Math.abs(this.data.curves[at].x[place] - x);
      return this.show([at, points.reduce((best, place) => distance(place) < distance(best) ? place : best)]);
    }
  }

  show(point) {
    this.point = point;
    this.drawPoint();
  }

  drawPoint() {
    this.svg.querySelector(".cursor")?.remove();
    const at = this.point && this.pixels(...this.point);
    this.tip.hidden = !at;
    if (!at) return;
    const [curve, index] = this.point, { name, x, y, low, high, mark } = this.data.curves[curve];
    const cursor = make("g", { class: `cursor ${this.groups[curve].getAttribute("class")}` });
    cursor.append(
      make("path", { d: `M${at[0]} ${this.edges[1][0]}V${this.edges[1][1]}` }),
      make("circle", { cx: at[0], cy: at[1], r: 5 }));
    this.svg.append(cursor);
    const across = this.data.x.title.split(/[:(]/)[0].trim() || "x";
    const lines = [`${across}: ${this.data.x.categories[x[index]] ?? x[index]}`, `value: ${y[index]}`];
    if (mark !== "bar" && (low?.[index] ?? null) !== null) lines.push(`from ${low[index]} to ${high[index]}`);
    const heading = document.createElement("b");
    heading.textContent = name;
    this.tip.replaceChildren(heading, ...lines.map((text) => {
      const line = document.createElement("span");
      line.textContent = text;
      return line;
    }));
    const scale = this.svg.clientWidth / this.width, right = at[0] > this.width / 2;
    this.tip.style.left = right ? "auto" : `${at[0] * scale + 14}px`;
    this.tip.style.right = right ? `${(this.width - at[0]) * scale + 14}px` : "auto";
    this.tip.style.top = `${Math.max(0, at[1] * scale - 30)}px`;
  }

  // Zooming

  choose(from, to) {
    const view = [0, 1].map((side) => {
      const [start, end] = this.edges[side], [low, high] = this.ranges[side];
      if (Math.abs(from[side] - to[side]) < 8) return [low, high];
      const places = [from[side], to[side]].map((pixel) => low + (pixel - start) / (end - start) * (high - low));
      return [Math.max(low, Math.min(...places)), Math.min(high, Math.max(...places))];
    });
    if (view.every(([low, high]) => high > low)) this.state.view = view;
    this.draw();
  }

  // Around the point that is shown, or the middle; null is the whole.
  zoom(factor) {
    const middle = (side) => {
      const value = this.point && this.data.curves[this.point[0]]["xy"[side]][this.point[1]];
      const place = this.point ? this.place(value, side) : NaN;
      return Number.isNaN(place) ? (this.ranges[side][0] + this.ranges[side][1]) / 2 : place;
    };
    this.state.view = factor && this.ranges.map(([low, high], side) => {
      const at = middle(side);
      return [at - (at - low) * factor, at + (high - at) * factor];
    });
    this.draw();
  }
}

// Tables

function sort(heading, direction) {
  const table = heading.closest("table"), place = heading.cellIndex;
  const value = (row) => row.cells[place].dataset.all ?? row.cells[place].textContent;
  const number = (text) => text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);
  const compare = (one, other) => {
    const [a, b] = [value(one), value(other)];
    if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1);
    const [x, y] = [number(a), number(b)];
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    const order = Number.isNaN(x) ? a.localeCompare(b) : x < y ? -1 : x > y ? 1 : 0;
    return direction === "ascending" ? order : -order;
  };
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction);
  table.tBodies[0].append(...[...table.tBodies[0].rows].sort(compare));
}

const headings = [...document.querySelectorAll("th")];
for (const heading of headings) {
  heading.firstChild.addEventListener("click", () => {
    sort(heading, heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
  });
}

const digits = document.querySelector(".digits");
digits.addEventListener("click", () => {
  const all = digits.getAttribute("aria-pressed") !== "true";
  digits.setAttribute("aria-pressed", all);
  for (const cell of document.querySelectorAll("td[data-all]")) {
    cell.dataset.short ??= cell.textContent;
    cell.textContent = all ? cell.dataset.all : cell.dataset.short;
  }
});

// A page that loads itself again keeps what was chosen in it.

const storage = "unroll-report:" + location.pathname;
let saved = {};
try {
  saved = JSON.parse(sessionStorage.getItem(storage)) ?? {};
  sessionStorage.removeItem(storage);
} catch { /* A browser may keep nothing for files. */ }
const figures = saved.figures ?? {};
const charts = [...document.querySelectorAll("figure.chart")].map((figure) => new Chart(figure));
const details = [...document.querySelectorAll("details")];
if (saved.open?.length === details.length) details.forEach((part, place) => { part.open = saved.open[place]; });
for (const [place, direction] of saved.sorted ?? []) if (headings[place]) sort(headings[place], direction);

function reload() {
  if (document.querySelector(".choice, .tip:not([hidden])")) return setTimeout(reload, 1000);
  const state = {
    figures: Object.fromEntries(charts.map((chart) => [chart.name, chart.state])),
    open: details.map((part) => part.open),
    sorted: headings.map((heading, place) => [place, heading.getAttribute("aria-sort")]).filter(([, direction]) => direction),
  };
  try { sessionStorage.setItem(storage, JSON.stringify(state)); } catch { /* as above */ }
  location.reload();
}
if (document.body.dataset.reload) setTimeout(reload, 1000 * document.body.dataset.reload);
