// The usage graph: minutes of the last hour, a new point as it comes; the axis moves only when a minute begins.
const root = document.getElementById("graph");
if (root) {
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const probe = document.getElementById("graph-colours");
  const colour = (part) => getComputedStyle(probe.querySelector(`[data-part=${part}]`)).color;
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  let data = JSON.parse(root.dataset.series);
  let plot;
  const draw = () => {
    plot?.destroy();
    const line = colour("line");
    const ink = colour("ink");
    const axis = { stroke: ink, font: "12px system-ui", grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    plot = new uPlot({
      width: root.clientWidth,
      height: 260,
      cursor: { y: false },
      legend: { live: true },
      scales: { y: { range: (u, low, high) => [0, Math.max(5, Math.ceil(high * 1.15))] } },
      axes: [{ ...axis, values: (u, times) => times.map((t) => clock.format(new Date(t * 1000))) }, { ...axis, size: 56, values: (u, values) => values.map((v) => Number.isInteger(v) ? v.toLocaleString() : "") }],
      series: [
        { value: (u, v) => v == null ? "–" : `${clock.format(new Date(v * 1000))} · ${new Date(v * 1000).toISOString().slice(11, 16)} UTC` },
        { label: "Answered", stroke: colour("accent"), width: 2, fill: colour("fill"), points: { show: false } },
        { label: "Failed (4xx, 5xx)", stroke: colour("bad"), width: 2, dash: [6, 4], points: { show: false } },
      ],
    }, data, root);
  };
  draw();
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
  const say = () => root.setAttribute("aria-label", `Calls of the last hour: ${sum(data[1])} answered, ${sum(data[2])} failed`);
  say();
  new ResizeObserver(() => plot.setSize({ width: root.clientWidth, height: 260 })).observe(root);
  document.addEventListener("themechange", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  const live = new EventSource("/usage/live");
  const state = document.getElementById("graph-state");
  live.onmessage = (event) => {
    const next = JSON.parse(event.data);
    data = next.series;
    plot.setData(data);
    say();
    state.textContent = next.complete ? `Live. Complete up to ${seconds.format(new Date(next.complete))}.` : "Live.";
    state.title = next.complete ?? "";
  };
  live.onerror = () => { state.textContent = "The line is cut. It is taken up again by itself."; };
  addEventListener("pagehide", () => live.close());
}
