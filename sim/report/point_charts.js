// Draws charts of points with intervals in the browser. Reads the data that stand in the page;
// fetches nothing. A chart is {title, x, y, ticks, series: [{label, line, points}]}, a point
// {x, y, low, high, label}.
(() => {
  const charts = JSON.parse(document.getElementById("data").textContent);

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const hue = (index) => `hsl(${(index * 137.5 + 215) % 360} 65% 50%)`;
  const rounded = (value) =>
    value === null || value === undefined ? "–" : String(+value.toFixed(3));

  /** All series over one list of x values, as uPlot wants them. */
  const columns = ({ series }) => {
    const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))]
      .sort((a, b) => a - b);
    const column = (points) => {
      const at = new Map(points.map((point) => [point.x, point.y]));
      return xs.map((x) => at.get(x) ?? null);
    };
    return [xs, ...series.map(({ points }) => column(points))];
  };

  const drawExtras = (u, { series }) => {
    const { ctx } = u;
    ctx.save();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = "left";
    ctx.lineWidth = devicePixelRatio;
    series.forEach(({ points }, index) => {
      if (!u.series[index + 1].show) return;
      ctx.strokeStyle = hue(index);
      for (const { x, y, low, high, label } of points) {
        const left = u.valToPos(x, "x", true);
        if (low !== undefined && low !== null) {
          ctx.beginPath();
          ctx.moveTo(left, u.valToPos(low, "y", true));
          ctx.lineTo(left, u.valToPos(high, "y", true));
          ctx.stroke();
        }
        if (label === undefined) continue;
        ctx.fillStyle = style("--muted");
        ctx.fillText(
          label,
          left + 6 * devicePixelRatio,
          u.valToPos(y, "y", true) - 6 * devicePixelRatio,
        );
      }
    });
    ctx.restore();
  };

  /** The span of all points and their intervals, with a little room. */
  const span = (values, room) => {
    const known = values.filter((value) => value !== undefined && value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const margin = (high - low || 1) * room;
    return [low - margin, high + margin];
  };

  const axis = (label, more = {}) => ({
    label,
    stroke: style("--muted"),
    grid: { stroke: style("--line"), width: 1 },
    ticks: { show: false },
    ...more,
  });

  const draw = (host) => {
    const chart = charts[Number(host.dataset.chart)];
    const points = chart.series.flatMap((series) => series.points);
    const { ticks } = chart;
    host.replaceChildren();
    if (points.length === 0) return;
    const xRange = ticks ? [-0.5, ticks.length - 0.5] : span(points.map(({ x }) => x), 0.1);
    const yRange = span(points.flatMap(({ y, low, high }) => [y, low, high]), 0.1);
    new uPlot(
      {
        title: chart.title,
        width: host.clientWidth,
        height: 300,
        scales: { x: { time: false, range: () => xRange }, y: { range: () => yRange } },
        axes: [
          ticks
            ? axis(chart.x, { splits: () => ticks.map((_, at) => at), values: () => ticks })
            : axis(chart.x),
          axis(chart.y, { size: 70 }),
        ],
        series: [
          { label: chart.x || "market", value: (_, x) => ticks?.[Math.round(x)] ?? rounded(x) },
          ...chart.series.map(({ label, line }, index) => ({
            label,
            stroke: line ? hue(index) : undefined,
            width: line ? 1.5 : 0,
            spanGaps: true,
            points: { show: true, size: 7, stroke: hue(index), fill: hue(index) },
            value: (_, value) => rounded(value),
          })),
        ],
        hooks: { draw: [(u) => drawExtras(u, chart)] },
      },
      columns(chart),
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
