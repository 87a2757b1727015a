# A Chromium without a display, with the panel open in it.
import contextlib
import json
import os

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from paneltest import FOLDER
from ptytest import until

WIDE, PHONE = (1440, 900), (390, 844)
OPTIONS = ('--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run',
           '--disable-background-networking', '--disable-component-update', '--disable-default-apps', '--lang=en')


class Page:
    """The panel in a browser: what a reader does, and what they see."""

    def __init__(self, url, size=WIDE, dark=False):
        options = webdriver.ChromeOptions()
        for option in OPTIONS + (f'--window-size={size[0]},{size[1]}', f'--user-data-dir={FOLDER.name}/chromium'):
            options.add_argument(option)
        options.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
        os.environ['HOME'] = FOLDER.name
        self.driver = webdriver.Chrome(service=Service('/usr/bin/chromedriver'), options=options)
        self.look(size, dark)
        if url:
            self.driver.get(url)

    def look(self, size, dark, scale=1):
        self.driver.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
            'width': size[0], 'height': size[1], 'deviceScaleFactor': scale, 'mobile': size is PHONE})
        self.driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {
            'features': [{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}]})

    def js(self, script, *args):
        return self.driver.execute_script(script, *args)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css):
        """What an element says, shown or not."""
        return self.js('return document.querySelector(arguments[0])?.textContent ?? ""', css)

    def sees(self, css, words):
        """Waits until a visible element says that."""
        def there():
            return self.js('''return [...document.querySelectorAll(arguments[0])].some(e =>
                e.checkVisibility() && e.textContent.includes(arguments[1]))''', css, words)
        until(f'"{words}" in {css}', there, every=0.02)

    def live(self):
        self.sees('#link', 'live')
        until('the LED', lambda: self.js('return document.querySelector("#led").dataset.led ?? ""'), every=0.02)

    def tab(self, name):
        self.find(f'#tab-{name}').click()
        until(f'the view {name}', lambda: self.find(f'#tab-{name}').get_attribute('aria-selected') == 'true', every=0.02)

    def open(self, css):
        """Opens a <details>."""
        summary = self.find(f'{css} > summary')
        self.js('arguments[0].scrollIntoView({ block: "center" })', summary)
        summary.click()
        until(f'{css} is open', lambda: self.js('return document.querySelector(arguments[0]).open', css), every=0.02)

    def press(self, css):
        e = self.find(css)
        self.js('arguments[0].scrollIntoView({ block: "center" })', e)
        e.click()

    def type(self, line):
        self.find('#typed').send_keys(line, Keys.ENTER)

    def busy(self):
        """CPU time of the page's main thread, in seconds."""
        metrics = self.driver.execute_cdp_cmd('Performance.getMetrics', {})['metrics']
        return next(m['value'] for m in metrics if m['name'] == 'TaskDuration')

    def complaints(self):
        """What the browser complains of: breaches of the policy, errors of scripts."""
        return [e['message'] for e in self.driver.get_log('browser') if e['level'] in ('SEVERE', 'WARNING')]


@contextlib.contextmanager
def page(url, ends=False, **more):
    """A browser with the panel, which must not complain. With `ends` the emulator ends, and requests to it are refused."""
    p = Page(url, **more)
    try:
        yield p
        bad = [c for c in p.complaints() if not (ends and 'Failed to load resource: net::' in c)]
        assert not bad, bad
    finally:
        p.driver.quit()


def show(value):
    return json.dumps(value, ensure_ascii=False)
