"""Checks the pages of `unroll report` in Chromium: check.py UNROLL FOLDER.

Makes small runs of each kind below FOLDER, writes their pages and uses them as people do. The pictures of
each page, at two widths, light and dark, are left in FOLDER/pictures.
"""

import csv
import json
import os
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
    for name, folders in {**PAGES, "hostile": ["hostile"]}.items():
        run("report", *folders, "--out", f"{name}.html", "--quiet")


def page(name):
    return f"{FOLDER}/{name}.html"


def shown(browser):
    """What the pointer's box says: the curve's name and its lines by their names; nothing where it is hidden."""
    texts = browser.js("""[...document.querySelectorAll('#figure-1 .tip:not([hidden]) > *')]
      .map(part => part.textContent)""")
    return (texts[0], dict(line.split(": ", 1) for line in texts[1:] if ": " in line)) if texts else None


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
    browser.open(page("hostile"))
    expect(browser.js("window.hacked") is None, "text from a file ran as a script")
    expect(not browser.complaints(), f"hostile: {browser.complaints()}")
    expect(browser.js("document.querySelectorAll('main img').length") == 0, "text from a file became an element")
    expect(HOSTILE in browser.js("document.querySelector('h1').textContent"), "the task is not shown as it is")
    expect(HOSTILE in browser.js("document.querySelector('.key').textContent"), "a label is not shown as it is")
    left, top, width, height = browser.box("#figure-1 .plot > svg")
    browser.mouse("mouseMoved", (left + width / 2, top + height / 2))
    expect(HOSTILE in shown(browser)[0], f"the pointer shows {shown(browser)}")


def check_pointer(browser):
    """Every value that the pointer shows is the file's."""
    norms = {(row["label"], row["path"], row["lag"]): float(row["norm_mean"]) for row in rows("decay/decay.csv")}
    browser.open(page("decay"))
    left, top, width, height = browser.box("#figure-1 .plot > svg")
    seen = set()
    for step in range(40):
        for share in (0.2, 0.5, 0.8):
            browser.mouse("mouseMoved", (left + 70 + step / 40 * (width - 100), top + share * height))
            name, lines = shown(browser)
            label, path = name.split(" ")
            lag = lines["lag k"]
            expect(float(lines["value"]) == norms[label, path, lag], f"{name} at lag {lag}: {lines}")
            seen.add((name, lag))
    expect(len(seen) > 40 and len({name for name, _ in seen}) > 1, f"the pointer met {len(seen)} points only")
    browser.mouse("mouseMoved", (5, 5))
    expect(shown(browser) is None, "the values stay when the pointer has gone")
    # A training loss that is thinned shows values of the file as well.
    losses = {row["step"]: float(row["loss"]) for row in rows("train-rnn/metrics.csv")}
    browser.open(page("train-rnn"))
    left, top, width, height = browser.box("#figure-1 .plot > svg")
    found = 0
    for step in range(30):
        browser.mouse("mouseMoved", (left + 70 + step / 30 * (width - 100), top + height * 0.15))
        name, lines = shown(browser)
        if name == "training loss":
            found += 1
            expect(float(lines["value"]) == losses[lines["step"]], f"{name} at {lines}")
    expect(found > 5, f"the pointer met {found} training losses")


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
        browser.js("window.isOld = true")
        browser.wait("!window.isOld && document.readyState === 'complete'", 30)
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
                      check_keyboard, check_tables, check_touch_and_print, check_watch):
            check(browser)
            print(f"  {check.__name__.removeprefix('check_').replace('_', ' ')}", flush=True)


main()
