/**
 * The files of the dashboard, built into the program: the one list of them. They are imported as
 * text, so that a bundle and a compiled program carry them without being told.
 */

import uplotStyle from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import actions from "./browser/actions.js" with { type: "text" };
import api from "./browser/api.js" with { type: "text" };
import audit from "./browser/audit.js" with { type: "text" };
import baseStyle from "./browser/base.css" with { type: "text" };
import charts from "./browser/charts.js" with { type: "text" };
import dialog from "./browser/dialog.js" with { type: "text" };
import dom from "./browser/dom.js" with { type: "text" };
import dryRun from "./browser/dry_run.js" with { type: "text" };
import editText from "./browser/edit_text.js" with { type: "text" };
import edits from "./browser/edits.js" with { type: "text" };
import events from "./browser/events.js" with { type: "text" };
import explain from "./browser/explain.js" with { type: "text" };
import format from "./browser/format.js" with { type: "text" };
import icon from "./browser/icon.svg" with { type: "text" };
import index from "./browser/index.html" with { type: "text" };
import keys from "./browser/keys.js" with { type: "text" };
import ladder from "./browser/ladder.js" with { type: "text" };
import lights from "./browser/lights.js" with { type: "text" };
import main from "./browser/main.js" with { type: "text" };
import marketStyle from "./browser/market.css" with { type: "text" };
import market from "./browser/market.js" with { type: "text" };
import marketTable from "./browser/market_table.js" with { type: "text" };
import model from "./browser/model.js" with { type: "text" };
import orders from "./browser/orders.js" with { type: "text" };
import overview from "./browser/overview.js" with { type: "text" };
import pagesStyle from "./browser/pages.css" with { type: "text" };
import parameters from "./browser/parameters.js" with { type: "text" };
import plot from "./browser/plot.js" with { type: "text" };
import position from "./browser/position.js" with { type: "text" };
import rowView from "./browser/row_view.js" with { type: "text" };
import sentence from "./browser/sentence.js" with { type: "text" };
import settingRow from "./browser/setting_row.js" with { type: "text" };
import shell from "./browser/shell.js" with { type: "text" };
import stream from "./browser/stream.js" with { type: "text" };
import terms from "./browser/terms.js" with { type: "text" };
import totals from "./browser/totals.js" with { type: "text" };

/** The page, with `%NAME%` where something is filled in. */
export const PAGE: string = index;

/** What the page loads, by name below `/assets/`. */
export const ASSETS: Readonly<Record<string, string>> = {
  "uplot.css": uplotStyle,
  "uplot.js": uplotScript,
  "actions.js": actions,
  "api.js": api,
  "audit.js": audit,
  "base.css": baseStyle,
  "charts.js": charts,
  "dialog.js": dialog,
  "dom.js": dom,
  "dry_run.js": dryRun,
  "edit_text.js": editText,
  "edits.js": edits,
  "events.js": events,
  "explain.js": explain,
  "format.js": format,
  "icon.svg": icon,
  "keys.js": keys,
  "ladder.js": ladder,
  "lights.js": lights,
  "main.js": main,
  "market.css": marketStyle,
  "market.js": market,
  "market_table.js": marketTable,
  "model.js": model,
  "orders.js": orders,
  "overview.js": overview,
  "pages.css": pagesStyle,
  "parameters.js": parameters,
  "plot.js": plot,
  "position.js": position,
  "row_view.js": rowView,
  "sentence.js": sentence,
  "setting_row.js": settingRow,
  "shell.js": shell,
  "stream.js": stream,
  "terms.js": terms,
  "totals.js": totals,
};
