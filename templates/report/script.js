"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  const currency = document.body.dataset.currency;
  const drawn = [];

  function write(unit) {
    return (number) => (unit === "money" ? currency : "") + short.format(number).replace("K", "k");
  }

  function draw(theme) {
    for (const chart of drawn.splice(0)) chart.dispose();
    for (const source of document.querySelectorAll("script[data-for]")) {
      const place = document.getElementById(source.dataset.for);
      const option = JSON.parse(source.textContent);
      if (option.yAxis && option.yAxis.type === "value" && option.yAxis.show !== false) {
        option.yAxis.axisLabel = { formatter: write(place.dataset.unit) };
      }
      const chart = echarts.init(place, theme, { renderer: "svg" });
      chart.setOption({ animation: false, backgroundColor: "transparent", ...option });
      drawn.push(chart);
    }
  }

  const now = () => (dark.matches ? "dark" : null);
  draw(now());
  dark.addEventListener("change", () => draw(now()));
  addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((part) => { part.open = true; });
    draw(null);
  });
  addEventListener("afterprint", () => {
    closed.forEach((part) => { part.open = false; });
    draw(now());
  });
})();
