# SPDX-License-Identifier: LGPL-2.1-or-later
"""html.py - does a browser show what --html wrote, and does it obey the hand?

    html.py VMSTALL MAKE_HOSTILE ROOT DIRECTORY CASE
    html.py VMSTALL BENCH_GROW ROOT DIRECTORY Big

Leaves the page and screenshots, light and dark, in DIRECTORY, for people to look at.
"""
import os
import re
import shutil
import subprocess
import sys
import unittest

from browser import Browser

program = maker = root = directory = ""


def page_of(name, recording, verb="analyze"):
    path = os.path.join(directory, name + ".html")
    subprocess.run([program, verb, "-q", "--html", path, recording], check=True, stdout=subprocess.DEVNULL)
    return path


def text_of(path):
    with open(path, encoding="ascii", errors="strict") as f:
        return f.read()


class Page(unittest.TestCase):
    """Opens one page in each colour scheme, and asks it what it shows."""

    name = recording = None
    verb = "analyze"

    @classmethod
    def setUpClass(cls):
        cls.path = page_of(cls.name, cls.find(), cls.verb)
        cls.browser = Browser()
        cls.browser.open(cls.path)

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()

    @classmethod
    def find(cls):
        return os.path.join(root, cls.recording)

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])

    def shown(self):
        return self.browser.run("document.getElementById('page').innerText")

    def view(self):
        return self.browser.run("[shownPage.timeline.from, shownPage.timeline.to]")

    def place(self, what):
        """The middle of a lane or row in the window: of the first that meets a condition in the page's own words."""
        return self.browser.run("""(() => {
            const tl = shownPage.timeline, p = tl.places.find(p => %s);
            tl.canvas.scrollIntoView({ block: 'center' });
            const r = tl.canvas.getBoundingClientRect();
            return [r.left + GUTTER + (r.width - GUTTER) / 2, r.top + p.y + p.h / 2]; })()""" % what)

    def pixels(self):
        """How many colours there are in the timeline: nothing drawn has one."""
        return self.browser.run("""(() => {
            const c = shownPage.timeline.canvas, d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
            return new Set(new Uint32Array(d.buffer)).size; })()""")

    def test_loads_without_a_complaint_and_asks_the_network_for_nothing(self):
        self.assertEqual(self.browser.complaints, [])
        self.assertGreater(len(self.shown()), 200)

    def test_nothing_in_it_could_run_or_load_anything_else(self):
        page = text_of(self.path)
        self.assertEqual(len(re.findall("<script", page)), 2)
        self.assertEqual(len(re.findall("</script", page)), 2)
        self.assertNotRegex(page, r'\son[a-z]+="|<(iframe|object|embed|link|base|form|img)\b')
        self.assertIn("default-src 'none'; script-src 'sha256-", page)
        self.browser.run("""{ const s = document.createElement('script'); s.textContent = 'window.ran = 1';
            document.body.append(s); }""")
        self.assertIsNone(self.browser.run("window.ran || null"))
        self.assertTrue(self.browser.complaints)    # the policy said so
        self.browser.complaints.clear()

    def test_looks_are_kept_for_people(self):
        self.browser.screenshot(os.path.join(directory, self.name + "-light.png"))
        self.assertGreater(os.path.getsize(os.path.join(directory, self.name + "-light.png")), 20000)
        light = self.browser.run("getComputedStyle(document.body).backgroundColor")
        with Browser(dark=True) as dark:
            dark.open(self.path)
            dark.screenshot(os.path.join(directory, self.name + "-dark.png"))
            self.assertEqual(dark.complaints, [])
            self.assertNotEqual(dark.run("getComputedStyle(document.body).backgroundColor"), light)

    def test_prints_to_one_page(self):
        paper = os.path.join(directory, self.name + ".pdf")
        self.browser.pdf(paper)
        with open(paper, "rb") as f:
            self.assertEqual(len(re.findall(rb"/Type\s*/Page\b", f.read())), 1)


class Stalls(Page):
    """What every page with stalls must do. Not a test by itself."""

    def test_there_is_a_drawing(self):
        self.assertGreater(self.pixels(), 10)

    def test_the_verdict_says_who_froze_whom(self):
        self.assertRegex(self.browser.run("document.querySelector('h1').innerText"), self.headline)

    def test_keys_zoom_move_and_return(self):
        b = self.browser
        b.run("shownPage.moves.stall()")
        b.settle()
        b.run("shownPage.timeline.canvas.focus()")
        whole = self.view()
        b.press("+", "+")
        near = self.view()
        self.assertLess(near[1] - near[0], .7 * (whole[1] - whole[0]))
        b.press("ArrowRight")
        self.assertGreater(self.view()[0], near[0])
        b.press("Home")
        far = self.view()
        self.assertGreater(far[1] - far[0], whole[1] - whole[0])
        b.press("Enter")
        self.assertEqual(self.view(), whole)
        b.press("ArrowDown")
        self.assertTrue(b.run("document.querySelector('[aria-live]').textContent"))
        b.press("Escape")

    def test_a_double_click_zooms_where_it_was(self):
        b = self.browser
        b.run("shownPage.moves.stall()")
        b.settle()
        before = self.view()
        x, y = self.place("p.kind === 'cpu'")
        at = b.run("shownPage.timeline.time(%f - shownPage.timeline.canvas.getBoundingClientRect().left)" % x)
        b.click(x, y, times=2)
        after = self.view()
        self.assertLess(after[1] - after[0], .6 * (before[1] - before[0]))
        self.assertTrue(after[0] < at < after[1])

    def test_the_pointer_is_told_what_is_under_it(self):
        b = self.browser
        b.run("shownPage.moves.stall()")
        b.settle()
        b.hover(*self.place("p.kind === 'cpu' && p.cpu === shownPage.stall.cause.cpu"))
        self.assertIn("holds lru_lock", b.run("document.querySelector('.tip').textContent"))
        b.hover(*self.place("p.kind === 'task' && p.row.missed > 2"))
        self.assertRegex(b.run("document.querySelector('.tip').textContent"), r"\d+ periods of .* missed")

    def test_what_is_read_below_is_what_is_drawn(self):
        rows = self.browser.run("document.querySelectorAll('section table').length && [...document.querySelectorAll("
                                "'section table')].at(-1).tBodies[0].rows.length")
        self.assertEqual(rows, self.browser.run("shownPage.stall.tasks_frozen"))
        self.assertEqual(rows, self.browser.run("shownPage.timeline.places.filter(p => p.kind === 'task').length"))


class Sample(Stalls):
    name, recording = "sample", "samples/sample-arm64-5.10-dmazone-stall.dat"
    headline = r"^kswapd0 froze \d\d tasks on all 4 CPUs for 1\.9\d\d s$"

    def test_says_why_and_what_to_do(self):
        self.assertIn("vm.lowmem_reserve_ratio", self.shown())

    def test_is_small(self):
        self.assertLess(os.path.getsize(self.path), 400000)

    def test_the_steps_that_led_to_it_are_there(self):
        self.assertRegex(self.shown(), r"dma_user \(pid 330\) on CPU 0: woke kswapd")

    def test_without_scripts_the_verdict_is_text(self):
        self.assertRegex(text_of(self.path), r"(?s)<noscript>.*kswapd0 \(pid 68\) on CPU 0 held lru_lock.*</noscript>")


class Several(Stalls):
    name, recording = "several", "tests/fixtures/recordings/arm64-6.1-dmazone.dat"
    headline = r"^kswapd0 froze \d\d tasks on all 4 CPUs for \d\d\d ms$"

    def test_a_click_on_a_row_moves_the_view_to_that_stall(self):
        b = self.browser
        for row in (1, 0):
            x, y = b.run("""(() => { const tr = document.querySelectorAll('tr.row')[%d]; tr.scrollIntoView();
                const r = tr.getBoundingClientRect(); return [r.left + 20, r.top + r.height / 2]; })()""" % row)
            b.click(x, y)
            start, end = b.run("(s => [s.bounds.start_ns, s.bounds.end_ns])(data.stalls[%d])" % row)
            view = self.view()
            self.assertTrue(view[0] < start and end < view[1] < end + 20 * (end - start) + 1e9)
            self.assertEqual(b.run("shownPage.stall.stall_id"), row + 1)
            self.assertEqual(b.run("document.querySelectorAll('tr.row[aria-current]').length"), 1)

    def test_n_and_p_walk_the_stalls(self):
        b = self.browser
        b.run("shownPage.choose(data.stalls[0]); shownPage.timeline.canvas.focus()")
        b.press("n")
        self.assertEqual(b.run("shownPage.stall.stall_id"), 2)
        b.press("p")
        self.assertEqual(b.run("shownPage.stall.stall_id"), 1)


class Healthy(Page):
    name, recording = "healthy", "tests/fixtures/recordings/amd64-5.10-healthy.dat"

    def test_says_that_there_is_no_stall(self):
        self.assertRegex(self.browser.run("document.querySelector('h1').innerText"), "^No stall of 10 ms or more$")

    def test_shows_what_the_cpus_did_all_the_same(self):
        b = self.browser
        b.hover(*self.place("p.kind === 'cpu'"))
        self.assertRegex(b.run("document.querySelector('.tip').textContent"), "busy for|idle for")


class Hostile(Stalls):
    name = "hostile"
    headline = r"^kswapd0 froze \d+ tasks on 2 of 4 CPUs for 1\.000 s$"
    names = ["</script><b>x", "<!--<script>", "<img src=x:x>", "\"];alert(1)//", "${alert(1)}", "__proto__", "constructor",
             "\\u003c\\\\", "&lt;&#60;b>", "</pre></nosc", "{{data}}"]

    @classmethod
    def find(cls):
        recording = os.path.join(directory, "hostile.dat")
        subprocess.run([maker, recording], check=True)
        return recording

    def test_names_stay_text(self):
        rows = self.browser.run("data.stalls[0].victims.map(v => v.comm)")
        cells = self.browser.run("[...document.querySelectorAll('td')].map(td => td.textContent)")
        for name in self.names:
            self.assertIn(name, rows)
            self.assertIn(name, cells)
        self.assertEqual(self.browser.run("document.querySelectorAll('#page img, #page b, #page script').length"), 0)
        self.assertEqual(self.browser.run("document.querySelectorAll('script').length"), 2)

    def test_what_acts_on_text_is_not_shown(self):
        self.assertNotRegex(self.shown(), "[\u2028\u2029\u001b\u202e]")


class Big(Page):
    """A thousand stalls in more than ten million events; for run.sh, with a program built to be fast."""

    name = "big"

    @classmethod
    def find(cls):
        made = [os.path.join(directory, name) for name in ("cut", "plain.dat", "big.dat")]
        sample = os.path.join(root, "samples/sample-arm64-5.10-dmazone-stall.dat")
        quietly = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["trace-cmd", "split", "-i", sample, "-o", made[0], "55.93", "58.2"], **quietly)
        subprocess.run(["trace-cmd", "convert", "--file-version", "7", "--compression", "none", "-i", made[0] + ".1", "-o", made[1]],
                       **quietly)
        subprocess.run([maker, "--times", "1000", "--compression", "zstd", made[1], made[2]], **quietly)
        return made[2]

    def test_is_what_it_should_be(self):
        self.assertEqual(self.browser.run("data.all_stalls"), 1000)
        self.assertGreater(self.browser.run("data.input.events"), 10e6)

    def test_is_small_and_tells_every_stall_in_full(self):
        print("big.html: %d bytes" % os.path.getsize(self.path), file=sys.stderr)
        self.assertLess(os.path.getsize(self.path), 5 << 20)
        self.assertEqual(self.browser.run("data.stalls.filter(s => s.victims && s.close_ups.length).length"), 1000)

    def test_opens_at_once(self):
        took = self.browser.run("(t => t.domContentLoadedEventEnd - t.responseEnd)(performance.getEntriesByType('navigation')[0])")
        print("big.html: open after %.0f ms" % took, file=sys.stderr)
        self.assertLess(took, 20000)    # whatever else this machine does; a quiet one needs half a second

    def test_any_of_them_can_be_looked_at(self):
        b = self.browser
        b.run("document.querySelector('tr.row[data-stall=\"777\"]').click()")
        b.settle()
        self.assertEqual(b.run("shownPage.stall.stall_id"), 777)
        b.hover(*self.place("p.kind === 'cpu' && p.cpu === shownPage.stall.cause.cpu"))
        self.assertIn("holds lru_lock", b.run("document.querySelector('.tip').textContent"))
        self.assertGreater(b.run("shownPage.timeline.rows.filter(r => r.runs.length).length"), 5)


class Tables(Page):
    """What the pages of tables must do. Not a test by itself."""

    def test_a_click_on_a_head_orders_by_it(self):
        b = self.browser
        column = """[...document.querySelectorAll('table')].map(t => [...t.tHead.rows[0].cells].findIndex(
            th => th.querySelector('button') && th.textContent === '%s')).find(i => i >= 0)""" % self.column
        number = """[...document.querySelectorAll('th button')].find(b => b.textContent === '%s').closest('table').tBodies[0].rows"""
        values = "[...%s].map(tr => parseFloat(tr.cells[%s].textContent.replace(/,/g, '')))" % (number % self.column, column)
        press = "[...document.querySelectorAll('th button')].find(b => b.textContent === '%s').click()" % self.column
        b.run(press)
        down = b.run(values)
        self.assertEqual(down, sorted(down, reverse=True))
        self.assertGreater(down[0], down[-1])
        b.run(press)
        self.assertEqual(b.run(values), sorted(down))


class Fleet(Page):
    """Six recordings of two releases in three weeks, in directories with names as hostile as theirs may be."""

    name = "fleet"

    @classmethod
    def setUpClass(cls):
        work = os.path.join(directory, "fleet")
        shutil.rmtree(work, ignore_errors=True)
        one = Hostile.find()
        with open(one, "rb") as f:
            content = f.read()
        for i, place in enumerate(("r1/20240603", "r1/20240604", "r2/20240610", "r2/20240617", "r<b>3/20240617", "r1/20240618")):
            os.makedirs(os.path.join(work, place))
            with open(os.path.join(work, place, "trace &#%d.dat" % i), "wb") as f:
                f.write(content + b"%d" % i)
        with open(os.path.join(work, "cut.dat"), "wb") as f:
            f.write(b"no recording")
        cls.linked = os.path.join(work, "r2/20240610/trace &#2.dat")
        shutil.move(page_of("fleet-linked", cls.linked), cls.linked[:-4] + ".html")
        subprocess.run([program, "batch", "-q", "--label-from", r"(?<release>r[^/]+)/(?<date>\d{8})", "."], cwd=work,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)     # one failed: status 4
        subprocess.run([program, "fleet", "-q", "--html", "fleet.html"], cwd=work, check=True, stdout=subprocess.DEVNULL)
        cls.path = os.path.join(work, "fleet.html")
        cls.browser = Browser()
        cls.browser.open(cls.path)

    def test_the_verdict_counts_the_stalls(self):
        self.assertRegex(self.browser.run("document.querySelector('h1').innerText"),
                         r"^6 stalls in 7 recordings, [\d.,]+ an hour, 6 stalls by kswapd0$")

    def test_a_point_a_week_and_release(self):
        points = self.browser.run("[...document.querySelectorAll('svg g title')].map(t => t.textContent)")
        self.assertEqual(sorted(re.match(r"week of (\S+), (\S+): .*, (\d) stalls? in", p).groups() for p in points), [
            ("2024-06-03", "r1", "2"), ("2024-06-10", "r2", "1"), ("2024-06-17", "r1", "1"), ("2024-06-17", "r2", "1"),
            ("2024-06-17", "r<b>3", "1")])

    def test_what_could_not_be_analysed_is_told(self):
        self.assertIn("cut.dat", self.shown())

    LIST = "[...document.querySelectorAll('table')].find(t => t.caption.textContent.startsWith('Stalls of all'))"

    def rows(self):
        return self.browser.run(self.LIST + ".tBodies[0].rows.length")

    def test_a_click_on_a_head_orders_by_it(self):
        dates = "[..." + self.LIST + ".tBodies[0].rows].map(tr => tr.cells[0].textContent)"
        press = "[..." + self.LIST + ".querySelectorAll('th button')].find(b => b.textContent === 'date').click()"
        self.browser.run(press)
        down = self.browser.run(dates)
        self.assertEqual(down, sorted(down, reverse=True))
        self.assertGreater(down[0], down[-1])
        self.browser.run(press)
        self.assertEqual(self.browser.run(dates), sorted(down))

    def type(self, words):
        self.browser.run("{ const s = document.querySelector('input'); s.value = %r; s.dispatchEvent(new Event('input')); }" % words)

    def test_words_filter_the_stalls(self):
        self.assertEqual(self.rows(), 6)
        self.type("R2 kswapd")
        self.assertEqual(self.rows(), 2)
        self.type("r<b>")
        self.assertEqual(self.rows(), 1)
        self.type("")
        self.assertEqual(self.rows(), 6)

    def test_a_link_leads_to_the_page_of_the_recording(self):
        b = self.browser
        self.assertEqual(b.run("[...document.querySelectorAll('td a')].map(a => a.textContent)"), ["./r2/20240610/trace &#2.dat"])
        with Browser() as other:
            other.open(self.path)
            other.events.clear()
            other.run("document.querySelector('td a').click()")
            while "Page.loadEventFired" not in other.events:
                other.receive()
            other.settle()
            self.assertRegex(other.run("document.querySelector('h1').innerText"), "^kswapd0 froze")


class Leaks(Tables):
    name, recording, verb, column = "leaks", "tests/fixtures/leaks/amd64-6.1-leak.dat", "leaks", "allocated"

    def test_the_verdict_names_who_leaks_how_fast(self):
        self.assertRegex(self.browser.run("document.querySelector('h1').innerText"), r"cma_\w+\+0x\w+ leaks [\d.]+ .iB a day")

    def test_every_leak_says_why(self):
        self.assertEqual(self.browser.run("[...document.querySelectorAll('section h3')].filter(h => h.textContent === 'Because').length"),
                         self.browser.run("data.sites.filter(s => s.verdict === 'leak' || s.verdict === 'suspect').length"))


class Gfp(Tables):
    name, recording, verb, column = "gfp", "tests/fixtures/allocations/amd64-6.1-spinlock.dat", "gfp", "pages"

    def test_the_verdict_names_the_call(self):
        self.assertRegex(self.browser.run("document.querySelector('h1').innerText"),
                         r"^cma_table_grow\+0x28 calls kmalloc\(GFP_KERNEL\), which may sleep, with preemption off$")


class Reclaim(Tables):
    name, recording, verb, column = "reclaim", "tests/fixtures/recordings/amd64-5.10-zoneskip.dat", "reclaim", "reclaims"

    def test_the_verdict_counts(self):
        self.assertRegex(self.browser.run("document.querySelector('h1').innerText"), r"^[\d,]+ reclaims by tasks, [\d.]+ m?s of their time$")


if __name__ == "__main__":
    if not shutil.which("chromium"):
        print("skipped: no chromium here (samples/install-deps.sh tests installs it)")
        sys.exit(77)
    program, maker, root, directory, case = sys.argv[1:6]
    os.makedirs(directory, exist_ok=True)
    unittest.main(argv=[sys.argv[0], "-v", case])
