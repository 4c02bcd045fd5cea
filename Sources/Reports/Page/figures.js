// A figure responds: it shows values, zooms, and changes its scales, by the pointer and the keyboard.

function make(name, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.textContent = text;
  return element;
}

// What the page says, in its language.
const words = JSON.parse(document.body.dataset.words ?? "{}");
const word = (text) => words[text] ?? text;

function button(text, title, action) {
  const element = Object.assign(document.createElement("button"),
    { type: "button", textContent: word(text), title: word(title) });
  element.addEventListener("click", action);
  return element;
}

// What a part of the page is called wherever a page that is written anew has it: its run's folder and its title.
const nameOf = (part, title) =>
  JSON.stringify([part.closest("section")?.querySelector(".folder code")?.textContent, title]);

// Names that are told apart where one stands several times.
const distinct = (names) => names.map((name, place) =>
  JSON.stringify([name, names.slice(0, place).filter((other) => other === name).length]));

// Figures. Side 0 is the horizontal axis, side 1 the upright one.

const sides = [0, 1];

class Chart {
  constructor(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    Object.assign(this, { figure, curves: data.curves, levels: data.levels, axes: [data.x, data.y] });
    this.names = distinct(this.curves.map((curve) => curve.name));
    this.name = nameOf(figure, figure.querySelector("figcaption").textContent);
    this.svg = figure.querySelector(".plot > svg");
    this.groups = [...this.svg.querySelectorAll(".curves > .curve")];
    this.keys = [...figure.querySelectorAll(".key button")];
    // The names of the curves that are hidden; which axes are logarithmic, where that was chosen; the part that
    // is shown, and which axes are logarithmic in it.
    this.state = saved.figures?.[this.name] ?? { hidden: [], log: [null, null], view: null };
    this.point = null; // [curve, index] of the point that is shown
    this.keys.forEach((key, place) => key.addEventListener("click", () => this.toggle(place)));
    this.addTools();
    this.addPointer();
    this.addKeyboard();
    new ResizeObserver(() => this.draw()).observe(this.svg);
    this.draw();
  }

  isShown(place) { return !this.state.hidden.includes(this.names[place]); }

  isLog(side) { return this.state.log[side] ?? this.axes[side].log; }

  toggle(place) {
    const { hidden } = this.state, name = this.names[place];
    this.state.hidden = this.isShown(place) ? [...hidden, name] : hidden.filter((other) => other !== name);
    this.point = null;
    this.draw();
  }

  addTools() {
    const tools = Object.assign(document.createElement("div"), { className: "tools" });
    this.scales = this.axes.map((axis, side) => {
      const values = this.curves.flatMap((curve) => side ? curve.y : curve.x);
      const isFixed = axis.values.length || axis.holds.length || !values.some((v) => v > 0)
        || (!side && !values.every((v) => v > 0));
      if (isFixed) return this.state.log[side] = null;
      return tools.appendChild(button(`log ${"xy"[side]}`, "logarithmic or linear axis", () => {
        this.state.log[side] = !this.isLog(side);
        this.state.view = null;
        this.draw();
      }));
    });
    tools.append(button("+", "zoom in", () => this.zoom(0.5)), button("−", "zoom out", () => this.zoom(2)),
      button("whole", "show the whole figure", () => this.zoom(null)));
    this.tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true, role: "status" });
    const plot = this.figure.querySelector(".plot");
    plot.append(this.tip);
    plot.after(tools);
  }

  // Places and pixels

  place(value, side) {
    if (value === null || value === undefined) return NaN;
    if (this.isLog(side)) return value >= leastNormal ? Math.log10(value) : NaN;
    return Math.abs(value) <= largest ? value : NaN;
  }

  range(side) {
    const { values, holds, whole, ceiling } = this.axes[side], { view } = this.state;
    if (view && sides.every((other) => view.log[other] === this.isLog(other))) return view.ranges[side];
    if (values.length) return this.axes[side].range;
    let [low, high] = [Infinity, -Infinity];
    const lists = this.curves.filter((_, place) => this.isShown(place))
      .flatMap((curve) => side ? [curve.y, curve.low ?? [], curve.high ?? []] : [curve.x]);
    for (const list of [...lists, holds]) for (const value of list) {
      if (ceiling !== null && value > ceiling) continue;
      const at = this.place(value, side);
      if (at < low) low = at;
      if (at > high) high = at;
    }
    if (low > high) return this.isLog(side) ? [-1, 1] : [0, 1];
    const ofPoint = whole || Math.abs(high) <= 1e-280 ? 1 : Math.abs(high) * 0.1;
    const room = !isWide([low, high]) ? ofPoint : side ? (high - low) * 0.04 : 0;
    return [!this.isLog(side) && low >= 0 ? Math.max(0, low - room) : low - room, high + room];
  }

  pixelOfPlace(place, side) {
    const [low, high] = this.ranges[side], [from, to] = this.edges[side];
    return Math.max(-1e5, Math.min(1e5, from + (place - low) / (high - low) * (to - from)));
  }

  pixel(value, side) { return this.pixelOfPlace(this.place(value, side), side); }

  // Where a point is drawn; null for one that lies outside the plot.
  spot(curve, index) {
    const { x, y, high, mark } = this.curves[curve];
    const value = mark === "bar" ? high[index] : y[index];
    const isZero = value === 0 && this.isLog(1);
    const spot = [this.pixel(x[index], 0), isZero ? this.edges[1][0] - 5 : this.pixel(value, 1)];
    return spot.every((at, side) => at >= Math.min(...this.edges[side]) - 1 && at <= Math.max(...this.edges[side]) + 1)
      ? spot : null;
  }

  // Drawing

  draw() {
    this.width = Math.max(240, Math.round(this.svg.clientWidth || 640));
    const isNarrow = this.width < 480, { values, sideBySide } = this.axes[0];
    this.edges = [[isNarrow ? 54 : 64, this.width - 22]];
    // Names that have no room side by side are turned.
    const room = (this.edges[0][1] - this.edges[0][0]) / values.length / 7;
    this.isTurned = sideBySide && values.some(([, text]) => text.length > room);
    this.height = (isNarrow ? 290 : 360) + (this.isTurned ? 60 : 0);
    this.edges.push([this.height - (this.isTurned ? 104 : 44), 30]);
    this.ranges = sides.map((side) => this.range(side));
    const [[left, right], [bottom, top]] = this.edges;
    const box = { x: left, y: top - 4, width: right - left + 4, height: bottom - top + 6 };
    for (const name in box) this.svg.querySelector("clipPath rect").setAttribute(name, box[name]);
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.drawGrid();
    this.groups.forEach((group, place) => this.drawCurve(group, this.curves[place], this.isShown(place)));
    this.svg.querySelector(".levels").replaceChildren(...this.levels.flatMap(({ name, value }) => {
      const y = this.pixel(value, 1);
      if (!(y >= top && y <= bottom)) return [];
      return [make("path", { d: `M${left} ${y}H${right}` }), make("text", { x: right - 4, y: y - 4 }, name)];
    }));
    const empty = this.svg.querySelector(".empty"), drawn = this.groups.some((group) => group.querySelector("[d^=M]"));
    empty?.setAttribute("x", this.width / 2);
    empty?.setAttribute("display", drawn ? "none" : "inline");
    this.keys.forEach((key, place) => key.setAttribute("aria-pressed", this.isShown(place)));
    this.scales.forEach((key, side) => key?.setAttribute("aria-pressed", this.isLog(side)));
    this.drawPoint();
  }

  drawGrid() {
    const [[left, right], [bottom, top]] = this.edges;
    const [across, upright] = this.axes.map((axis, side) => {
      const count = side ? 7 : Math.max(3, Math.floor(this.width / 65)), range = this.ranges[side];
      const tics = axis.values.length ? axis.values
        : this.isLog(side) ? logarithmicTics(range, count) : linearTics(range, count, axis.whole);
      return tics.filter(([place]) => place >= range[0] - 1e-9 && place <= range[1] + 1e-9)
        .map(([place, text]) => [this.pixelOfPlace(place, side).toFixed(1), text]);
    });
    // Labels of values that have no room are left out where the values do not stand side by side.
    const { values, sideBySide } = this.axes[0];
    const cut = (text) => sideBySide && text.length > 16 ? text.slice(0, 15) + "…" : text;
    const turn = (x, y) => this.isTurned ? { transform: `rotate(-40 ${x} ${y})`, class: "turned" } : {};
    const labels = values.length && !sideBySide ? withRoom(across) : across;
    const lines = upright.map(([y]) => `M${left} ${y}H${right}`);
    if (!sideBySide) lines.push(...across.map(([x]) => `M${x} ${top}V${bottom}`));
    this.svg.querySelector(".grid").replaceChildren(
      make("path", { d: lines.join("") }), make("path", { class: "frame", d: `M${left} ${top}V${bottom}H${right}` }),
      ...upright.map(([y, text]) => make("text", { class: "upright", x: left - 7, y: Number(y) + 4 }, text)),
      ...labels.map(([x, text]) => make("text", { x, y: bottom + 17, ...turn(x, bottom + 12) }, cut(text))));
    const title = this.svg.querySelector(".across");
    title.setAttribute("x", right);
    title.setAttribute("y", this.height - 6);
  }

  drawCurve(group, curve, isShown) {
    group.style.display = isShown ? "" : "none";
    const text = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    const paths = { stroke: "", dots: "", area: "", zeros: "" };
    let joined = false, band = [];
    const endBand = () => {
      // A point alone has a narrow bar.
      if (band.length === 1) band = [-2, 2].map((side) => [band[0][0] + side, band[0][1], band[0][2]]);
      const upper = band.map(([x, , high]) => text(x, high)), lower = band.map(([x, low]) => text(x, low)).reverse();
      if (band.length) paths.area += `M${[...upper, ...lower].join("L")}Z`;
      band = [];
    };
    curve.x.forEach((value, index) => {
      const [x, y] = [this.pixel(value, 0), this.pixel(curve.y[index], 1)];
      const [low, high] = [this.pixel(curve.low?.[index], 1), this.pixel(curve.high?.[index], 1)];
      if (curve.mark === "bar") {
        const half = this.pixel(value + 0.3, 0) - x;
        const [left, right] = [x - half, x + half];
        if (high < low) paths.area += `M${text(left, low)}L${text(left, high)}L${text(right, high)}L${text(right, low)}Z`;
        return;
      }
      const isDrawn = !Number.isNaN(x + y);
      if (isDrawn) paths.stroke += (joined ? "L" : "M") + text(x, y);
      if (isDrawn) paths.dots += `M${text(x, y)}h0`;
      // A triangle at the lower edge, where a logarithmic axis cannot show 0.
      if (curve.y[index] === 0 && !isDrawn) paths.zeros += `M${text(x - 5, this.edges[1][0] - 9)}h10l-5 8z`;
      joined = isDrawn && curve.mark !== "points";
      if (Number.isNaN(x + high) || curve.mark === "points") endBand();
      if (Number.isNaN(x + high)) return;
      band.push([x, Number.isNaN(low) ? this.edges[1][0] : low, high]);
    });
    endBand();
    for (const name in paths) group.querySelector("." + name)?.setAttribute("d", paths[name]);
  }

  drawPoint() {
    this.svg.querySelector(".cursor")?.remove();
    const spot = this.point && this.spot(...this.point);
    this.tip.hidden = !spot;
    if (!spot) return;
    const [curve, index] = this.point, { name, x, y, low, high, mark } = this.curves[curve];
    const cursor = this.svg.appendChild(make("g", { class: `cursor ${this.groups[curve].getAttribute("class")}` }));
    cursor.append(make("path", { d: `M${spot[0]} ${this.edges[1][0]}V${this.edges[1][1]}` }),
      make("circle", { cx: spot[0], cy: spot[1], r: 5 }));
    const [axis] = this.axes, across = axis.title.split(/[:(]/)[0].trim() || "x";
    const lines = [`${across}: ${axis.values.find(([place]) => Math.abs(place - x[index]) < (axis.sideBySide ? 0.5 : 1e-300))?.[2] ?? x[index]}`, `${word("value")}: ${y[index]}`];
    if (mark !== "bar" && Number.isFinite(low?.[index])) lines.push(`${word("from")} ${low[index]} ${word("to")} ${high[index]}`);
    this.tip.replaceChildren(...[name, ...lines].map((text, place) =>
      Object.assign(document.createElement(place ? "span" : "b"), { textContent: text })));
    const isRight = spot[0] > this.width / 2;
    this.tip.style.left = isRight ? "auto" : `${spot[0] + 14}px`;
    this.tip.style.right = isRight ? `${this.width - spot[0] + 14}px` : "auto";
    this.tip.style.top = `${Math.max(0, spot[1] - 30)}px`;
  }

  show(point) {
    this.point = point;
    this.drawPoint();
  }

  // The pointer: over the figure it shows the nearest point, and a drag chooses what is shown.

  addPointer() {
    let start = null, choice = null;
    const position = (event) => {
      const box = this.svg.getBoundingClientRect();
      const scale = this.width / box.width;
      return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    };
    const stop = () => { choice?.remove(); start = choice = null; };
    const on = (name, action) => this.svg.addEventListener(name, action);
    on("pointerdown", (event) => {
      if (event.pointerType === "touch") this.show(this.nearest(position(event)));
      else if (event.button === 0) start = position(event);
    });
    on("pointermove", (event) => {
      const at = position(event);
      if (!start) return this.show(this.nearest(at));
      if (!choice && Math.hypot(at[0] - start[0], at[1] - start[1]) > 8) {
        choice = this.svg.appendChild(make("rect", { class: "choice" }));
        this.svg.setPointerCapture(event.pointerId);
        this.show(null);
      }
      sides.forEach((side) => {
        choice?.setAttribute("xy"[side], Math.min(at[side], start[side]));
        choice?.setAttribute(["width", "height"][side], Math.abs(at[side] - start[side]));
      });
    });
    on("pointerup", (event) => {
      if (choice) this.choose(start, position(event));
      stop();
    });
    on("pointercancel", stop);
    // A finger leaves when it is lifted; what it showed stays.
    on("pointerleave", (event) => start || event.pointerType === "touch" || this.show(null));
    on("blur", () => { stop(); this.show(null); });
    on("dblclick", () => this.zoom(null));
  }

  nearest([x, y]) {
    let best = null, least = Infinity;
    this.curves.forEach((curve, place) => this.isShown(place) && curve.x.forEach((_, index) => {
      const spot = this.spot(place, index);
      const distance = spot ? Math.hypot((spot[0] - x) * 2, spot[1] - y) : Infinity;
      if (distance < least) [best, least] = [[place, index], distance];
    }));
    return best;
  }

  choose(from, to) {
    this.view(sides.map((side) => {
      const [start, end] = this.edges[side], [low, high] = this.ranges[side];
      if (Math.abs(from[side] - to[side]) < 8) return [low, high];
      const places = [from[side], to[side]].map((at) => low + (at - start) / (end - start) * (high - low));
      return [Math.max(low, Math.min(...places)), Math.min(high, Math.max(...places))];
    }));
  }

  // Around the point that is shown, or the middle; without a factor the whole is shown.
  zoom(factor) {
    this.view(factor && this.ranges.map(([low, high], side) => {
      const value = this.point && this.curves[this.point[0]]["xy"[side]][this.point[1]];
      const place = this.place(value, side), middle = Number.isNaN(place) ? (low + high) / 2 : place;
      return [middle - (middle - low) * factor, middle + (high - middle) * factor];
    }));
  }

  // Shows a part of the figure, or the whole. A part in which values cannot be told apart is not shown.
  view(ranges) {
    if (ranges && !ranges.every(isWide)) return;
    this.state.view = ranges && { ranges, log: sides.map((side) => this.isLog(side)) };
    this.draw();
  }

  // The keyboard

  addKeyboard() {
    const actions = {
      ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), ArrowUp: () => this.turn(-1),
      ArrowDown: () => this.turn(1), "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
      0: () => this.zoom(null), Escape: () => this.show(null),
    };
    this.svg.setAttribute("tabindex", 0);
    this.svg.addEventListener("keydown", (event) => {
      if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      actions[event.key]();
    });
  }

  step(by) {
    if (!this.point) return this.turn(1);
    const [curve, index] = this.point;
    for (let at = index + by; at >= 0 && at < this.curves[curve].x.length; at += by) {
      if (this.spot(curve, at)) return this.show([curve, at]);
    }
  }

  // To the next curve, near the same place.
  turn(by) {
    const count = this.curves.length, [curve, index] = this.point ?? [by > 0 ? -1 : count, 0];
    const start = this.point ? this.curves[curve].x[index] : -Infinity;
    for (let n = 1, at = curve; n <= count; n++) {
      at = (at + by + count) % count;
      const points = [...this.curves[at].x.keys()].filter((place) => this.isShown(at) && this.spot(at, place));
      const distance = (place) => Math.abs(this.curves[at].x[place] - start);
      if (points.length) return this.show([at, points.reduce((a, b) => distance(b) < distance(a) ? b : a)]);
    }
  }
}
