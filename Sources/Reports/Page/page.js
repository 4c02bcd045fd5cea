// What makes a report page respond: its figures; tables that sort; a page that is written anew loads itself
// again. Without a script the page shows the same figures and tables.

document.documentElement.classList.add("live");

// Tables

function sort(heading, direction) {
  const value = ({ cells }) => cells[heading.cellIndex].dataset.all ?? cells[heading.cellIndex].textContent;
  // Of a list of numbers, its first.
  const number = (text) => {
    const [first] = text.split(", ");
    return { inf: Infinity, "-inf": -Infinity }[first] ?? Number(first);
  };
  const sign = direction === "ascending" ? 1 : -1;
  const compare = (a, b) => {
    if (!a || !b) return !a - !b; // blanks last
    const [x, y] = [number(a), number(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || sign * a.localeCompare(b);
    return sign * ((x > y) - (x < y));
  };
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction);
  const [body] = heading.closest("table").tBodies;
  body.append(...[...body.rows].sort((one, other) => compare(value(one), value(other))));
}

const headings = [...document.querySelectorAll("th")];
for (const heading of headings) {
  heading.firstChild.addEventListener("click", () =>
    sort(heading, heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending"));
}

const digits = document.querySelector(".digits");
const hasAllDigits = () => digits?.getAttribute("aria-pressed") === "true";
digits?.addEventListener("click", () => {
  digits.setAttribute("aria-pressed", !hasAllDigits());
  for (const cell of document.querySelectorAll("[data-all]")) {
    cell.dataset.short ??= cell.textContent;
    cell.textContent = hasAllDigits() ? cell.dataset.all : cell.dataset.short;
  }
});

// A page that loads itself again keeps what was chosen in it.

const storage = "unroll-report:" + location.pathname;
let saved = {};
try {
  saved = JSON.parse(sessionStorage.getItem(storage)) ?? {};
  sessionStorage.removeItem(storage);
} catch { /* A browser may keep nothing for files. */ }
const charts = [...document.querySelectorAll("figure.chart")].map((figure) => new Chart(figure));
const details = [...document.querySelectorAll("details")];
const titleOf = (part) => part?.querySelector("summary").firstChild.textContent.trim() ?? "";
const nameOfPart = (part) => nameOf(part, titleOf(part));
const nameOfColumn = (heading) => nameOf(heading, [titleOf(heading.closest("details")), heading.textContent]);
if (saved.hasAllDigits) digits.click();
for (const part of details) part.open = saved.open?.[nameOfPart(part)] ?? part.open;
for (const heading of headings) {
  const direction = saved.sorted?.[nameOfColumn(heading)];
  if (direction) sort(heading, direction);
}

function reload() {
  if (document.querySelector(".choice, .tip:not([hidden])")) return setTimeout(reload, 1000);
  const state = {
    figures: Object.fromEntries(charts.map((chart) => [chart.name, chart.state])),
    hasAllDigits: hasAllDigits(),
    open: Object.fromEntries(details.map((part) => [nameOfPart(part), part.open])),
    sorted: Object.fromEntries(headings.filter((heading) => heading.hasAttribute("aria-sort"))
      .map((heading) => [nameOfColumn(heading), heading.getAttribute("aria-sort")])),
  };
  try { sessionStorage.setItem(storage, JSON.stringify(state)); } catch { /* as above */ }
  location.reload();
}
if (document.body.dataset.reload) setTimeout(reload, 1000 * document.body.dataset.reload);
