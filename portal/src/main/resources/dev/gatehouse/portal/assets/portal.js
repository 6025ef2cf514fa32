// Times in the reader's zone, copy buttons, light and dark. Every page works without.
const zone = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const full = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short",
});

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// a clock alone says too little of another day
const clock = (at) => (at.toDateString() === new Date().toDateString() ? zone : day).format(at);

function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const at = new Date(time.dateTime);
    time.title = time.title || time.textContent.trim();
    time.textContent = time.dataset.local === "clock" ? clock(at) : full.format(at);
    delete time.dataset.local;
  }
}

function copyButtons(root) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.onclick = async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(source.textContent);
      const before = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = before; }, 1500);
    };
  }
}

function tabs(root) {
  for (const group of root.querySelectorAll("[data-tabs]")) {
    const panels = [...group.querySelectorAll("[data-panel]")];
    const list = group.querySelector("[data-tablist]");
    list.hidden = false;
    list.setAttribute("role", "tablist");
    const show = (chosen) => panels.forEach((panel) => {
      const on = panel === chosen;
      panel.hidden = !on;
      const tab = document.getElementById(panel.getAttribute("aria-labelledby"));
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    });
    panels.forEach((panel, i) => {
      const tab = document.getElementById(panel.getAttribute("aria-labelledby"));
      tab.onclick = () => show(panel);
      tab.onkeydown = (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) {
          const next = panels[(i + step + panels.length) % panels.length];
          show(next);
          document.getElementById(next.getAttribute("aria-labelledby")).focus();
        }
      };
    });
    show(panels[0]);
  }
}

function themes() {
  const buttons = document.querySelectorAll("[data-theme-switch]");
  const dark = () => document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => buttons.forEach((button) => { button.textContent = dark() ? "Light colours" : "Dark colours"; });
  label();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  buttons.forEach((button) => {
    button.hidden = false;
    button.onclick = () => {
      const next = dark() ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      localStorage.setItem("theme", next);
      label();
      document.dispatchEvent(new Event("themechange"));
    };
  });
}

function all(root) {
  localTimes(root);
  copyButtons(root);
}

all(document);
tabs(document);
themes();
document.addEventListener("htmx:afterSettle", (event) => all(event.target));
