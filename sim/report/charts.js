// Draws the charts of the report in the browser. Reads the data that stand in the page; fetches
// nothing.
(() => {
  const markets = JSON.parse(document.getElementById("data").textContent);
  const LEVELS = ["NORMAL", "WIDEN", "ONE_SIDE", "KILL_SWITCH"];

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Hours as `2d 3h`, `4h 30m` or `5m`. */
  const timeLabel = (hours) => {
    const minutes = Math.round(hours * 60);
    const parts = [[Math.floor(minutes / 1440), "d"], [Math.floor(minutes / 60) % 24, "h"], [
      minutes % 60,
      "m",
    ]];
    return parts.filter(([count]) => count > 0).slice(0, 2).map((part) => part.join("")).join(
      " ",
    ) ||
      "0";
  };

  const line = (label, variable, more = {}) => ({
    label,
    stroke: color(variable),
    width: 1.5,
    points: { show: false },
    spanGaps: false,
    ...more,
  });
  const stepped = { paths: uPlot.paths.stepped({ align: 1 }) };
  const cents = { value: (_, value) => value === null ? "–" : `${Math.round(value * 10) / 10} c` };
  const dollars = { value: (_, value) => value === null ? "–" : `${value.toFixed(2)} $` };
  const shares = { value: (_, value) => value === null ? "–" : `${value} shares` };
  const level = { value: (_, value) => value === null ? "–" : LEVELS[value] };

  const charts = {
    prices: {
      title: "Price, cents",
      series: () => [
        line("true", "--true", { dash: [4, 4], ...cents }),
        line("fair", "--fair", cents),
        line("our bid", "--bid", { ...stepped, ...cents }),
        line("our ask", "--ask", { ...stepped, ...cents }),
      ],
    },
    inventory: {
      title: "Inventory, YES − NO shares",
      series: () => [line("net", "--fair", { ...stepped, ...shares, fill: color("--shade") })],
    },
    pnl: {
      title: "P&L, dollars",
      series: () => [
        line("at the true price", "--fair", dollars),
        line("as the bot books it", "--ask", { dash: [4, 4], ...dollars }),
      ],
    },
    level: {
      title: "Defence level",
      series: () => [
        line("level", "--ask", { ...stepped, ...level, fill: color("--shade") }),
        line("pause", "--true", {
          ...stepped,
          value: (_, value) => value === null ? "–" : value > 0 ? "paused" : "no",
        }),
      ],
      height: 140,
      range: [0, 3.2],
      ticks: (_, splits) => splits.map((at) => LEVELS[at] ?? ""),
      splits: [0, 1, 2, 3],
    },
  };

  const axis = (more = {}) => ({
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    ...more,
  });

  const draw = (host) => {
    const { title, series, height = 240, range, ticks, splits } = charts[host.dataset.chart];
    const { hours, columns } = markets[Number(host.dataset.market)];
    host.replaceChildren();
    new uPlot(
      {
        title,
        width: host.clientWidth,
        height,
        cursor: { sync: { key: `market ${host.dataset.market}` } },
        scales: { x: { time: false }, y: range ? { range: () => range } : {} },
        axes: [
          axis({ values: (_, at) => at.map(timeLabel) }),
          axis({
            size: 90,
            ...(ticks ? { values: ticks, splits: () => splits } : {}),
          }),
        ],
        series: [
          { label: "time", value: (_, at) => at === null ? "–" : timeLabel(at) },
          ...series(),
        ],
      },
      [hours, ...columns[host.dataset.chart]],
      host,
    );
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  let pending = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(drawAll);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
})();
