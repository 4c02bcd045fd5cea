"""Checks the pages of `unroll report` in Chromium: check.py UNROLL FOLDER.

Makes small runs of each kind below FOLDER, writes their pages and uses them as people do. The pictures of
each page, at two widths, light and dark, are left in FOLDER/pictures.
"""

import csv
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from browser import Browser

UNROLL, FOLDER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])

SMALL = ["--length", "12", "--hidden", "8", "--batch", "8"]
RUNS = {
    "decay": ["decay", "--length", "40", "--hidden", "16", "--truncation", "1,5,20"],
    "train": ["train", "adding", *SMALL, "--steps", "400", "--eval-every", "50", "--watch-decay", "100"],
    "train-rnn": ["train", "adding", *SMALL, "--cell", "rnn", "--steps", "3000"],
    "clip": ["clip", "adding", *SMALL, "--steps", "60", "--seeds", "2", "--thresholds", "none,0.1,1"],
    "surface": ["clip", "--surface"],
    "sweep": ["sweep", "adding", *SMALL, "--steps", "60", "--seeds", "2", "--vary", "cell=rnn,lstm",
              "--vary", "learning-rate=0.001,0.01,0.1", "--against", "cell=rnn"],
    "depth": ["depth", "--steps", "20"],
    "check": ["check"],
}
PAGES = {**{name: [name] for name in RUNS}, "all": list(RUNS)}
HOSTILE = "</script><img src=x onerror='window.hacked=1'>\"&"


def run(*words, **options):
    subprocess.run([UNROLL, *words], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL, **options)


def expect(condition, message):
    if not condition:
        sys.exit(f"check-report: {message}")


def rows(name):
    with open(f"{FOLDER}/{name}", newline="") as file:
        return list(csv.DictReader(file))


def make_runs():
    for name, words in RUNS.items():
        run(*words, "--quiet", "--out", name)
    # A run whose files hold what a page must show as text.
    shutil.copytree(f"{FOLDER}/decay", f"{FOLDER}/hostile")
    with open(f"{FOLDER}/hostile/config.json") as file:
        config = json.load(file)
    config["options"].update(task=HOSTILE, cells=HOSTILE)
    with open(f"{FOLDER}/hostile/config.json", "w") as file:
        json.dump(config, file)
    table = rows("hostile/decay.csv")
    with open(f"{FOLDER}/hostile/decay.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows({**row, "label": HOSTILE + row["label"]} for row in table)
    # A run whose numbers are as large and as close to each other as numbers get.
    shutil.copytree(f"{FOLDER}/decay", f"{FOLDER}/extreme")
    with open(f"{FOLDER}/extreme/decay.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        norms = [1e308, 1.7e308, 1e300, 1, 1 + 1e-15, 5e-324, 0]
        writer.writerows(
            {**row, **{key: norms[(int(row["lag"]) + place) % len(norms)] for place, key in enumerate(
                key for key in row if key.startswith("norm_"))}} for row in table)
    for name, folders in {**PAGES, "hostile": ["hostile"], "extreme": ["extreme"]}.items():
        run("report", *folders, "--out", f"{name}.html", "--quiet")


def page(name):
    return f"{FOLDER}/{name}.html"


def shown(browser):
    """What the pointer's box says: the curve's name and its lines by their names, `from a to b` as its range;
    nothing where it is hidden."""
    texts = browser.js("""[...document.querySelectorAll('#figure-1 .tip:not([hidden]) > *')]
      .map(part => part.textContent)""")
    if not texts:
        return None
    lines = {}
    for text in texts[1:]:
        name, _, value = ("range", "", text) if text.startswith("from ") else text.partition(": ")
        lines[name] = value
    return texts[0], lines


def labels(browser, kind):
    return browser.js(f"[...document.querySelectorAll('#figure-1 .grid {kind}')].map(text => text.textContent)")


def check_looks(browser):
    os.makedirs(f"{FOLDER}/pictures", exist_ok=True)
    for name in PAGES:
        for width in (390, 1400):
            for dark in (False, True):
                browser.open(page(name), width, dark=dark, touch=width < 500)
                browser.picture(f"{FOLDER}/pictures/{name}-{width}-{'dark' if dark else 'light'}.png")
                place = f"{name} at {width} pixels, {'dark' if dark else 'light'}"
                expect(not browser.complaints(), f"{place}: {browser.complaints()}")
                expect(browser.js("document.documentElement.scrollWidth <= innerWidth"), f"{place}: too wide")
                expect(browser.js("[...document.querySelectorAll('pre')].every(p => p.scrollWidth <= p.clientWidth)"),
                       f"{place}: a command line is cut")
                expect(browser.js("[...document.querySelectorAll('.option')].every(o => o.getClientRects().length < 2)"),
                       f"{place}: an option is broken")
                ground = browser.js("getComputedStyle(document.body).backgroundColor")
                expect((ground != "rgb(255, 255, 255)") == dark, f"{place}: the ground is {ground}")
                empty = browser.js("""[...document.querySelectorAll('figure.chart')]
                  .filter(figure => ![...figure.querySelectorAll('.curve path')].some(path => path.getAttribute('d')))
                  .filter(figure => figure.querySelector('.empty')?.getAttribute('display') !== 'inline')
                  .map(figure => figure.id)""")
                expect(empty == [], f"{place}: nothing is drawn in {empty}")


def check_without_script(browser):
    browser.open(page("decay"), script=False)
    lines = browser.js("[...document.querySelectorAll('.curve .stroke')].map(path => path.getAttribute('d').length)")
    expect(len(lines) > 10 and min(lines) > 20, f"without a script the lines are {lines}")
    expect(browser.js("document.querySelectorAll('#figure-1 .grid text').length") > 6, "no tics without a script")
    expect(browser.js("document.querySelectorAll('td').length") > 50, "no tables without a script")
    browser.picture(f"{FOLDER}/pictures/decay-without-script.png")


def check_hostile(browser):
    def elements():
        # The page marks the options of a command line, of which this run has more.
        return browser.js("[...document.querySelectorAll(':not(.option)')].map(element => element.localName)"
                          ".sort().join()")
    browser.open(page("decay"))
    plain = elements()
    browser.open(page("hostile"))
    expect(browser.js("window.hacked") is None, "text from a file ran as a script")
    expect(not browser.complaints(), f"hostile: {browser.complaints()}")
    expect(elements() == plain, "text from a file became an element")
    expect(HOSTILE in browser.js("document.querySelector('h1').textContent"), "the task is not shown as it is")
    expect(HOSTILE in browser.js("document.querySelector('.key').textContent"), "a label is not shown as it is")
    left, top, width, height = browser.box("#figure-1 .plot > svg")
    browser.mouse("mouseMoved", (left + width / 2, top + height / 2))
    expect(shown(browser) is not None, "the pointer shows nothing")
    expect(shown(browser)[0].startswith(HOSTILE), f"the pointer shows {shown(browser)}")
    expect(browser.js("document.querySelector('.tip :not(b, span)')") is None, "the box has elements of a file")


def dots(browser):
    """Where the points of the first figure's curves are drawn, by the curve's name, in pixels of the window."""
    left, top, _, _ = browser.box("#figure-1 .plot > svg")
    paths = browser.js("""[...document.querySelectorAll('#figure-1 .curve')]
      .map(curve => curve.querySelector('.dots, .stroke').getAttribute('d'))""")
    names = browser.js("[...document.querySelectorAll('#figure-1 .key b')].map(name => name.textContent)")
    return {name: [(left + float(x), top + float(y)) for x, y in re.findall(r"[ML]([-0-9.]+) ([-0-9.]+)", path)]
            for name, path in zip(names, paths, strict=True)}


def check_pointer(browser):
    """At every point the pointer shows that point, and its value and range are the file's."""
    table = {(row["label"], row["path"], row["lag"]): row for row in rows("decay/decay.csv")}
    browser.open(page("decay"))
    drawn, others = dots(browser), 0
    expect(len(drawn) == 3 and all(len(points) == 40 for points in drawn.values()), "not every lag is drawn")
    for curve, points in drawn.items():
        for at in points[::6]:
            browser.mouse("mouseMoved", at)
            expect(shown(browser) is not None, f"nothing is shown at a point of {curve}")
            name, lines = shown(browser)
            # Where curves meet it may be the other one's.
            spot = drawn[name][int(lines["lag k"])]
            expect(math.dist(spot, at) < 1.5, f"at {at} of {curve} the pointer shows {name} at {spot}")
            row = table[(*name.split(" "), lines["lag k"])]
            expect(float(lines["value"]) == float(row["norm_mean"]), f"{name}: {lines}, not {row}")
            low, high = lines["range"].removeprefix("from ").split(" to ")
            expect((float(low), float(high)) == (float(row["norm_p10"]), float(row["norm_p90"])), f"{name}: {lines}")
            others += name != curve
    expect(others <= 2, f"{others} points are shown as another curve's")
    browser.mouse("mouseMoved", (5, 5))
    expect(shown(browser) is None, "the values stay when the pointer has gone")
    # A training loss that is thinned shows values of the file as well.
    losses = {row["step"]: float(row["loss"]) for row in rows("train-rnn/metrics.csv")}
    browser.open(page("train-rnn"))
    points = dots(browser)["training loss"]
    expect(100 < len(points) < len(losses), f"{len(points)} of {len(losses)} losses are drawn")
    found = 0
    for at in points[::len(points) // 20]:
        browser.mouse("mouseMoved", at)
        expect(shown(browser) is not None, "nothing is shown at a training loss")
        name, lines = shown(browser)
        if name == "training loss":
            found += 1
            expect(float(lines["value"]) == losses[lines["step"]], f"{name} at {lines}")
    expect(found > 10, f"the pointer met {found} training losses")


def check_key(browser):
    browser.open(page("decay"))
    group = "document.querySelector('#figure-1 .curve')"
    first = "#figure-1 .key button"
    upright = labels(browser, "text.upright")
    for pressed, display in (("false", "none"), ("true", "")):
        browser.click(first)
        expect(browser.js(f"{group}.style.display") == display, f"a click in the key: {display!r} expected")
        expect(browser.js(f"document.querySelector('{first}').getAttribute('aria-pressed')") == pressed, "the key")
        expect((labels(browser, "text.upright") == upright) == (pressed == "true"), "the axis does not follow")


def check_scales(browser):
    browser.open(page("decay"))
    before = labels(browser, "text.upright")
    expect(any("10⁻" in text for text in before), f"the logarithmic axis has {before}")
    browser.click("#figure-1 .tools button")
    after = labels(browser, "text.upright")
    expect(after[0] == "0" and not any("10⁻" in text for text in after), f"the linear axis has {after}")
    left, top, width, height = browser.box("#figure-1 .plot > svg")
    across = labels(browser, "text:not(.upright)")
    start, end = (left + width * 0.3, top + height * 0.3), (left + width * 0.5, top + height * 0.6)
    browser.drag(start, end)
    zoomed = [float(text) for text in labels(browser, "text:not(.upright)")]
    expect(zoomed[0] > 0 and zoomed[-1] < float(across[-1]), f"a drag shows {zoomed}")
    for count in (1, 2):
        browser.mouse("mousePressed", end, count)
        browser.mouse("mouseReleased", end, count)
    expect(labels(browser, "text:not(.upright)") == across, "a double click does not show the whole")


def check_keyboard(browser):
    browser.open(page("decay"))
    browser.js("document.querySelector('#figure-1 .plot > svg').focus()")
    browser.key("ArrowRight")
    first = shown(browser)
    browser.key("ArrowRight")
    second = shown(browser)
    expect(first[0] == second[0] and int(second[1]["lag k"]) == int(first[1]["lag k"]) + 1, f"{first} {second}")
    browser.key("ArrowDown")
    expect(shown(browser)[0] != second[0] and shown(browser)[1]["lag k"] == second[1]["lag k"], "no next curve")
    before = labels(browser, "text:not(.upright)")
    browser.key("+")
    expect(labels(browser, "text:not(.upright)") != before, "+ does not zoom")
    browser.key("0")
    expect(labels(browser, "text:not(.upright)") == before, "0 does not show the whole")
    browser.key("Escape")
    expect(shown(browser) is None, "Escape does not hide the values")


def check_labels(browser):
    """The script labels tics as the program does: the table is that of AxisTests.labelsDiffer."""
    browser.open(page("decay"))
    for places, step, size, texts in (
            ([1e8, 100000200], 200, 100000700, ["10⁸", "1.000002·10⁸"]),
            ([-4e6, 0, 2e6], 2e6, 5e6, ["−4000000", "0", "2000000"]),
            ([2e-5, 1e-4], 2e-5, 1e-4, ["0.00002", "0.00010"]),
            ([5e-6, 1e-5, 1.5e-5], 5e-6, 2e-5, ["5·10⁻⁶", "10⁻⁵", "1.5·10⁻⁵"]),
            ([-3e7, -1e7], 1e7, 3e7, ["−3·10⁷", "−10⁷"])):
        found = browser.js(f"{places}.map(place => label(place, {step}, {size}))")
        expect(found == texts, f"tics at {places} have the labels {found}, not {texts}")


def check_zoom(browser):
    """However far one zooms, the figure answers, its tics are few and differ, and the whole comes back."""
    zoomed = """(() => {
      const [chart] = charts;
      for (let count = 0; count < 300; count++) chart.zoom(FACTOR);
      return [chart.ranges, ...['text.upright', 'text:not(.upright)'].map(kind =>
        [...chart.svg.querySelectorAll('.grid ' + kind)].map(text => text.textContent))];
    })()"""
    for name in ("decay", "extreme"):
        browser.open(page(name))
        for scale in ("log", "linear"):
            browser.js("document.querySelector('#figure-1 .plot > svg').focus()")
            whole = labels(browser, "text")
            expect(len(whole) > 4, f"{name}, {scale}: the tics are {whole}")
            for key in ("Escape", "ArrowRight"):
                browser.key(key)
                for factor in (0.5, 0.6, 2):
                    ranges, *tics = browser.js(zoomed.replace("FACTOR", str(factor)))
                    place = f"{name}, {scale}, by {factor}: {ranges}"
                    for texts in tics:
                        expect(len(texts) <= 20 and len(set(texts)) == len(texts), f"{place} has the tics {texts}")
                    expect(all(low < high for low, high in ranges), place)
                    broken = browser.js("document.querySelector('#figure-1 svg').outerHTML.match(/NaN|Infinity/)")
                    expect(broken is None, f"{place} is drawn with {broken}")
                    browser.key("0")
                    expect(labels(browser, "text") == whole, f"{place}: 0 does not show the whole")
            browser.click("#figure-1 .tools button")
        expect(not browser.complaints(), f"{name}: {browser.complaints()}")


def check_kept(browser):
    """What was chosen stays with its run, figure, curve and column when the page is written anew, wherever
    these stand then."""
    shutil.copytree(f"{FOLDER}/decay", f"{FOLDER}/kept")
    run("report", "kept", "sweep", "--out", "kept.html", "--quiet")
    chosen = """(() => {
      const run = part => part.closest('section').querySelector('.folder code')?.textContent;
      const title = part => part.querySelector('summary, figcaption').firstChild.textContent.trim();
      const list = (kind, name) => [...document.querySelectorAll(kind)].map(name).sort();
      return {
        hidden: list('.key [aria-pressed=false]', key =>
          [run(key), title(key.closest('figure')), key.querySelector('b').textContent]),
        linear: list('.tools [aria-pressed=false]', key => [run(key), title(key.closest('figure')), key.textContent]),
        zoomed: list('figure.chart', figure =>
          [run(figure), title(figure), figure.querySelector('.grid').textContent]).filter(([name]) => name === 'kept'),
        sorted: list('th[aria-sort]', heading =>
          [run(heading), title(heading.closest('details')), heading.textContent, heading.getAttribute('aria-sort')]),
        closed: list('details:not([open])', part => [run(part), title(part)]),
        digits: document.querySelector('.digits').getAttribute('aria-pressed'),
      };
    })()"""
    order = "[...document.querySelectorAll('.key b')].map(name => name.textContent)"
    browser.open(page("kept"))
    standard, names = browser.js(chosen), browser.js(order)
    for choice in ("figure.chart .key button", "figure.chart .tools button", ".run th:nth-child(2) button", ".digits"):
        browser.js(f"document.querySelector('{choice}').click()")
    browser.js("document.querySelectorAll('details')[1].open = false")
    browser.js("charts[1].zoom(0.5)")
    before = browser.js(chosen)
    expect(all(before[key] != standard[key] for key in before), f"nothing was chosen: {before}")
    table = rows("kept/decay.csv")
    with open(f"{FOLDER}/kept/decay.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(sorted(table, key=lambda row: row["label"]))
    run("report", "sweep", "kept", "--out", "kept.html", "--quiet")
    browser.js("window.isOld = true; reload()")
    browser.wait("!window.isOld && document.readyState === 'complete'")
    expect(browser.js(order) != names, "the curves stand where they stood")
    after = browser.js(chosen)
    for key in before:
        expect(after[key] == before[key], f"{key}: {after[key]}, chosen was {before[key]}")


def check_tables(browser):
    browser.open(page("sweep"))
    names = browser.js("[...document.querySelectorAll('.run table')[2].querySelectorAll('th')].map(h => h.textContent)")
    place = names.index("test_loss")
    column = f"""[...document.querySelectorAll('.run table')[2].tBodies[0].rows]
      .map(row => row.cells[{place}].dataset.all ?? row.cells[{place}].textContent)"""
    own = [row["test_loss"] for row in rows("sweep/runs.csv")]
    expect(browser.js(column) == own, "the table does not have the file's numbers")
    for _ in ("ascending", "descending"):
        browser.js(f"document.querySelectorAll('.run table')[2].querySelectorAll('th button')[{place}].click()")
        own.sort(key=float, reverse=_ == "descending")
        expect(browser.js(column) == own, f"the table is not {_}")
    browser.click(".digits")
    text = browser.js(f"document.querySelectorAll('.run table')[2].tBodies[0].rows[0].cells[{place}].textContent")
    expect(text == own[0], f"all digits: {text}, not {own[0]}")


def check_lists(browser):
    """A column of lists sorts by their first numbers."""
    browser.open(page("decay"))
    cells = ["10, 1", "1, 5, 10", "9", "2.5, 0", ""]
    rows_of = "".join(f"<tr><td>{text}</td></tr>" for text in cells)
    sorted_cells = browser.js(f"""(() => {{
      const [table] = document.querySelectorAll('.run table');
      table.tHead.rows[0].replaceChildren(table.tHead.rows[0].cells[0]);
      table.tBodies[0].innerHTML = '{rows_of}';
      sort(table.tHead.rows[0].cells[0], 'ascending');
      return [...table.tBodies[0].rows].map(row => row.cells[0].textContent);
    }})()""")
    expect(sorted_cells == ["1, 5, 10", "2.5, 0", "9", "10, 1", ""], f"lists are sorted as {sorted_cells}")


def check_touch_and_print(browser):
    browser.open(page("decay"), 390, touch=True)
    left, top, width, height = browser.box("#figure-1 .plot > svg")
    point = {"x": left + width / 2, "y": top + height / 2}
    browser.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
    browser.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    expect(shown(browser) is not None, "a tap shows no values")
    browser.open(page("all"), dark=True)
    expect(browser.printed().startswith(b"%PDF"), "the page does not print")
    browser.media(dark=True, name="print")
    expect(browser.js("getComputedStyle(document.querySelector('.tools')).display") == "none", "buttons are printed")
    expect(browser.js("getComputedStyle(document.body).color") == "rgb(31, 35, 40)", "dark ink is not printed")
    browser.media()


def check_watch(browser):
    """The page of a run that goes on loads itself again, keeps what was chosen, and stops at the run's end."""
    training = subprocess.Popen(
        [UNROLL, "train", "adding", "--hidden", "64", "--steps", "1000000", "--quiet", "--out", "live"], cwd=FOLDER,
        stdout=subprocess.DEVNULL)
    while not os.path.exists(f"{FOLDER}/live/metrics.csv.partial"):
        time.sleep(0.1)
        expect(training.poll() is None, "the training has ended")
    watch = subprocess.Popen([UNROLL, "report", "live", "--watch", "--quiet", "--out", "live.html"], cwd=FOLDER,
                             stdout=subprocess.DEVNULL)
    try:
        while not os.path.exists(page("live")):
            time.sleep(0.1)
        browser.open(page("live"))
        browser.wait("document.querySelector('.state').textContent === 'running'")
        browser.wait("document.querySelectorAll('#figure-1 .key button').length > 1", 60)
        browser.click("#figure-1 .key button")
        browser.mouse("mouseMoved", (5, 5))
        last = "JSON.parse(document.querySelector('#figure-1 script').textContent).curves[0].x.at(-1)"
        before = browser.js(last)
        browser.js("window.isOld = true")
        browser.wait("!window.isOld && document.readyState === 'complete'", 30)
        expect(browser.js(last) > before, "a page that loads itself again has no further updates")
        expect(browser.js("document.querySelector('#figure-1 .key button').getAttribute('aria-pressed')") == "false",
               "a page that loads itself again forgets what was switched off")
        expect(not browser.complaints(), f"live: {browser.complaints()}")
    finally:
        training.send_signal(signal.SIGINT)
        training.wait()
    expect(watch.wait(timeout=60) == 0, "the watch does not end with the run")
    browser.wait("document.querySelector('.state').textContent === 'interrupted'", 30)
    expect(browser.js("document.body.dataset.reload") is None, "the page goes on loading itself")


def main():
    os.makedirs(FOLDER, exist_ok=True)
    make_runs()
    with Browser() as browser:
        for check in (check_looks, check_without_script, check_hostile, check_pointer, check_key, check_scales,
                      check_keyboard, check_labels, check_zoom, check_tables, check_lists, check_kept,
                      check_touch_and_print, check_watch):
            check(browser)
            print(f"  {check.__name__.removeprefix('check_').replace('_', ' ')}", flush=True)


main()
