import type { Connector } from "../src/connector/connector.ts";
import {
  InProcessConnector,
  type InProcessConnectorOptions,
} from "./exchange/in_process_connector.ts";
import { httpConnector, type HttpConnectorOptions } from "./http/http_connector.ts";

/**
 * The two ways of a bot to the fake exchange: by calls, or through the live connector and the
 * venue's routes.
 */
export const WIRES = ["in-process", "http"] as const;

/** One of {@link WIRES}. */
export type Wire = typeof WIRES[number];

/** What a way is made of; faults that are wanted are made by the one within the process only. */
export type WireOptions = HttpConnectorOptions & Pick<InProcessConnectorOptions, "intercept">;

/** A connector that reaches the exchange in the given way. */
export function connectorOver(wire: Wire, options: WireOptions): Connector {
  switch (wire) {
    case "in-process":
      return new InProcessConnector({ ...options, timeoutMs: options.global.httpTimeoutMs });
    case "http":
      return httpConnector(options);
  }
}
