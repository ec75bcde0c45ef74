import type { MarketSettings } from "../config/hot/config_feed.ts";
import { configOnTheWay, headFor, type Ramp, settledRamp } from "../config/hot/ramp.ts";
import type { MarketConfig } from "../config/registry.ts";

/**
 * The settings of one market from cycle to cycle. New ones are taken at a cycle boundary only; what
 * has to change gradually is on its way from then on; an anchor that an operator set by command
 * stays until another one is configured.
 */
export class SettingsInForce {
  #latest: MarketSettings;
  #ramp: Ramp;
  #config: MarketConfig;
  #commandedAnchorCents: number | null = null;

  constructor(first: MarketSettings) {
    this.#latest = first;
    this.#ramp = settledRamp(first.config);
    this.#config = first.config;
  }

  /** The settings of the present cycle: one frozen object for the whole of it. */
  get config(): MarketConfig {
    return this.#config;
  }

  /** The version of the overrides in it. */
  get version(): number {
    return this.#latest.version;
  }

  /**
   * Takes the newest settings for the cycle that begins.
   * @returns true if they have another anchor price than those before
   */
  take(latest: MarketSettings, nowMs: number): boolean {
    const before = this.#latest.config;
    const isNewAnchor = latest.config.anchorPriceCents !== before.anchorPriceCents;
    if (isNewAnchor) this.#commandedAnchorCents = null;
    if (latest.config !== before) this.#ramp = headFor(this.#ramp, latest.config, nowMs);
    this.#latest = latest;
    this.#config = this.#withAnchor(configOnTheWay(this.#ramp, latest.config, nowMs));
    return isNewAnchor;
  }

  /** Sets the anchor price by command. */
  setAnchor(anchorPriceCents: number): void {
    this.#commandedAnchorCents = anchorPriceCents;
    this.#config = this.#withAnchor(this.#config);
  }

  #withAnchor(config: MarketConfig): MarketConfig {
    const anchorPriceCents = this.#commandedAnchorCents ?? config.anchorPriceCents;
    if (anchorPriceCents === config.anchorPriceCents) return config;
    return Object.freeze({ ...config, anchorPriceCents });
  }
}
